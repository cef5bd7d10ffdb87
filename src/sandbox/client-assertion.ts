import { createPublicKey, type KeyObject, verify } from "node:crypto";
import {
  asNumber,
  asObject,
  asObjects,
  asString,
  asStrings,
  type JsonObject,
  parseJson,
} from "../lib/json.ts";
import type { TenantState } from "./state.ts";

const TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/** How far a client's clock may be off, in seconds. */
const SKEW = 10;

/** Whether a client proves itself by a signed assertion (private_key_jwt). */
export function isAssertion(form: JsonObject): boolean {
  return form["client_assertion"] !== undefined || form["client_assertion_type"] !== undefined;
}

/** What is wrong with a client's assertion; `undefined` when it holds. */
export function verifyAssertion(
  form: JsonObject,
  client: JsonObject,
  state: TenantState,
): string | undefined {
  if (form["client_assertion_type"] !== TYPE) return "Invalid client_assertion_type";
  const parts = (asString(form["client_assertion"]) ?? "").split(".");
  const [head, payload, signature] = parts;
  const header = decoded(head);
  const claims = decoded(payload);
  if (parts.length !== 3 || !header || !claims || signature === undefined)
    return "Malformed client_assertion";
  const signed = Buffer.from(`${head}.${payload}`);
  const proof = Buffer.from(signature, "base64url");
  const holds = keysOf(client, state).some((key) => {
    const algorithm = key.asymmetricKeyType === "ec" ? "ES256" : "RS256";
    return header["alg"] === algorithm && verify("sha256", signed, { key, dsaEncoding: "ieee-p1363" }, proof);
  });
  if (!holds) return "Invalid client_assertion signature";
  return claimProblem(claims, client, state);
}

function claimProblem(claims: JsonObject, client: JsonObject, state: TenantState): string | undefined {
  const id = client["client_id"];
  if (claims["iss"] !== id || claims["sub"] !== id) return "client_assertion is not of this client";
  const audience = asString(claims["aud"]);
  const audiences = audience === undefined ? asStrings(claims["aud"]) : [audience];
  const accepted = [`${state.origin}/`, `${state.origin}/oauth/token`];
  if (!audiences.some((one) => accepted.includes(one))) return "client_assertion is for another audience";
  const now = state.clock.now() / 1000;
  if ((asNumber(claims["exp"]) ?? 0) <= now - SKEW) return "client_assertion has expired";
  if ((asNumber(claims["iat"]) ?? now) > now + SKEW) return "client_assertion was issued in the future";
  return asString(claims["jti"]) ? undefined : "client_assertion has no jti";
}

function keysOf(client: JsonObject, state: TenantState): KeyObject[] {
  const method = asObject(asObject(client["client_authentication_methods"])?.["private_key_jwt"]);
  return asObjects(method?.["credentials"]).flatMap((credential) => {
    const pem = state.credentialKeys.get(asString(credential["id"]) ?? "");
    return pem === undefined ? [] : [createPublicKey(pem)];
  });
}

function decoded(part: string | undefined): JsonObject | undefined {
  return asObject(parseJson(Buffer.from(part ?? "", "base64url").toString()));
}
