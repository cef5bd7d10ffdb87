import { createHash, createPublicKey, type KeyObject, X509Certificate } from "node:crypto";
import { asString, type JsonObject } from "../lib/json.ts";
import { ApiFault } from "./fault.ts";
import { newCredentialId } from "./ids.ts";

/** Shortest RSA key that is taken, in bits. */
const SHORTEST_RSA = 2048;

/** A credential of an application. */
export interface ClientCredential {
  readonly clientId: string;
  /** As answers show it: never with its PEM. */
  readonly shown: JsonObject;
  /** What an assertion is verified with; only credentials of the type `public_key` have one. */
  readonly key?: KeyObject;
}

/**
 * A new credential from a valid description of one. Throws a 400 for a PEM that is not what the type calls for; the
 * words are assumed, as no record of this answer is known.
 *
 * @param property where the description stands in the body, for the refusal; empty when it is the body
 * @param now milliseconds since the epoch
 */
export function newCredential(
  given: JsonObject,
  clientId: string,
  property: string,
  now: number,
): ClientCredential {
  const { pem, parse_expiry_from_cert: parseExpiry, expires_at: expiresAt, ...settings } = given;
  const place = property === "" ? "pem" : `${property}.pem`;
  const text = asString(pem) ?? "";
  const date = new Date(now).toISOString();
  const shown = (more: JsonObject): JsonObject => {
    const expiry = asString(expiresAt);
    return {
      id: newCredentialId(),
      ...settings,
      ...more,
      created_at: date,
      updated_at: date,
      ...(expiry === undefined ? {} : { expires_at: new Date(expiry).toISOString() }),
    };
  };
  switch (given["credential_type"]) {
    case "x509_cert": {
      const certificate = readCertificate(text, place);
      const thumbprint = createHash("sha256").update(certificate.raw).digest("base64url");
      return { clientId, shown: shown({ thumbprint_sha256: thumbprint, expires_at: expiryOf(certificate) }) };
    }
    case "cert_subject_dn": {
      const subject = asString(given["subject_dn"]) ?? readCertificate(text, place).subject;
      return { clientId, shown: shown({ subject_dn: subject }) };
    }
    default: {
      const key = readPublicKey(text, place);
      const kid = asString(given["kid"]) ?? thumbprintOf(key);
      const expires = parseExpiry === true && isCertificate(text);
      return {
        clientId,
        key,
        shown: shown({
          kid,
          alg: algorithmOf(key, asString(given["alg"]), place),
          ...(expires ? { expires_at: expiryOf(readCertificate(text, place)) } : {}),
        }),
      };
    }
  }
}

/** Whether it can no longer be used at that time, in milliseconds. */
export function hasExpired({ shown }: ClientCredential, now: number): boolean {
  const expiry = asString(shown["expires_at"]);
  return expiry !== undefined && Date.parse(expiry) <= now;
}

/** A private key would be read as well, and a tenant must not take one. */
function readPublicKey(pem: string, place: string): KeyObject {
  const problem = "Not a public key or certificate in PEM form";
  if (!/-----BEGIN (RSA PUBLIC KEY|PUBLIC KEY|CERTIFICATE)-----/.test(pem)) throw refusal(problem, place);
  let key: KeyObject;
  try {
    key = isCertificate(pem) ? new X509Certificate(pem).publicKey : createPublicKey(pem);
  } catch {
    throw refusal(problem, place);
  }
  const { modulusLength = 0, namedCurve } = key.asymmetricKeyDetails ?? {};
  const isRsa = key.asymmetricKeyType === "rsa";
  if (isRsa && modulusLength < SHORTEST_RSA) {
    throw refusal(`RSA key is too short (${modulusLength} bits), minimum ${SHORTEST_RSA}`, place);
  }
  if (!isRsa && namedCurve !== "prime256v1") throw refusal("Unsupported kind of key", place);
  return key;
}

function readCertificate(pem: string, place: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw refusal("Not a certificate in PEM form", place);
  }
}

function isCertificate(pem: string): boolean {
  return pem.includes("-----BEGIN CERTIFICATE-----");
}

function expiryOf(certificate: X509Certificate): string {
  return new Date(certificate.validTo).toISOString();
}

/** The algorithm that assertions by the key must have. Auth0 knows RSA keys only; ES256 is this tenant's addition. */
function algorithmOf(key: KeyObject, given: string | undefined, place: string): string {
  if (key.asymmetricKeyType === "rsa") return given ?? "RS256";
  if (given !== undefined) throw refusal(`The key cannot be used with ${given}`, place);
  return "ES256";
}

/** RFC 7638: what Auth0 gives as `kid` where the caller chose none. */
function thumbprintOf(key: KeyObject): string {
  const { kty, n, e, crv, x, y } = key.export({ format: "jwk" });
  const members = kty === "RSA" ? { e, kty, n } : { crv, kty, x, y };
  return createHash("sha256").update(JSON.stringify(members)).digest("base64url");
}

function refusal(problem: string, property: string): ApiFault {
  return new ApiFault(400, `Payload validation error: '${problem}' on property ${property}.`, "invalid_body");
}
