/** A setting a person can give. Flags, variables, help and the configuration table are derived from this list. */
export interface Option {
  /** Long flag without dashes; absent for settings that must not stand on a command line. */
  readonly flag?: string;
  readonly variable?: string;
  readonly type: "string" | "boolean";
  /** What stands for the value in help, for example `patterns`. */
  readonly placeholder?: string;
  /** What holds when nothing is given, in words. */
  readonly default?: string;
  readonly help: string;
  /** The value is never told, and not handed on to programs that have no business with it. */
  readonly secret?: true;
}

/** One list, so that nothing about an option is said twice. */
export const options = {
  tools: {
    flag: "tools",
    variable: "AUTH0_MCP_TOOLS",
    type: "string",
    placeholder: "patterns",
    default: "*",
    help: "Expose only tools that match these comma-separated globs",
  },
  excludeTools: {
    flag: "exclude-tools",
    variable: "AUTH0_MCP_EXCLUDE_TOOLS",
    type: "string",
    placeholder: "patterns",
    help: "Leave out tools that match these comma-separated globs",
  },
  readOnly: {
    flag: "read-only",
    variable: "AUTH0_MCP_READ_ONLY",
    type: "boolean",
    default: "false",
    help: "Expose only tools that read; wins over every pattern",
  },
  sandbox: {
    flag: "sandbox",
    type: "boolean",
    default: "false",
    help: "Work on an embedded demo tenant; needs no account",
  },
  tenant: {
    flag: "tenant",
    variable: "AUTH0_MCP_TENANT",
    type: "string",
    placeholder: "domain",
    default: "the current tenant",
    help: "Work on this tenant",
  },
  scopes: {
    flag: "scopes",
    type: "string",
    placeholder: "patterns",
    help: "Ask for these scopes: comma-separated names and globs, or none",
  },
  loginDomain: {
    variable: "AUTH0_MCP_LOGIN_DOMAIN",
    type: "string",
    placeholder: "domain",
    default: "auth0.auth0.com",
    help: "Authority that signs people in by device flow",
  },
  loginClientId: {
    variable: "AUTH0_MCP_LOGIN_CLIENT_ID",
    type: "string",
    placeholder: "id",
    default: "2lhnuYMRQ8IpR5hNsOhDFQqrGQUQMRm5",
    help: "Client id for the device flow; the default is Auth0's public one for its MCP server",
  },
  store: {
    variable: "AUTH0_MCP_STORE",
    type: "string",
    placeholder: "keyring|file",
    default: "keyring",
    help: "Where a new sign-in is kept; later commands look where it went",
  },
  loginTenant: {
    flag: "auth0-domain",
    type: "string",
    placeholder: "domain",
    help: "Sign in to this tenant as an application (client credentials)",
  },
  loginApplication: {
    flag: "auth0-client-id",
    type: "string",
    placeholder: "id",
    help: "Client id of the application to sign in as",
  },
  clientSecret: {
    flag: "auth0-client-secret",
    variable: "AUTH0_CLIENT_SECRET",
    type: "string",
    placeholder: "secret",
    help: "Client secret of the application; on a command line others may see it",
    secret: true,
  },
  clientSecretStdin: {
    flag: "auth0-client-secret-stdin",
    type: "boolean",
    help: "Read the client secret from stdin",
  },
  privateKey: {
    flag: "auth0-private-key",
    variable: "AUTH0_CLIENT_PRIVATE_KEY_FILE",
    type: "string",
    placeholder: "file",
    help: "PEM file with the application's private key, for private_key_jwt",
  },
  loginAudience: {
    flag: "audience",
    type: "string",
    placeholder: "url",
    default: "https://<domain>/api/v2/",
    help: "Management API audience, where the domain is a custom one",
  },
  domain: {
    variable: "AUTH0_DOMAIN",
    type: "string",
    placeholder: "domain",
    help: "Tenant domain (host, host:port or URL), together with AUTH0_TOKEN or AUTH0_CLIENT_ID",
  },
  token: {
    variable: "AUTH0_TOKEN",
    type: "string",
    placeholder: "token",
    help: "Management API access token for AUTH0_DOMAIN; nothing is stored",
    secret: true,
  },
  clientId: {
    variable: "AUTH0_CLIENT_ID",
    type: "string",
    placeholder: "id",
    help: "Application for AUTH0_DOMAIN, with its secret or key; nothing is stored",
  },
  audience: {
    variable: "AUTH0_AUDIENCE",
    type: "string",
    placeholder: "url",
    default: "https://<domain>/api/v2/",
    help: "Management API audience for AUTH0_CLIENT_ID",
  },
  analytics: {
    variable: "AUTH0_MCP_ANALYTICS",
    type: "boolean",
    default: "true",
    help: "Set to false to send no anonymous usage events",
  },
  doNotTrack: {
    variable: "DO_NOT_TRACK",
    type: "boolean",
    default: "false",
    help: "Set to 1 to send no anonymous usage events",
  },
  analyticsUrl: {
    variable: "AUTH0_MCP_ANALYTICS_URL",
    type: "string",
    placeholder: "url",
    default: "as the build says; none when built from source",
    help: "Where anonymous usage events are sent; none means nowhere",
  },
  downloadUrl: {
    variable: "AUTH0_MCP_DOWNLOAD_URL",
    type: "string",
    placeholder: "url",
    default: "the releases of this build's repository",
    help: "Folder of one release that upgrade and install.sh take from",
  },
  debug: {
    variable: "DEBUG",
    type: "string",
    placeholder: "auth0-mcp",
    help: "Set to auth0-mcp to follow each step on stderr, without secrets",
  },
} as const satisfies Record<string, Option>;

/** The variables whose values are secrets. */
export const secretVariables: readonly string[] = Object.values<Option>(options).flatMap(
  ({ secret, variable }) => (secret && variable !== undefined ? [variable] : []),
);

/** The variables that describe a tenant and who works on it, for every command that works on one. */
export const tenantVariables: readonly Option[] = [
  options.domain,
  options.token,
  options.clientId,
  { ...options.clientSecret, help: `Client secret for ${options.clientId.variable}` },
  { ...options.privateKey, help: `PEM file with the private key for ${options.clientId.variable}` },
  options.audience,
];

/** These, and every setting that no flag gives. */
export const programVariables: readonly Option[] = [
  ...tenantVariables,
  ...Object.values<Option>(options).filter(
    (option) =>
      option.flag === undefined && option.variable !== undefined && !tenantVariables.includes(option),
  ),
];
