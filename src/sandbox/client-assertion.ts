import { constants, verify } from "node:crypto";
import {
  asNumber,
  asObject,
  asObjects,
  asString,
  asStrings,
  type JsonObject,
  parseJson,
} from "../lib/json.ts";
import { type ClientCredential, hasExpired } from "./credentials.ts";
import type { TenantState } from "./state.ts";

const TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/** How far a client's clock may be off, in seconds. */
const SKEW = 10;
/** How far ahead an assertion may expire, in seconds. */
const LONGEST = 300;

const algorithms: Readonly<Record<string, { readonly hash: string; readonly padding?: number }>> = {
  RS256: { hash: "sha256" },
  RS384: { hash: "sha384" },
  PS256: { hash: "sha256", padding: constants.RSA_PKCS1_PSS_PADDING },
  ES256: { hash: "sha256" },
};

interface Assertion {
  readonly header: JsonObject;
  readonly claims: JsonObject;
  readonly signed: Buffer;
  readonly proof: Buffer;
}

/** Whether a client proves itself by a signed assertion (private_key_jwt). */
export function isAssertion(form: JsonObject): boolean {
  return form["client_assertion"] !== undefined || form["client_assertion_type"] !== undefined;
}

/** Of which client an assertion claims to be; nothing about it is verified (RFC 7521 §4.2: client_id is optional). */
export function assertedClientId(form: JsonObject): string | undefined {
  return asString(parse(form)?.claims["sub"]);
}

/** What is wrong with a client's assertion; `undefined` when it holds. One that held is used up. */
export function verifyAssertion(
  form: JsonObject,
  client: JsonObject,
  state: TenantState,
): string | undefined {
  if (form["client_assertion_type"] !== TYPE) return "Invalid client_assertion_type";
  const assertion = parse(form);
  if (assertion === undefined) return "Malformed client_assertion";
  return (
    signatureProblem(assertion, client, state) ??
    claimProblem(assertion.claims, client, state) ??
    useProblem(assertion.claims, state)
  );
}

function parse(form: JsonObject): Assertion | undefined {
  const [head = "", payload = "", signature, ...more] = (asString(form["client_assertion"]) ?? "").split(".");
  const header = decoded(head);
  const claims = decoded(payload);
  if (signature === undefined || more.length > 0 || !header || !claims) return undefined;
  const signed = Buffer.from(`${head}.${payload}`);
  return { header, claims, signed, proof: Buffer.from(signature, "base64url") };
}

function decoded(part: string): JsonObject | undefined {
  return asObject(parseJson(Buffer.from(part, "base64url").toString()));
}

function signatureProblem(
  { header, signed, proof }: Assertion,
  client: JsonObject,
  state: TenantState,
): string | undefined {
  const { kid, alg } = header;
  const known = credentialsOf(client, state).filter(({ shown }) => kid === undefined || shown["kid"] === kid);
  if (known.length === 0) return "client_assertion is by a key that the client does not have";
  const current = known.filter((credential) => !hasExpired(credential, state.clock.now()));
  if (current.length === 0) return "The client's credential has expired";
  const fitting = current.filter(({ shown }) => shown["alg"] === alg);
  const algorithm = algorithms[asString(alg) ?? ""];
  if (algorithm === undefined || fitting.length === 0) {
    return "client_assertion has another algorithm than the client's credential";
  }
  const { hash, ...padding } = algorithm;
  // JWS has the two numbers of an ECDSA signature side by side.
  const holds = fitting.some(
    ({ key }) =>
      key !== undefined && verify(hash, signed, { key, dsaEncoding: "ieee-p1363", ...padding }, proof),
  );
  return holds ? undefined : "Invalid client_assertion signature";
}

function claimProblem(claims: JsonObject, client: JsonObject, state: TenantState): string | undefined {
  const id = client["client_id"];
  if (claims["iss"] !== id || claims["sub"] !== id) return "client_assertion is not of this client";
  const audience = asString(claims["aud"]);
  const audiences = audience === undefined ? asStrings(claims["aud"]) : [audience];
  const accepted = [`${state.origin}/`, `${state.origin}/oauth/token`];
  if (!audiences.some((one) => accepted.includes(one))) return "client_assertion is for another audience";
  const now = state.clock.now() / 1000;
  const expiry = asNumber(claims["exp"]) ?? 0;
  if (expiry <= now - SKEW) return "client_assertion has expired";
  if (expiry > now + LONGEST) return `client_assertion expires more than ${LONGEST} seconds ahead`;
  if ((asNumber(claims["iat"]) ?? now) > now + SKEW) return "client_assertion was issued in the future";
  return asString(claims["jti"]) ? undefined : "client_assertion has no jti";
}

/** An assertion proves something once. It is remembered for as long as it could be used again. */
function useProblem(claims: JsonObject, { usedAssertions, clock }: TenantState): string | undefined {
  const now = clock.now() / 1000;
  for (const [use, expiry] of usedAssertions) if (expiry <= now - SKEW) usedAssertions.delete(use);
  const use = JSON.stringify([claims["sub"], claims["jti"]]);
  if (usedAssertions.has(use)) return "client_assertion was used before";
  usedAssertions.set(use, asNumber(claims["exp"]) ?? now);
  return undefined;
}

function credentialsOf(client: JsonObject, state: TenantState): ClientCredential[] {
  const method = asObject(asObject(client["client_authentication_methods"])?.["private_key_jwt"]);
  return asObjects(method?.["credentials"]).flatMap(
    ({ id }) => state.credentials.get(asString(id) ?? "") ?? [],
  );
}
