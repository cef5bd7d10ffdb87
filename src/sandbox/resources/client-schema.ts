import { nullable, type Schema } from "../validation.ts";
import { addons } from "./client-addons.ts";
import { credentialList, credentialReferences } from "./client-credential-schema.ts";

const flag = { type: "boolean" } as const satisfies Schema;
const text = { type: "string" } as const satisfies Schema;
const open = { type: "object" } as const satisfies Schema;
const someText = { type: "string", minLength: 1 } as const satisfies Schema;
const seconds = { type: "integer", minimum: 1 } as const satisfies Schema;

function listOf(items: Schema): Schema {
  return { type: "array", items };
}

function oneOf(...values: string[]): Schema {
  return { type: "string", enum: values };
}

/** An object with these members and no others. */
function closed(properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema {
  return { type: "object", properties, required };
}

/** An object that may also have members the API does not describe. */
function loose(properties: Readonly<Record<string, Schema>>): Schema {
  return { type: "object", properties, additionalProperties: true };
}

const appTypes =
  "native spa regular_web non_interactive resource_server express_configuration rms box cloudbees concur dropbox " +
  "mscrm echosign egnyte newrelic office365 salesforce sentry sharepoint slack springcm zendesk zoom sso_integration oag";

const logoutInitiators =
  "rp-logout idp-logout password-changed session-expired session-revoked account-deleted email-identifier-changed " +
  "mfa-phone-unenrolled account-deactivated";

const oidcLogout = loose({
  backchannel_logout_urls: listOf({
    type: "string",
    format: "absolute-https-uri-with-placeholders-or-empty",
  }),
  backchannel_logout_initiators: loose({
    mode: oneOf("custom", "all"),
    selected_initiators: listOf(oneOf(...logoutInitiators.split(" "))),
  }),
  backchannel_logout_session_metadata: nullable(loose({ include: flag })),
});

const sessionTransfer = closed({
  can_create_session_transfer_token: flag,
  enforce_cascade_revocation: flag,
  allowed_authentication_methods: nullable(listOf(oneOf("cookie", "query"))),
  enforce_device_binding: oneOf("ip", "asn", "none"),
  allow_refresh_token: flag,
  enforce_online_refresh_tokens: flag,
  delegation: nullable(closed({ allow_delegated_access: flag, enforce_device_binding: oneOf("ip", "asn") })),
});

const refreshToken = closed(
  {
    rotation_type: oneOf("rotating", "non-rotating"),
    expiration_type: oneOf("expiring", "non-expiring"),
    leeway: { type: "integer", minimum: 0 },
    token_lifetime: { ...seconds, maximum: 157_788_000 },
    infinite_token_lifetime: flag,
    idle_token_lifetime: seconds,
    infinite_idle_token_lifetime: flag,
    policies: nullable({
      type: "array",
      minItems: 1,
      items: closed(
        {
          audience: { type: "string", minLength: 1, maxLength: 600 },
          scope: listOf({ type: "string", minLength: 1, maxLength: 280 }),
        },
        ["audience", "scope"],
      ),
    }),
  },
  ["rotation_type", "expiration_type"],
);

const expressConfiguration = closed(
  {
    initiate_login_uri_template: text,
    user_attribute_profile_id: text,
    connection_profile_id: text,
    enable_client: flag,
    enable_organization: flag,
    linked_clients: listOf(closed({ client_id: { type: "string", format: "client-id" } }, ["client_id"])),
    okta_oin_client_id: { type: "string", format: "client-id" },
    admin_login_domain: someText,
    oin_submission_id: { type: "string", minLength: 1, maxLength: 200 },
  },
  [
    "initiate_login_uri_template",
    "user_attribute_profile_id",
    "connection_profile_id",
    "enable_client",
    "enable_organization",
    "okta_oin_client_id",
    "admin_login_domain",
  ],
);

const myOrganization = closed(
  {
    connection_profile_id: text,
    user_attribute_profile_id: text,
    allowed_strategies: listOf(oneOf("pingfederate", "adfs", "waad", "google-apps", "okta", "oidc", "samlp")),
    connection_deletion_behavior: oneOf("allow", "allow_if_empty"),
    invitation_landing_client_id: { type: "string", format: "client-id" },
  },
  ["allowed_strategies", "connection_deletion_behavior"],
);

const quota = { type: "integer", minimum: 1, maximum: 2_147_483_647 } as const satisfies Schema;

/** Settings that a PATCH may clear with `null`. */
const clearable = {
  session_transfer: sessionTransfer,
  encryption_key: loose({ pub: text, cert: text, subject: text }),
  cross_origin_loc: { type: "string", format: "url" },
  token_endpoint_auth_method: oneOf("none", "client_secret_post", "client_secret_basic"),
  token_quota: closed(
    {
      client_credentials: { ...closed({ enforce: flag, per_day: quota, per_hour: quota }), minProperties: 1 },
    },
    ["client_credentials"],
  ),
  native_social_login: {
    ...closed({
      apple: nullable({ ...closed({ enabled: flag }), minProperties: 1 }),
      facebook: nullable({ ...closed({ enabled: flag }), minProperties: 1 }),
      google: nullable({ ...closed({ enabled: flag }), minProperties: 1 }),
    }),
    minProperties: 1,
  },
  fedcm_login: {
    ...closed({ google: nullable({ ...closed({ is_enabled: flag }), minProperties: 1 }) }),
    minProperties: 1,
  },
  refresh_token: refreshToken,
  default_organization: closed(
    {
      organization_id: { type: "string", format: "organization-id" },
      flows: listOf(oneOf("client_credentials")),
    },
    ["organization_id", "flows"],
  ),
  organization_usage: oneOf("deny", "allow", "require"),
  organization_require_behavior: oneOf("no_prompt", "pre_login_prompt", "post_login_prompt"),
  organization_discovery_methods: { type: "array", minItems: 1, items: oneOf("email", "organization_name") },
  compliance_level: oneOf(
    "none",
    "fapi1_adv_pkj_par",
    "fapi1_adv_mtls_par",
    "fapi2_sp_pkj_mtls",
    "fapi2_sp_mtls_mtls",
  ),
  skip_non_verifiable_callback_uri_confirmation_prompt: flag,
  token_exchange: closed({
    allow_any_profile_of_type: listOf(oneOf("custom_authentication", "on_behalf_of_token_exchange")),
  }),
  par_request_expiry: { type: "integer", minimum: 10, maximum: 600 },
  express_configuration: expressConfiguration,
  my_organization_configuration: myOrganization,
  async_approval_notification_channels: {
    type: "array",
    minItems: 1,
    items: oneOf("guardian-push", "email"),
  },
} as const satisfies Record<string, Schema>;

/** What `null` clears at creation, too. */
const clearableAtCreation = [
  "session_transfer",
  "encryption_key",
  "refresh_token",
  "default_organization",
  "compliance_level",
  "par_request_expiry",
] as const;

const settings: Readonly<Record<string, Schema>> = {
  name: {
    type: "string",
    pattern: /^[^<>]+$/,
    description: "At least one character, none of them '<' or '>'",
  },
  description: { type: "string", maxLength: 140, description: "At most 140 characters" },
  client_secret: someText,
  logo_uri: { type: "string", format: "absolute-uri-or-empty" },
  callbacks: listOf({ type: "string", format: "callback-url" }),
  oidc_logout: oidcLogout,
  oidc_backchannel_logout: oidcLogout,
  allowed_origins: listOf({ type: "string", format: "url-with-placeholders" }),
  web_origins: listOf({ type: "string", format: "url-with-placeholders" }),
  client_aliases: listOf(someText),
  allowed_clients: listOf(someText),
  allowed_logout_urls: listOf({ type: "string", format: "url-with-placeholders" }),
  grant_types: listOf(someText),
  is_token_endpoint_ip_header_trusted: flag,
  app_type: oneOf(...appTypes.split(" ")),
  is_first_party: flag,
  oidc_conformant: flag,
  jwt_configuration: loose({
    lifetime_in_seconds: { type: "integer" },
    secret_encoded: flag,
    scopes: open,
    alg: oneOf("HS256", "RS256", "RS512", "PS256"),
  }),
  sso: flag,
  cross_origin_authentication: flag,
  sso_disabled: flag,
  custom_login_page_on: flag,
  custom_login_page: text,
  custom_login_page_preview: text,
  form_template: text,
  addons,
  client_metadata: {
    type: "object",
    maxProperties: 10,
    additionalProperties: { type: ["string", "null"], maxLength: 255 },
    description: "Strings of at most 255 characters under at most 10 keys",
  },
  mobile: loose({
    android: loose({
      app_package_name: text,
      sha256_cert_fingerprints: { ...listOf(someText), minItems: 1 },
    }),
    ios: loose({ team_id: text, app_bundle_identifier: text }),
  }),
  initiate_login_uri: { type: "string", format: "absolute-https-uri-with-placeholders-or-empty" },
  require_pushed_authorization_requests: flag,
  require_proof_of_possession: flag,
  third_party_security_mode: oneOf("strict", "permissive"),
  redirection_policy: oneOf("allow_always", "open_redirect_protection"),
};

/** Body of POST /clients. */
export const createClientSchema: Schema = {
  ...closed(
    {
      ...settings,
      ...clearable,
      ...Object.fromEntries(clearableAtCreation.map((name) => [name, nullable(clearable[name])])),
      // A creation takes no empty page; an update clears one.
      custom_login_page: someText,
      custom_login_page_preview: someText,
      form_template: someText,
      resource_server_identifier: { type: "string", minLength: 1, maxLength: 600 },
      client_authentication_methods: credentialList("methods"),
      signed_request_object: credentialList("requests"),
      token_vault_privileged_access: credentialList("vault"),
    },
    ["name"],
  ),
};

/** Body of PATCH /clients/{id}. */
export const updateClientSchema: Schema = {
  ...closed({
    ...settings,
    ...Object.fromEntries(Object.entries(clearable).map(([name, schema]) => [name, nullable(schema)])),
    client_authentication_methods: nullable(credentialReferences("methods")),
    signed_request_object: credentialReferences("requests"),
    token_vault_privileged_access: credentialReferences("vault"),
  }),
  minProperties: 1,
};
