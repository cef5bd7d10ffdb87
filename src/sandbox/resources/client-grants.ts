import { asString, asStrings, type Json, type JsonObject } from "../../lib/json.ts";
import { noContent, ok } from "../answers.ts";
import { ApiFault } from "../fault.ts";
import { newGrantId } from "../ids.ts";
import { checkpointParameters, listReply, offsetParameters } from "../paging.ts";
import type { Route } from "../route.ts";
import type { TenantState } from "../state.ts";
import { nullable, type Schema } from "../validation.ts";
import { findClient } from "./clients.ts";
import { resourceServerByIdentifier, scopeValues } from "./resource-servers.ts";

const settings = {
  scope: { type: "array", items: { type: "string", minLength: 1, maxLength: 280 } },
  organization_usage: { type: "string", enum: ["deny", "allow", "require"] },
  allow_any_organization: { type: "boolean" },
  allow_all_scopes: { type: "boolean" },
} as const satisfies Record<string, Schema>;

const detailTypes = {
  type: "array",
  items: { type: "string", minLength: 1, maxLength: 255 },
} as const satisfies Schema;
const subjectType = { type: "string", enum: ["client", "user"] } as const satisfies Schema;
const defaultFor = { type: "string", enum: ["third_party_clients"] } as const satisfies Schema;

const createSchema: Schema = {
  type: "object",
  required: ["audience"],
  properties: {
    ...settings,
    client_id: { type: "string" },
    audience: { type: "string", minLength: 1 },
    subject_type: subjectType,
    default_for: defaultFor,
    authorization_details_types: detailTypes,
  },
};

const updateSchema: Schema = {
  type: "object",
  minProperties: 1,
  properties: {
    scope: nullable(settings.scope),
    organization_usage: nullable(settings.organization_usage),
    allow_any_organization: nullable(settings.allow_any_organization),
    allow_all_scopes: nullable(settings.allow_all_scopes),
    authorization_details_types: detailTypes,
  },
};

const filters = {
  audience: { type: "string" },
  client_id: { type: "string" },
  allow_any_organization: { type: "boolean", enum: [true] },
  subject_type: subjectType,
  default_for: defaultFor,
} as const satisfies Record<string, Schema>;

/** /client-grants: which application may ask for which scopes of which API. */
export const clientGrantRoutes: readonly Route[] = [
  {
    method: "GET",
    pattern: "/client-grants",
    scopes: ["read:client_grants"],
    query: { ...offsetParameters, ...checkpointParameters, ...filters },
    handle(request, state) {
      const { parameters } = request;
      const grants = [...state.clientGrants.values()].filter((grant) =>
        Object.keys(filters).every(
          (name) => parameters[name] === undefined || grant[name] === parameters[name],
        ),
      );
      const shape = { key: "client_grants", id: "id", path: "/client-grants" };
      return listReply(grants, shape, request, state);
    },
  },
  {
    method: "POST",
    pattern: "/client-grants",
    scopes: ["create:client_grants"],
    body: createSchema,
    event: "Create a client grant",
    handle: ({ body }, state) => ok(addClientGrant(body, state), 201),
  },
  {
    method: "GET",
    pattern: "/client-grants/:id",
    scopes: ["read:client_grants"],
    handle: ({ params }, state) => ok(findGrant(params["id"], state)),
  },
  {
    method: "PATCH",
    pattern: "/client-grants/:id",
    scopes: ["update:client_grants"],
    body: updateSchema,
    event: "Update a client grant",
    handle({ params, body }, state) {
      const current = findGrant(params["id"], state);
      refuseSystem(current);
      refuseAllScopesOfSystem(body, findAudience(current["audience"], state));
      const { scope, ...others } = body;
      const changed = { ...current, ...others, ...(scope === undefined ? {} : { scope: scope ?? [] }) };
      const entries = Object.entries(changed).filter(([, value]) => value !== null);
      const grant: JsonObject = Object.fromEntries(entries);
      state.clientGrants.set(String(grant["id"]), grant);
      return ok(grant);
    },
  },
  {
    method: "DELETE",
    pattern: "/client-grants/:id",
    scopes: ["delete:client_grants"],
    event: "Delete a client grant",
    handle({ params }, state) {
      const grant = state.clientGrants.get(params["id"] ?? "");
      if (grant) {
        refuseSystem(grant);
        state.clientGrants.delete(String(grant["id"]));
      }
      return noContent;
    },
  },
];

/**
 * Creates a grant from a valid body of POST /client-grants. Throws the API's 404 for an unknown client or
 * audience, 409 when the client has a grant for the audience, 400 for scopes the API does not have.
 */
export function addClientGrant(body: JsonObject, state: TenantState): JsonObject {
  const audience = asString(body["audience"]) ?? "";
  const clientId = asString(body["client_id"]);
  checkSubject(clientId, body, state);
  const api = findAudience(audience, state);
  refuseAllScopesOfSystem(body, api);
  checkScopes(body, api);
  const subject = asString(body["subject_type"]) ?? "client";
  const existing = [...state.clientGrants.values()].some(
    (grant) =>
      grant["client_id"] === clientId &&
      grant["default_for"] === body["default_for"] &&
      grant["audience"] === audience &&
      grant["subject_type"] === subject,
  );
  if (existing) {
    throw new ApiFault(
      409,
      `A client grant already exists between ${clientId ?? body["default_for"]} and ${audience}`,
    );
  }
  const grant: JsonObject = { id: newGrantId(), ...body, scope: body["scope"] ?? [], subject_type: subject };
  state.clientGrants.set(String(grant["id"]), grant);
  return grant;
}

function checkSubject(clientId: string | undefined, body: JsonObject, state: TenantState): void {
  if (clientId === undefined) {
    if (body["default_for"] === undefined) {
      throw new ApiFault(
        400,
        "Payload validation error: 'Missing required property: client_id'.",
        "invalid_body",
      );
    }
    return;
  }
  if (body["default_for"] !== undefined) {
    throw new ApiFault(400, "client_id and default_for are mutually exclusive", "invalid_body");
  }
  const type = findClient(clientId, state)["app_type"];
  if (type === "express_configuration" || type === "resource_server") {
    throw new ApiFault(400, `Client of type ${type} cannot be used`, "validation_error");
  }
}

function findAudience(audience: Json | undefined, state: TenantState): JsonObject {
  const identifier = asString(audience) ?? "";
  const api = resourceServerByIdentifier(identifier, state);
  if (!api)
    throw new ApiFault(404, `No resource with identifier ${identifier}`, "inexistent_resource_server");
  return api;
}

function refuseAllScopesOfSystem(body: JsonObject, api: JsonObject): void {
  if (body["allow_all_scopes"] !== true || api["is_system"] !== true) return;
  throw new ApiFault(
    400,
    "`allow_all_scopes` cannot be provided when `audience` is a system API",
    "invalid_body",
  );
}

/** Only a creation is checked: a recorded update was accepted with a scope its API does not have. */
function checkScopes(body: JsonObject, api: JsonObject): void {
  const known = scopeValues(api);
  const unknown = asStrings(body["scope"]).filter((value) => !known.includes(value));
  if (unknown.length === 0) return;
  const message = `The following scopes are not defined for ${api["identifier"]}: ${unknown.join(",")}`;
  throw new ApiFault(400, message, "invalid_body");
}

function findGrant(id: string | undefined, state: TenantState): JsonObject {
  const grant = state.clientGrants.get(id ?? "");
  if (!grant) throw new ApiFault(404, "The grant does not exist.", "inexistent_client_grant");
  return grant;
}

function refuseSystem(grant: JsonObject): void {
  if (grant["is_system"] === true) {
    throw new ApiFault(400, "System client grants cannot be modified or deleted", "operation_not_supported");
  }
}
