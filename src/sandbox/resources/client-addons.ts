import { nullable, type Schema, type TypeName } from "../validation.ts";

interface Types {
  readonly string?: string;
  readonly integer?: string;
  readonly boolean?: string;
}

/** Members of the add-ons by their types; one that is not named here may be there as well. */
const typed: Readonly<Record<string, Types>> = {
  aws: { string: "principal role" },
  azure_blob: {
    string: "signedIdentifier",
    boolean:
      "blob_read blob_write blob_delete container_read container_write container_delete container_list",
  },
  azure_sb: { string: "namespace sasKeyName sasKey entityPath", integer: "expiration" },
  rms: {},
  mscrm: {},
  slack: { string: "team" },
  sentry: { string: "org_slug base_url" },
  box: {},
  cloudbees: {},
  concur: {},
  dropbox: {},
  echosign: { string: "domain" },
  egnyte: { string: "domain" },
  firebase: { string: "secret private_key_id private_key client_email", integer: "lifetime_in_seconds" },
  newrelic: { string: "account" },
  office365: { string: "domain connection" },
  salesforce: {},
  salesforce_api: { string: "clientid principal communityName community_url_section" },
  salesforce_sandbox_api: { string: "clientid principal communityName community_url_section" },
  samlp: {
    string:
      "audience recipient signatureAlgorithm digestAlgorithm issuer destination nameIdentifierFormat authnContextClassRef",
    integer: "lifetimeInSeconds",
    boolean: "createUpnClaim mapUnknownClaimsAsIs passthroughClaimsWithNoMapping mapIdentities signResponse",
  },
  layer: { string: "providerId keyId privateKey principal" },
  sap_api: { string: "clientid usernameAttribute scope servicePassword nameIdentifierFormat" },
  sharepoint: { string: "url" },
  springcm: { string: "acsurl" },
  wams: { string: "masterkey" },
  wsfed: {},
  zendesk: { string: "accountName" },
  zoom: { string: "account" },
  sso_integration: { string: "name version" },
};

const url = { type: "string", format: "url" } as const satisfies Schema;
const natural = { type: "integer", minimum: 0 } as const satisfies Schema;

/** Members of which more than the type is said. */
const exact: Readonly<Record<string, Readonly<Record<string, Schema>>>> = {
  aws: { lifetime_in_seconds: { type: "integer", minimum: 900, maximum: 43_200 } },
  azure_blob: {
    accountName: { type: "string", pattern: /^([a-z0-9]){3,24}$/ },
    storageAccessKey: { type: "string", pattern: /^([A-Za-z0-9+/]){86}==$/ },
    containerName: { type: "string", pattern: /^([a-z0-9]){1}([a-z0-9-]){2,62}$/ },
    blobName: { type: "string", pattern: /^(.){1,1024}$/ },
    expiration: natural,
  },
  rms: { url },
  mscrm: { url },
  salesforce: { entity_id: url },
  samlp: {
    mappings: { type: "object" },
    nameIdentifierProbes: { type: "array", items: { type: "string", minLength: 1 } },
  },
  layer: { expiration: natural },
  sap_api: { tokenEndpointUrl: url },
  sharepoint: { external_url: { type: ["array", "string"], items: { type: "string" } } },
};

const required: Readonly<Record<string, readonly string[]>> = {
  rms: ["url"],
  mscrm: ["url"],
  slack: ["team"],
  layer: ["providerId", "keyId", "privateKey"],
};

/** `addons` of an application: of the add-ons that there are, each with its settings. */
export const addons: Schema = {
  type: "object",
  properties: {
    ...Object.fromEntries(Object.entries(typed).map(([name, types]) => [name, addon(name, types)])),
    oag: nullable({ type: "object", properties: {} }),
  },
};

function addon(name: string, types: Types): Schema {
  return nullable({
    type: "object",
    additionalProperties: true,
    required: required[name] ?? [],
    properties: {
      ...membersOf("string", types.string),
      ...membersOf("integer", types.integer),
      ...membersOf("boolean", types.boolean),
      ...exact[name],
    },
  });
}

function membersOf(type: TypeName, names = ""): Record<string, Schema> {
  const list = names === "" ? [] : names.split(" ");
  return Object.fromEntries(list.map((name) => [name, { type }]));
}
