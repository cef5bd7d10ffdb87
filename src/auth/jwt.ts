import { asNumber, asObject, asString, asStrings, type JsonObject, parseJson } from "../lib/json.ts";

/** What a Management API access token says of itself. Read, not verified: the tenant verifies it. */
export interface TokenClaims {
  /** End of validity in milliseconds since the epoch. */
  readonly expiresAt: number | undefined;
  /** Granted scopes; `undefined` when the token does not list them. */
  readonly scopes: readonly string[] | undefined;
  readonly audiences: readonly string[];
}

/**
 * Reads the claims of a JWT (RFC 7519). Returns `undefined` for an opaque token, whose expiry and scopes nobody but
 * the tenant knows.
 */
export function readClaims(token: string): TokenClaims | undefined {
  const payload = decodePayload(token);
  if (payload === undefined) return undefined;
  const expiry = asNumber(payload["exp"]);
  const audience = asString(payload["aud"]);
  return {
    expiresAt: expiry === undefined ? undefined : expiry * 1000,
    scopes: asString(payload["scope"])
      ?.split(" ")
      .filter((scope) => scope !== ""),
    audiences: audience === undefined ? asStrings(payload["aud"]) : [audience],
  };
}

function decodePayload(token: string): JsonObject | undefined {
  const parts = token.split(".");
  if (parts.length !== 3) return undefined;
  return asObject(parseJson(Buffer.from(parts[1] ?? "", "base64url").toString("utf8")));
}
