import { asString, type JsonObject } from "../../lib/json.ts";
import { noContent, ok } from "../answers.ts";
import { type ClientCredential, newCredential } from "../credentials.ts";
import { offsetParameters } from "../paging.ts";
import type { Route, SandboxRequest } from "../route.ts";
import type { TenantState } from "../state.ts";
import { createCredentialSchema, updateCredentialSchema } from "./client-credential-schema.ts";
import { withoutCredential } from "./client-defaults.ts";
import { inexistentCredential } from "./client-rules.ts";
import { findClient } from "./clients.ts";

/** /clients/{id}/credentials: what a client may prove itself by, once its settings refer to it. */
export const clientCredentialRoutes: readonly Route[] = [
  {
    method: "GET",
    pattern: "/clients/:clientId/credentials",
    scopes: ["read:client_credentials"],
    // Taken and without effect, as recorded: the answer is a bare array of all of them.
    query: offsetParameters,
    handle({ params }, state) {
      const { client_id: clientId } = findClient(params["clientId"], state);
      const own = [...state.credentials.values()].filter((credential) => credential.clientId === clientId);
      return ok(own.map(read));
    },
  },
  {
    method: "POST",
    pattern: "/clients/:clientId/credentials",
    scopes: ["create:client_credentials"],
    body: createCredentialSchema,
    event: "Create a client credential",
    handle({ params, body }, state) {
      const { client_id: clientId } = findClient(params["clientId"], state);
      const credential = newCredential(body, String(clientId), "", state.clock.now());
      state.credentials.set(String(credential.shown["id"]), credential);
      return ok(credential.shown, 201);
    },
  },
  {
    method: "GET",
    pattern: "/clients/:clientId/credentials/:id",
    scopes: ["read:client_credentials"],
    handle: (request, state) => ok(read(findCredential(request, state))),
  },
  {
    method: "PATCH",
    pattern: "/clients/:clientId/credentials/:id",
    scopes: ["update:client_credentials"],
    body: updateCredentialSchema,
    event: "Update a client credential",
    handle(request, state) {
      const credential = findCredential(request, state);
      const expiry = asString(request.body["expires_at"]);
      const shown: JsonObject = {
        ...credential.shown,
        updated_at: new Date(state.clock.now()).toISOString(),
        expires_at: expiry === undefined ? null : new Date(expiry).toISOString(),
      };
      const changed = { ...credential, shown };
      state.credentials.set(String(shown["id"]), changed);
      return ok(read(changed));
    },
  },
  {
    method: "DELETE",
    pattern: "/clients/:clientId/credentials/:id",
    scopes: ["delete:client_credentials"],
    event: "Delete a client credential",
    handle({ params }, state) {
      const { clientId = "", id = "" } = params;
      const client = state.clients.get(clientId);
      if (client && state.credentials.get(id)?.clientId === clientId) {
        state.credentials.delete(id);
        state.clients.set(clientId, withoutCredential(client, id));
      }
      return noContent;
    },
  },
];

/** A read tells that there is no expiry; a creation does not. */
function read({ shown }: ClientCredential): JsonObject {
  return { expires_at: null, ...shown };
}

function findCredential({ params }: SandboxRequest, state: TenantState): ClientCredential {
  const { client_id: clientId } = findClient(params["clientId"], state);
  const credential = state.credentials.get(params["id"] ?? "");
  if (credential?.clientId !== clientId || credential === undefined) throw inexistentCredential();
  return credential;
}
