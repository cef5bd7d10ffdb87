import { asObject, asString, type JsonObject } from "../../lib/json.ts";
import { noContent, ok } from "../answers.ts";
import { ApiFault } from "../fault.ts";
import { newClientSecret } from "../ids.ts";
import { checkpointParameters, fieldParameters, listReply, offsetParameters, project } from "../paging.ts";
import type { Route, SandboxAnswer, SandboxRequest } from "../route.ts";
import type { TenantState } from "../state.ts";
import {
  logoutPair,
  mergeMetadata,
  newClient,
  withCredentialIds,
  withJwtDefaults,
  withRefreshDefaults,
} from "./client-defaults.ts";
import { checkClient, checkCredentialReferences, checkUpdate, checkWriteScopes } from "./client-rules.ts";
import { createClientSchema, updateClientSchema } from "./client-schema.ts";
import { visibleClient, writtenClient } from "./client-views.ts";

const readScopes = ["read:clients", "read:client_keys", "read:client_credentials", "read:client_summary"];

const listParameters = {
  ...offsetParameters,
  per_page: { ...offsetParameters.per_page, minimum: 0 },
  ...checkpointParameters,
  ...fieldParameters,
  is_global: { type: "boolean" },
  is_first_party: { type: "boolean" },
  app_type: { type: "string" },
  external_client_id: { type: "string", minLength: 1, maxLength: 120 },
  q: { type: "string" },
} as const;

const equalFilters = [
  ["is_global", "global"],
  ["is_first_party", "is_first_party"],
  ["external_client_id", "external_client_id"],
] as const;

/** /clients: the tenant's applications. */
export const clientRoutes: readonly Route[] = [
  { method: "GET", pattern: "/clients", scopes: readScopes, query: listParameters, handle: listClients },
  {
    method: "POST",
    pattern: "/clients",
    scopes: ["create:clients"],
    body: createClientSchema,
    event: "Create a client",
    handle({ body, caller }, state) {
      checkWriteScopes(caller, body, "create");
      return ok(addClient(body, state), 201);
    },
  },
  {
    method: "GET",
    pattern: "/clients/:id",
    scopes: readScopes,
    query: fieldParameters,
    handle({ params, parameters, caller }, state) {
      return ok(chosenFields(visibleClient(findClient(params["id"], state), caller), parameters));
    },
  },
  {
    method: "PATCH",
    pattern: "/clients/:id",
    scopes: [
      "update:clients",
      "update:client_keys",
      "update:client_credentials",
      "update:client_token_vault_privileged_access",
    ],
    body: updateClientSchema,
    event: "Update a client",
    handle({ params, body, caller }, state) {
      checkWriteScopes(caller, body, "update");
      checkUpdate(body);
      const current = findClient(params["id"], state);
      checkCredentialReferences(String(current["client_id"]), body, state);
      const client = changedClient(current, body);
      checkClient(client, body, state);
      state.clients.set(String(client["client_id"]), client);
      return ok(writtenClient(client, caller));
    },
  },
  {
    method: "DELETE",
    pattern: "/clients/:id",
    scopes: ["delete:clients"],
    event: "Delete a client",
    handle({ params }, state) {
      removeClient(params["id"] ?? "", state);
      return noContent;
    },
  },
  {
    method: "POST",
    pattern: "/clients/:id/rotate-secret",
    scopes: ["update:client_keys"],
    event: "Rotate a client secret",
    handle({ params }, state) {
      const current = findClient(params["id"], state);
      if (asObject(current["client_authentication_methods"])?.["private_key_jwt"]) {
        throw new ApiFault(
          400,
          "Clients with private_key_jwt have no secret to rotate",
          "operation_not_supported",
        );
      }
      const client: JsonObject = { ...current, client_secret: newClientSecret() };
      state.clients.set(String(client["client_id"]), client);
      return ok(client);
    },
  },
];

/** Creates a client from a valid body of POST /clients and returns it with its secrets. */
export function addClient(body: JsonObject, state: TenantState): JsonObject {
  const { client, credentials } = newClient(body, state);
  checkClient(client, body, state);
  for (const credential of credentials) state.credentials.set(String(credential.shown["id"]), credential);
  state.clients.set(String(client["client_id"]), withCredentialIds(client));
  return client;
}

/** The client of that id. Throws the API's 404. */
export function findClient(id: string | undefined, state: TenantState): JsonObject {
  const client = state.clients.get(id ?? "");
  if (!client) throw new ApiFault(404, "The client does not exist", "inexistent_client");
  return client;
}

function listClients(request: SandboxRequest, state: TenantState): SandboxAnswer {
  const { parameters, caller } = request;
  const types = asString(parameters["app_type"])?.split(",");
  const granted = clientsByGrant(asString(parameters["q"]), state);
  const clients = [...state.clients.values()].filter(
    (client) =>
      (types === undefined || types.includes(asString(client["app_type"]) ?? "")) &&
      (granted === undefined || granted.has(asString(client["client_id"]) ?? "")) &&
      equalFilters.every(([parameter, field]) => {
        const wanted = parameters[parameter];
        return wanted === undefined || client[field] === wanted;
      }),
  );
  const show = (client: JsonObject) => chosenFields(visibleClient(client, caller), parameters);
  return listReply(clients, { key: "clients", id: "client_id", path: "/clients", show }, request, state);
}

/** The name of the tenant comes with whatever was asked for. */
function chosenFields(client: JsonObject, parameters: JsonObject): JsonObject {
  const chosen = project(client, parameters);
  const { tenant } = client;
  return tenant === undefined || parameters["include_fields"] === false ? chosen : { tenant, ...chosen };
}

/** The clients a `q` selects; it can only ask about grants, and this tenant has no organizations. */
function clientsByGrant(q: string | undefined, state: TenantState): ReadonlySet<string> | undefined {
  if (q === undefined) return undefined;
  const [, field, value] = /^client_grant\.(organization_id|allow_any_organization):(\S+)$/.exec(q) ?? [];
  if (field === undefined) {
    throw new ApiFault(
      400,
      "Query validation error: 'Query not permitted' on property q.",
      "invalid_query_string",
    );
  }
  const grants = [...state.clientGrants.values()].filter(
    (grant) =>
      field === "allow_any_organization" && String(grant["allow_any_organization"] ?? false) === value,
  );
  return new Set(grants.flatMap((grant) => asString(grant["client_id"]) ?? []));
}

function changedClient(current: JsonObject, body: JsonObject): JsonObject {
  const { client_metadata: metadata, refresh_token: refreshToken, jwt_configuration: jwt, ...others } = body;
  const client: JsonObject = { ...current, ...others, ...logoutPair(others) };
  const secretEncoded = asObject(current["jwt_configuration"])?.["secret_encoded"] === true;
  Object.assign(client, withJwtDefaults(jwt, secretEncoded));
  if (metadata !== undefined) {
    client["client_metadata"] = mergeMetadata(
      asObject(current["client_metadata"]) ?? {},
      asObject(metadata) ?? {},
    );
  }
  if (refreshToken !== undefined) client["refresh_token"] = withRefreshDefaults(asObject(refreshToken) ?? {});
  return Object.fromEntries(Object.entries(client).filter(([, value]) => value !== null));
}

/** Removes a client and its grants. What is gone already counts as removed, as it does at Auth0. */
function removeClient(id: string, state: TenantState): void {
  if (state.clients.get(id)?.["global"] === true) {
    throw new ApiFault(400, "The global client cannot be deleted", "operation_not_supported");
  }
  state.clients.delete(id);
  for (const [credentialId, { clientId }] of state.credentials) {
    if (clientId === id) state.credentials.delete(credentialId);
  }
  for (const [grantId, grant] of state.clientGrants) {
    if (grant["client_id"] === id) state.clientGrants.delete(grantId);
  }
}
