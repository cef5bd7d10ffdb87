import { asNumber, asObject, asObjects, asString, asStrings, type JsonObject } from "../../lib/json.ts";
import { noContent, ok } from "../answers.ts";
import { ApiFault } from "../fault.ts";
import { newResourceServerId, randomText } from "../ids.ts";
import { fieldParameters, listReply, offsetParameters, project } from "../paging.ts";
import type { Route } from "../route.ts";
import { managementAudience, type TenantState } from "../state.ts";
import { createResourceServerSchema, updateResourceServerSchema } from "./resource-server-schema.ts";
import { checkSystemUpdate, systemApi } from "./system-apis.ts";

/** Seconds. */
const DEFAULT_LIFETIME = 86_400;

const listParameters = {
  ...offsetParameters,
  ...fieldParameters,
  identifiers: { type: "array", maxItems: 10, items: { type: "string", minLength: 1 } },
} as const;

/** /resource-servers: the tenant's APIs. An id in the path may also be an API's identifier. */
export const resourceServerRoutes: readonly Route[] = [
  {
    method: "GET",
    pattern: "/resource-servers",
    scopes: ["read:resource_servers"],
    query: listParameters,
    handle(request, state) {
      const { parameters } = request;
      const identifiers = asStrings(parameters["identifiers"]);
      const apis = [...state.resourceServers.values()].filter(
        (api) => identifiers.length === 0 || identifiers.includes(asString(api["identifier"]) ?? ""),
      );
      const show = (api: JsonObject) => project(shown(api, state), parameters);
      const shape = { key: "resource_servers", id: "id", path: "/resource-servers", show };
      return listReply(apis, shape, request, state);
    },
  },
  {
    method: "POST",
    pattern: "/resource-servers",
    scopes: ["create:resource_servers"],
    body: createResourceServerSchema,
    event: "Create a resource server",
    handle: ({ body }, state) => ok(addResourceServer(body, state), 201),
  },
  {
    method: "GET",
    pattern: "/resource-servers/:id",
    scopes: ["read:resource_servers"],
    query: fieldParameters,
    handle({ params, parameters }, state) {
      return ok(project(shown(findResourceServer(params["id"], state), state), parameters));
    },
  },
  {
    method: "PATCH",
    pattern: "/resource-servers/:id",
    scopes: ["update:resource_servers"],
    body: updateResourceServerSchema,
    event: "Update a resource server",
    handle({ params, body }, state) {
      const current = findResourceServer(params["id"], state);
      if (current["is_system"] === true) checkSystemUpdate(body, isManagementApi(current, state));
      checkLifetimes({ token_lifetime: current["token_lifetime"] ?? null, ...body });
      const api = stored({ ...current, ...body });
      state.resourceServers.set(String(api["id"]), api);
      withdrawScopes(api, state);
      return ok(shown(api, state));
    },
  },
  {
    method: "DELETE",
    pattern: "/resource-servers/:id",
    scopes: ["delete:resource_servers"],
    event: "Delete a resource server",
    handle({ params }, state) {
      const api = lookUp(params["id"], state);
      if (api) removeResourceServer(api, state);
      return noContent;
    },
  },
];

/** Creates an API from a valid body of POST /resource-servers. Throws the API's 409 for a known identifier. */
export function addResourceServer(body: JsonObject, state: TenantState): JsonObject {
  const identifier = asString(body["identifier"]) ?? "";
  if (resourceServerByIdentifier(identifier, state)) {
    throw new ApiFault(409, "A resource server with the same identifier already exists.");
  }
  checkLifetimes({ token_lifetime: DEFAULT_LIFETIME, ...body });
  const api = stored({
    id: newResourceServerId(),
    signing_alg: "RS256",
    signing_secret: randomText(32),
    allow_offline_access: false,
    token_lifetime: DEFAULT_LIFETIME,
    token_lifetime_for_web: 7200,
    skip_consent_for_verifiable_first_party_clients: false,
    subject_type_authorization: { client: { policy: "require_client_grant" }, user: { policy: "allow_all" } },
    ...body,
    ...systemApi(identifier, state.origin),
  });
  state.resourceServers.set(String(api["id"]), api);
  return api;
}

/** The API with that audience, if there is one. */
export function resourceServerByIdentifier(identifier: string, state: TenantState): JsonObject | undefined {
  return [...state.resourceServers.values()].find((api) => api["identifier"] === identifier);
}

/** The values of an API's scopes, in its own order. */
export function scopeValues(api: JsonObject): string[] {
  return asObjects(api["scopes"]).flatMap((scope) => asString(scope["value"]) ?? []);
}

function lookUp(id: string | undefined, state: TenantState): JsonObject | undefined {
  return state.resourceServers.get(id ?? "") ?? resourceServerByIdentifier(id ?? "", state);
}

function findResourceServer(id: string | undefined, state: TenantState): JsonObject {
  const api = lookUp(id, state);
  if (!api) throw new ApiFault(404, "The resource server does not exist", "inexistent_resource_server");
  return api;
}

/** Cleared settings are dropped, a scope that is given twice counts once, and no PEM is kept. */
function stored(api: JsonObject): JsonObject {
  const entries = Object.entries(api).filter(([, value]) => value !== null);
  const result: JsonObject = Object.fromEntries(entries);
  if (result["scopes"] !== undefined) {
    const byValue = new Map(asObjects(result["scopes"]).map((scope) => [scope["value"], scope]));
    result["scopes"] = [...byValue.values()];
  }
  const encryption = asObject(result["token_encryption"]);
  if (encryption) {
    const { pem: _pem, ...key } = asObject(encryption["encryption_key"]) ?? {};
    result["token_encryption"] = { ...encryption, encryption_key: key };
  }
  return result;
}

/**
 * Throws when tokens for browsers are given a longer life than the others. The API documents that they must not, not
 * its words. Where only the other lifetime is given nothing is checked: the system's own APIs have such a pair.
 */
function checkLifetimes({ token_lifetime = null, token_lifetime_for_web = null }: JsonObject): void {
  const [all, web] = [asNumber(token_lifetime), asNumber(token_lifetime_for_web)];
  if (all === undefined || web === undefined || web <= all) return;
  throw new ApiFault(400, "token_lifetime_for_web cannot be greater than token_lifetime", "invalid_body");
}

/** An API that an application of type `resource_server` stands for names that application. */
function shown(api: JsonObject, state: TenantState): JsonObject {
  const linked = [...state.clients.values()].find(
    (client) => client["resource_server_identifier"] === api["identifier"],
  );
  return linked ? { ...api, client_id: linked["client_id"] ?? null } : api;
}

function withdrawScopes(api: JsonObject, state: TenantState): void {
  const values = scopeValues(api);
  for (const [id, grant] of state.clientGrants) {
    if (grant["audience"] !== api["identifier"]) continue;
    const scope = asStrings(grant["scope"]).filter((value) => values.includes(value));
    state.clientGrants.set(id, { ...grant, scope });
  }
}

function removeResourceServer(api: JsonObject, state: TenantState): void {
  if (isManagementApi(api, state)) {
    throw new ApiFault(400, "The Management API cannot be deleted", "operation_not_supported");
  }
  state.resourceServers.delete(String(api["id"]));
  for (const [id, grant] of state.clientGrants) {
    if (grant["audience"] === api["identifier"]) state.clientGrants.delete(id);
  }
}

/** Other APIs of the system come and go as the tenant wishes; the Management API is always there. */
function isManagementApi(api: JsonObject, state: TenantState): boolean {
  return api["identifier"] === managementAudience(state.origin);
}
