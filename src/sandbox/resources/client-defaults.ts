import { asObject, asObjects, asString, isObject, type Json, type JsonObject } from "../../lib/json.ts";
import { type ClientCredential, newCredential } from "../credentials.ts";
import { newClientId, newClientSecret } from "../ids.ts";
import type { TenantState } from "../state.ts";

const credentialHolders = ["signed_request_object", "token_vault_privileged_access"];
const publicTypes = new Set(["native", "spa"]);

/** What differs from the general defaults when a type of application is created. */
const typeDefaults: Readonly<Record<string, JsonObject>> = {
  native: { token_endpoint_auth_method: "none" },
  spa: { token_endpoint_auth_method: "none" },
  resource_server: {
    oidc_conformant: true,
    jwt_configuration: { secret_encoded: false, alg: "RS256" },
    grant_types: [],
  },
  express_configuration: {
    oidc_conformant: true,
    callbacks: ["https://system-admin.okta.com/admin/app/generic/oauth20redirect"],
    jwt_configuration: { secret_encoded: false, alg: "RS256" },
    grant_types: ["authorization_code", "client_credentials"],
    organization_usage: "require",
    organization_require_behavior: "pre_login_prompt",
    client_authentication_methods: { private_key_jwt: { credentials: [] } },
    async_approval_notification_channels: ["guardian-push"],
  },
};

interface NewClient {
  readonly client: JsonObject;
  readonly credentials: readonly ClientCredential[];
}

/**
 * A new client with everything the API fills in, and its credentials, of which nothing is kept yet. `settings` is a valid
 * body of POST /clients.
 */
export function newClient(settings: JsonObject, state: TenantState): NewClient {
  const credentials: ClientCredential[] = [];
  const given = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== null));
  const clientId = newClientId();
  const ofType = typeDefaults[asString(given["app_type"]) ?? ""] ?? {};
  const client: JsonObject = {
    tenant: tenantName(state),
    global: false,
    client_id: clientId,
    client_secret: newClientSecret(),
    callback_url_template: false,
    is_first_party: true,
    is_token_endpoint_ip_header_trusted: false,
    oidc_conformant: false,
    sso_disabled: false,
    cross_origin_authentication: false,
    custom_login_page_on: true,
    jwt_configuration: { lifetime_in_seconds: 36_000, secret_encoded: false },
    grant_types: defaultGrantTypes(given),
    signing_keys: [...state.signingKeys],
    ...ofType,
    ...given,
    refresh_token: withRefreshDefaults(asObject(given["refresh_token"]) ?? {}),
    ...withJwtDefaults(given["jwt_configuration"], false),
    ...withCredentials(given, (description, property) => {
      const credential = newCredential(description, clientId, property, state.clock.now());
      credentials.push(credential);
      return credential.shown;
    }),
    ...logoutPair(given),
  };
  if (given["client_authentication_methods"] && given["token_endpoint_auth_method"] === undefined) {
    delete client["token_endpoint_auth_method"];
  }
  const metadata = asObject(given["client_metadata"]);
  if (metadata) client["client_metadata"] = mergeMetadata({}, metadata);
  return { client, credentials };
}

/** The lifetimes a client shows although nobody set them. */
export function withRefreshDefaults(given: JsonObject): JsonObject {
  const endless = (given["expiration_type"] ?? "non-expiring") === "non-expiring";
  return {
    rotation_type: "non-rotating",
    expiration_type: "non-expiring",
    leeway: 0,
    token_lifetime: 2_592_000,
    infinite_token_lifetime: endless,
    infinite_idle_token_lifetime: endless,
    idle_token_lifetime: 1_296_000,
    ...given,
  };
}

/** `jwt_configuration` is replaced as a whole, except that `secret_encoded` never goes missing. */
export function withJwtDefaults(given: Json | undefined, secretEncoded: boolean): JsonObject {
  return isObject(given) ? { jwt_configuration: { secret_encoded: secretEncoded, ...given } } : {};
}

/** Metadata keys are merged one by one; `null` and the empty text remove a key. */
export function mergeMetadata(current: JsonObject, changes: JsonObject): JsonObject {
  const entries = Object.entries({ ...current, ...changes });
  return Object.fromEntries(entries.filter(([, value]) => value !== null && value !== ""));
}

/** The two names of back-channel logout always show the same addresses. */
export function logoutPair(given: JsonObject): JsonObject {
  const logout = asObject(given["oidc_logout"]) ?? asObject(given["oidc_backchannel_logout"]);
  if (!logout) return {};
  const { backchannel_logout_urls: urls } = logout;
  return {
    oidc_logout: logout,
    oidc_backchannel_logout: urls === undefined ? {} : { backchannel_logout_urls: urls },
  };
}

function defaultGrantTypes(given: JsonObject): string[] {
  const type = asString(given["app_type"]) ?? "";
  const method = given["token_endpoint_auth_method"] ?? (publicTypes.has(type) ? "none" : undefined);
  const open = ["authorization_code", "implicit", "refresh_token"];
  return method === "none" ? open : [...open, "client_credentials"];
}

/** Credentials get an id, a key id and dates; their PEM goes in and never comes out. */
function withCredentials(
  given: JsonObject,
  register: (description: JsonObject, property: string) => JsonObject,
): JsonObject {
  const registered = (holder: Json | undefined, property: string): JsonObject => ({
    ...asObject(holder),
    credentials: asObjects(asObject(holder)?.["credentials"]).map((description, index) =>
      register(description, `${property}.credentials[${index}]`),
    ),
  });
  const methods = asObject(given["client_authentication_methods"]);
  const result: JsonObject = {};
  if (methods) {
    result["client_authentication_methods"] = Object.fromEntries(
      Object.entries(methods).map(([name, method]) => [
        name,
        registered(method, `client_authentication_methods.${name}`),
      ]),
    );
  }
  for (const name of credentialHolders) {
    if (given[name] !== undefined) result[name] = registered(given[name], name);
  }
  return result;
}

/** The client as it is kept: of its credentials only the ids, as every later answer shows them. */
export function withCredentialIds(client: JsonObject): JsonObject {
  return withHeldCredentials(client, (credentials) => credentials.map(({ id = null }) => ({ id })));
}

/** The client when one of its credentials is gone, wherever it used it. */
export function withoutCredential(client: JsonObject, id: string): JsonObject {
  return withHeldCredentials(client, (credentials) => credentials.filter((item) => item["id"] !== id));
}

function withHeldCredentials(
  client: JsonObject,
  change: (credentials: readonly JsonObject[]) => JsonObject[],
): JsonObject {
  const changed = (holder: Json | undefined): JsonObject => ({
    ...asObject(holder),
    credentials: change(asObjects(asObject(holder)?.["credentials"])),
  });
  const kept = { ...client };
  const methods = asObject(client["client_authentication_methods"]);
  if (methods) {
    kept["client_authentication_methods"] = Object.fromEntries(
      Object.entries(methods).map(([name, method]) => [name, changed(method)]),
    );
  }
  for (const name of credentialHolders) if (client[name] !== undefined) kept[name] = changed(client[name]);
  return kept;
}

function tenantName(state: TenantState): string {
  return state.domain.split(":")[0] ?? state.domain;
}
