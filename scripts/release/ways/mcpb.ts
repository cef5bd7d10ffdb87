import { options } from "../../../src/config/options.ts";
import { PRODUCT } from "../../../src/config/product.ts";
import { registry } from "../../../src/tools/registry.ts";
import { AUTHORS, DESCRIPTION, LICENSE, type ReleaseFacts } from "../release-facts.ts";
import type { Target } from "../targets.ts";

const LONG_DESCRIPTION = [
  `It works on the tenant that somebody has signed in to on this machine, with \`${PRODUCT} login\` in a terminal;`,
  "where the program is not installed there, the log of the server names the command to type.",
  "Or give it a machine-to-machine application that is authorized for the Management API:",
  "the domain of its tenant, its client ID and its client secret.",
  "It only reads, unless you turn that off.",
].join(" ");

/** Clients that take bundles run on these; a bundle cannot tell one C library from the other. */
export function hasBundle({ libc }: Target): boolean {
  return libc !== "musl";
}

export function bundleName({ name }: Target): string {
  return `${PRODUCT}-${name}.mcpb`;
}

/** The manifest of an MCP bundle, version 0.4, whose program stands at `server/`. */
export function bundleManifest({ source, repository }: ReleaseFacts, target: Target): object {
  const program = `server/${target.executable}`;
  return {
    manifest_version: "0.4",
    name: PRODUCT,
    display_name: "Auth0",
    version: source.version,
    description: DESCRIPTION,
    long_description: LONG_DESCRIPTION,
    author: { name: AUTHORS },
    ...(repository === undefined
      ? {}
      : {
          repository: { type: "git", url: `${repository}.git` },
          homepage: repository,
          support: `${repository}/issues`,
        }),
    license: LICENSE,
    keywords: ["auth0", "identity", "mcp"],
    server: {
      type: "binary",
      entry_point: program,
      mcp_config: {
        command: `\${__dirname}/${program}`,
        args: ["run"],
        env: {
          [options.readOnly.variable]: setting("read_only"),
          [options.tools.variable]: setting("tools"),
          [options.tenant.variable]: setting("tenant"),
          [options.domain.variable]: setting("domain"),
          [options.clientId.variable]: setting("client_id"),
          [options.clientSecret.variable]: setting("client_secret"),
        },
      },
    },
    tools: registry.map(({ name, title }) => ({ name, description: title })),
    compatibility: { platforms: [target.platform] },
    user_config: {
      read_only: {
        type: "boolean",
        title: "Reading only",
        description: options.readOnly.help,
        required: false,
        default: true,
      },
      tools: {
        type: "string",
        title: "Tools",
        description: options.tools.help,
        required: false,
        default: options.tools.default,
      },
      tenant: {
        type: "string",
        title: "Tenant",
        description: `${options.tenant.help}; ${options.tenant.default} by default`,
        required: false,
        default: "",
      },
      domain: {
        type: "string",
        title: "Domain, to sign in as an application",
        description: "Tenant of a machine-to-machine application; leave it empty if you have signed in",
        required: false,
        default: "",
      },
      client_id: {
        type: "string",
        title: "Client ID of the application",
        description: "Goes with the domain",
        required: false,
        default: "",
      },
      client_secret: {
        type: "string",
        title: "Client secret of the application",
        description: "Goes with the domain; the client keeps it",
        required: false,
        sensitive: true,
        default: "",
      },
    },
  };
}

function setting(name: string): string {
  return `\${user_config.${name}}`;
}
