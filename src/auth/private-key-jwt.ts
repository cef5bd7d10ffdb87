import { createPrivateKey, type KeyObject, sign } from "node:crypto";
import type { TenantAddress } from "../config/domain.ts";
import { usageError } from "../lib/errors.ts";

/** Seconds for which an assertion may be used. */
const LIFETIME = 60;
/** Shortest RSA key that is taken, in bits. */
const SHORTEST_RSA = 2048;

/** A private key that authenticates an application, with the algorithm its type calls for. */
export interface ClientKey {
  /** PEM, as it is kept with the session. */
  readonly pem: string;
  readonly algorithm: "RS256" | "ES256";
  readonly key: KeyObject;
}

/**
 * Reads a private key for private_key_jwt: RSA of at least 2,048 bits (RS256) or EC on P-256 (ES256), PEM without a
 * passphrase.
 *
 * @param source where the text came from, for the error; the text itself is never told
 * @throws AppError (exit 2) for anything else
 */
export function parseClientKey(pem: string, source: string): ClientKey {
  const key = readKey(pem, source);
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  const algorithm = ALGORITHMS[`${key.asymmetricKeyType}${namedCurve === undefined ? "" : `:${namedCurve}`}`];
  if (algorithm === undefined) {
    throw usageError(
      `${source} holds a key of a kind that is not supported (${namedCurve ?? key.asymmetricKeyType}).`,
      "Use an RSA key (RS256) or an EC key on the curve P-256 (ES256).",
    );
  }
  if (algorithm === "RS256" && (modulusLength ?? 0) < SHORTEST_RSA) {
    throw usageError(`The RSA key in ${source} is shorter than ${SHORTEST_RSA} bits.`, "Use a longer key.");
  }
  return { pem, algorithm, key };
}

const ALGORITHMS: Readonly<Record<string, ClientKey["algorithm"]>> = {
  rsa: "RS256",
  "ec:prime256v1": "ES256",
};

function readKey(pem: string, source: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    // The library's own message is dropped, since it may quote what it could not read.
    const encrypted = /ENCRYPTED/.test(pem.slice(0, 4096));
    throw usageError(
      encrypted
        ? `The private key in ${source} is encrypted.`
        : `${source} holds no private key in PEM form.`,
      encrypted
        ? "Give a key without a passphrase."
        : 'Give a file that begins with "-----BEGIN PRIVATE KEY-----".',
      cause,
    );
  }
}

/**
 * The signed JWT by which an application proves who it is (RFC 7523 §2.2, Auth0's private_key_jwt). The audience is the
 * authority's issuer.
 *
 * @param now milliseconds since the epoch by the authority's clock
 */
export function clientAssertion(
  key: ClientKey,
  clientId: string,
  authority: TenantAddress,
  now: number,
): string {
  const issuedAt = Math.floor(now / 1000);
  const claims = {
    iss: clientId,
    sub: clientId,
    aud: `${authority.origin}/`,
    iat: issuedAt,
    exp: issuedAt + LIFETIME,
    jti: crypto.randomUUID(),
  };
  const content = `${encode({ alg: key.algorithm, typ: "JWT" })}.${encode(claims)}`;
  // JWS wants the two numbers of an ECDSA signature side by side, not in ASN.1.
  const signature = sign("sha256", Buffer.from(content), { key: key.key, dsaEncoding: "ieee-p1363" });
  return `${content}.${signature.toString("base64url")}`;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
