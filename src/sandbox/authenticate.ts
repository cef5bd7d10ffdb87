import { asString } from "../lib/json.ts";
import { ApiFault } from "./fault.ts";
import type { Caller } from "./route.ts";
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
  if (scopes.some((scope) => caller.scopes.has(scope))) return;
  throw new ApiFault(403, `Insufficient scope, expected any of: ${scopes.join(",")}`, "insufficient_scope");
}
