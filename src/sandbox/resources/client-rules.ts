import { asObject, asObjects, asString, asStrings, type JsonObject } from "../../lib/json.ts";
import { requireAnyScope } from "../authenticate.ts";
import { ApiFault } from "../fault.ts";
import type { Caller } from "../route.ts";
import type { TenantState } from "../state.ts";
import { checkBody } from "../validation.ts";
import { updateClientSchema } from "./client-schema.ts";

const grantTypes = new Set([
  "authorization_code",
  "implicit",
  "refresh_token",
  "client_credentials",
  "password",
  "http://auth0.com/oauth/grant-type/password-realm",
  "http://auth0.com/oauth/grant-type/mfa-oob",
  "http://auth0.com/oauth/grant-type/mfa-otp",
  "http://auth0.com/oauth/grant-type/mfa-recovery-code",
  "http://auth0.com/oauth/grant-type/passwordless/otp",
  "urn:ietf:params:oauth:grant-type:device_code",
  "urn:ietf:params:oauth:grant-type:jwt-bearer",
  "urn:ietf:params:oauth:grant-type:saml2-bearer",
  "urn:ietf:params:oauth:grant-type:token-exchange",
  "urn:openid:params:grant-type:ciba",
  "urn:auth0:params:oauth:grant-type:token-exchange:federated-connection-access-token",
]);

const keyFields = ["client_secret", "encryption_key"];
const credentialFields = ["client_authentication_methods"];

/** Throws a 403 when the caller may not write one of the fields, whatever else it may do with clients. */
export function checkWriteScopes(caller: Caller, body: JsonObject, verb: "create" | "update"): void {
  for (const name of Object.keys(body)) {
    if (credentialFields.includes(name)) requireAnyScope(caller, [`${verb}:client_credentials`]);
    else if (verb === "create") continue;
    else if (keyFields.includes(name)) requireAnyScope(caller, ["update:client_keys"]);
    else if (name === "token_vault_privileged_access") {
      requireAnyScope(caller, ["update:clients", "update:client_token_vault_privileged_access"]);
    } else requireAnyScope(caller, ["update:clients", "update:client_keys"]);
  }
}

/** Throws when an update holds what the API has not let be changed since 2016, though its document lists it. */
export function checkUpdate(body: JsonObject): void {
  if (asObject(body["jwt_configuration"])?.["secret_encoded"] === undefined) return;
  throw invalid(
    "Payload validation error: 'Additional properties not allowed: secret_encoded' on property jwt_configuration.",
  );
}

/** Throws when settings contradict each other, or the rest of the tenant. `client` is what would be stored. */
export function checkClient(client: JsonObject, body: JsonObject, state: TenantState): void {
  const methods = asObject(client["client_authentication_methods"]);
  if (methods && asString(client["token_endpoint_auth_method"]) !== undefined) {
    throw invalid("client_authentication_methods and token_endpoint_auth_method are mutually exclusive");
  }
  const alg = asString(asObject(client["jwt_configuration"])?.["alg"]) ?? "HS256";
  if (methods?.["private_key_jwt"] && alg === "HS256") {
    throw invalid("client_authentication_methods requires jwt_configuration.alg to be RS256");
  }
  checkGrantTypes(client);
  const usesOrganizations =
    client["organization_usage"] !== undefined || client["organization_require_behavior"] !== undefined;
  if (client["is_first_party"] === false && usesOrganizations) {
    throw invalid("organization_usage and organization_require_behavior are for first party clients only");
  }
  if (client["organization_require_behavior"] === "post_login_prompt" && client["oidc_conformant"] !== true) {
    throw invalid("organization_require_behavior 'post_login_prompt' requires oidc_conformant");
  }
  const { client_metadata: schema } = updateClientSchema.properties ?? {};
  if (schema && client["client_metadata"] !== undefined) {
    checkBody(
      { type: "object", properties: { client_metadata: schema } },
      { client_metadata: client["client_metadata"] },
    );
  }
  checkAliases(client, body, state);
  checkLinkedApi(client, body, state);
}

/** Throws when an update refers to a credential that the client does not have. */
export function checkCredentialReferences(clientId: string, body: JsonObject, state: TenantState): void {
  for (const id of credentialIds(body)) {
    if (state.credentials.get(id)?.clientId !== clientId) throw inexistentCredential();
  }
}

export function inexistentCredential(): ApiFault {
  return new ApiFault(404, "The credential does not exist", "inexistent_credential");
}

/** The credentials that a client uses, wherever it uses them. */
export function credentialIds(client: JsonObject): string[] {
  const methods = Object.values(asObject(client["client_authentication_methods"]) ?? {});
  return [...methods, client["signed_request_object"], client["token_vault_privileged_access"]]
    .flatMap((holder) => asObjects(asObject(holder)?.["credentials"]))
    .flatMap((credential) => asString(credential["id"]) ?? []);
}

function checkGrantTypes(client: JsonObject): void {
  const isPublic = client["token_endpoint_auth_method"] === "none";
  const wrong = asStrings(client["grant_types"]).filter(
    (grant) => !grantTypes.has(grant) || (isPublic && grant === "client_credentials"),
  );
  if (wrong.length > 0) throw invalid(`Invalid grant types: ${wrong.join(", ")}`);
}

function checkAliases(client: JsonObject, body: JsonObject, state: TenantState): void {
  const aliases = asStrings(body["client_aliases"]);
  for (const other of state.clients.values()) {
    if (other["client_id"] === client["client_id"]) continue;
    if (asStrings(other["client_aliases"]).some((alias) => aliases.includes(alias))) {
      throw new ApiFault(409, "Another client exists with the same alias");
    }
  }
}

function checkLinkedApi(client: JsonObject, body: JsonObject, state: TenantState): void {
  const identifier = asString(body["resource_server_identifier"]);
  if (identifier === undefined) return;
  if (client["app_type"] !== "resource_server") {
    throw invalid("resource_server_identifier requires app_type 'resource_server'");
  }
  if (![...state.resourceServers.values()].some((api) => api["identifier"] === identifier)) {
    throw new ApiFault(404, "The resource server does not exist", "inexistent_resource_server");
  }
}

function invalid(message: string): ApiFault {
  return new ApiFault(400, message, "invalid_body");
}
