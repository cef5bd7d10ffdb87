import type { JsonObject } from "../../lib/json.ts";
import type { Caller } from "../route.ts";

const summaryFields = new Set(["client_id", "name", "app_type", "description"]);
const secretFields = new Set([
  "client_secret",
  "encryption_key",
  "signing_keys",
  "client_authentication_methods",
  "signed_request_object",
  "token_vault_privileged_access",
]);

/** The part of a client that the caller's read scopes show. */
export function visibleClient(client: JsonObject, caller: Caller): JsonObject {
  const secrets = caller.scopes.has("read:client_keys") || caller.scopes.has("read:client_credentials");
  const settings = caller.scopes.has("read:clients") || caller.scopes.has("read:client_keys");
  const shown = Object.entries(client).filter(
    ([name]) => summaryFields.has(name) || (secretFields.has(name) ? secrets : settings),
  );
  return Object.fromEntries(shown);
}

/** The client as the answer of a creation or an update shows it: settings always, secrets by scope. */
export function writtenClient(client: JsonObject, caller: Caller): JsonObject {
  const scopes = new Set([...caller.scopes, "read:clients"]);
  return visibleClient(client, { ...caller, scopes });
}
