import { asString } from "../lib/json.ts";
import { ApiFault } from "./fault.ts";
import type { Caller, Route } from "./route.ts";
import type { TokenAuthority } from "./token.ts";

/** The caller behind the request's bearer token. Throws the API's 401 or 400 when there is none to trust. */
export function authenticate(request: Request, authority: TokenAuthority, audience: string): Caller {
  const header = request.headers.get("authorization") ?? "";
  const [scheme = "", token = "", ...more] = header.trim().split(/\s+/);
  if (scheme.toLowerCase() !== "bearer") throw new ApiFault(401, "Missing authentication");
  const reading = more.length > 0 ? undefined : authority.read(token, audience);
  if (reading === undefined || reading.kind === "malformed") {
    throw new ApiFault(400, "Bad HTTP authentication header format", "Bearer");
  }
  if (reading.kind === "refused") {
    throw new ApiFault(401, reading.problem, undefined, {}, { error: reading.problem });
  }
  const { sub, azp } = reading.claims;
  const subject = asString(sub) ?? "";
  const client = /^(.*)@clients$/s.exec(subject)?.[1];
  const scopes = (asString(reading.claims["scope"]) ?? "").split(" ").filter((scope) => scope !== "");
  return {
    clientId: client ?? asString(azp) ?? "",
    ...(client === undefined ? { userId: subject } : {}),
    scopes: new Set(scopes),
  };
}

/** Throws the API's 403 unless the caller holds one of the scopes. */
export function requireAnyScope(caller: Caller, scopes: readonly string[]): void {
  if (!hasAny(caller, scopes)) throw insufficient(`expected any of: ${scopes.join(",")}`);
}

/** The same for an operation, in its own words: the service of actions says it otherwise than the rest. */
export function requireScopeOf(caller: Caller, { pattern, scopes }: Route): void {
  if (!pattern.startsWith("/actions/")) requireAnyScope(caller, scopes);
  else if (!hasAny(caller, scopes)) throw insufficient(`expected: ${scopes.join(",")}.`);
}

function hasAny(caller: Caller, scopes: readonly string[]): boolean {
  return scopes.some((scope) => caller.scopes.has(scope));
}

function insufficient(expectation: string): ApiFault {
  return new ApiFault(403, `Insufficient scope, ${expectation}`, "insufficient_scope");
}
