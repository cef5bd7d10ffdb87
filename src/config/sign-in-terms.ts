import { asString, type JsonObject } from "../lib/json.ts";
import { isConfidential, type TenantAddress } from "./domain.ts";

/** How somebody signs in: a person in the browser, or an application. */
export type SignInMethod = "device" | "client_credentials";

/** How a tenant was signed in to, which is what renewing, revoking and signing in again go by. Holds no secret. */
export interface SignInTerms {
  readonly tenant: TenantAddress;
  readonly method: SignInMethod;
  /** Who issues the tokens; the tenant itself for client credentials. */
  readonly authority: TenantAddress;
  readonly clientId: string;
  readonly audience: string;
  /** By what an application proved who it is; absent where older sign-ins did not note it. */
  readonly proof?: "secret" | "key" | undefined;
  /** Absolute path of the application's key, where it was an ordinary file. */
  readonly keyFile?: string | undefined;
  /** The scopes as they were asked for, for the command that signs in again; absent when none were named. */
  readonly scopes?: string | undefined;
  /** ISO time of the sign-in. It tells a running server that the session is another one. */
  readonly signedInAt: string;
}

/** The terms of a sign-in as they are kept: `{"domain", "url", "method", "authority", "client_id", "audience", …}`. */
export function termsToJson(terms: SignInTerms): JsonObject {
  const { tenant, method, authority, clientId, audience, proof, keyFile, scopes, signedInAt } = terms;
  return {
    domain: tenant.domain,
    url: tenant.origin,
    method,
    authority: authority.origin,
    client_id: clientId,
    audience,
    ...(proof === undefined ? {} : { proof }),
    ...(keyFile === undefined ? {} : { key_file: keyFile }),
    ...(scopes === undefined ? {} : { scopes }),
    signed_in_at: signedInAt,
  };
}

/** The terms that `termsToJson` wrote; `undefined` when they are damaged. */
export function parseTerms(value: JsonObject): SignInTerms | undefined {
  const tenant = parseOrigin(value["url"]);
  const authority = parseOrigin(value["authority"]);
  const method = value["method"];
  const proof = value["proof"];
  const [clientId, audience, signedInAt] = ["client_id", "audience", "signed_in_at"].map((key) =>
    asString(value[key]),
  );
  if (tenant === undefined || authority === undefined || value["domain"] !== tenant.domain) return undefined;
  if (clientId === undefined || audience === undefined || signedInAt === undefined) return undefined;
  if (method !== "device" && method !== "client_credentials") return undefined;
  return {
    tenant,
    authority,
    method,
    clientId,
    audience,
    signedInAt,
    proof: proof === "secret" || proof === "key" ? proof : undefined,
    keyFile: asString(value["key_file"]),
    scopes: asString(value["scopes"]),
  };
}

/** As strict as what a person may type: a token must not go out over http because this file was tampered with. */
function parseOrigin(value: unknown): TenantAddress | undefined {
  const text = asString(value);
  if (text === undefined || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  return isConfidential(url) && url.origin === text ? { origin: url.origin, domain: url.host } : undefined;
}
