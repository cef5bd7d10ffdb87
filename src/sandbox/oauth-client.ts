import { timingSafeEqual } from "node:crypto";
import { asString, type JsonObject } from "../lib/json.ts";
import { assertedClientId, isAssertion, verifyAssertion } from "./client-assertion.ts";
import { deviceClient } from "./device-client.ts";
import { recordEvent } from "./events.ts";
import { OAuthFault } from "./oauth-fault.ts";
import type { TenantState } from "./state.ts";

/** The client that the request proves to be. A public client proves nothing and is taken at its word. */
export function authenticateClient(request: Request, form: JsonObject, state: TenantState): JsonObject {
  const { id, secret } = basicCredentials(request) ?? {
    id: asString(form["client_id"]) ?? assertedClientId(form),
    secret: asString(form["client_secret"]),
  };
  if (!id) throw new OAuthFault(400, "invalid_request", "Missing required parameter: client_id");
  const client = state.clients.get(id) ?? deviceClient(id);
  if (!client || client["global"] === true) throw new OAuthFault(401, "access_denied", "Unauthorized");
  if (client["token_endpoint_auth_method"] === "none") return client;
  if (isAssertion(form)) {
    const problem = verifyAssertion(form, client, state);
    if (problem === undefined) return client;
    recordFailure(state, client, problem);
    throw new OAuthFault(401, "invalid_client", problem);
  }
  if (client["client_authentication_methods"] || !sameSecret(secret, asString(client["client_secret"]))) {
    recordFailure(state, client, "Unauthorized");
    throw new OAuthFault(401, "access_denied", "Unauthorized");
  }
  return client;
}

function basicCredentials(request: Request): { id: string; secret: string } | undefined {
  const [, encoded] = /^basic\s+(\S+)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
  if (encoded === undefined) return undefined;
  const [id = "", ...rest] = Buffer.from(encoded, "base64").toString().split(":");
  return { id: formDecoded(id), secret: formDecoded(rest.join(":")) };
}

/** RFC 6749 form-encodes both halves before they are joined. */
function formDecoded(text: string): string {
  return new URLSearchParams(`v=${text}`).get("v") ?? "";
}

function sameSecret(given: string | undefined, expected: string | undefined): boolean {
  if (given === undefined || expected === undefined) return false;
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Leaves the log entry of a token request that failed. */
export function recordFailure(state: TenantState, client: JsonObject, description: string): void {
  recordEvent(state, { type: "feccft", description, ...actor(client) });
}

/** Who a log entry is about. */
export function actor(client: JsonObject): { clientId: string; clientName: string } {
  return { clientId: asString(client["client_id"]) ?? "", clientName: asString(client["name"]) ?? "" };
}
