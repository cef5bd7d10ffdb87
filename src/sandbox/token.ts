import { createHmac, generateKeyPair, type KeyObject, sign, verify, X509Certificate } from "node:crypto";
import { promisify } from "node:util";
import { asNumber, asObject, asString, asStrings, type JsonObject, parseJson } from "../lib/json.ts";
import { selfSignedCertificate } from "./certificate.ts";
import { randomText } from "./ids.ts";

export interface TokenRequest {
  readonly clientId: string;
  /** The user a token is for; the client itself when left out. */
  readonly userId?: string | undefined;
  /** Whom it is for; further ones make a list of it. */
  readonly audience: string;
  readonly otherAudiences?: readonly string[] | undefined;
  readonly scopes: readonly string[];
  /** Milliseconds. */
  readonly ttl: number;
  /** The API's own secret, when it wants its tokens signed with HS256. */
  readonly secret?: string | undefined;
}

/** Why a token is refused; the words are the API's. */
export type TokenProblem =
  | "Invalid token"
  | "Invalid signature received for JSON Web Token validation"
  | "Expired token received for JSON Web Token validation"
  | `Bad audience: ${string}`;

export type TokenReading =
  | { readonly kind: "malformed" }
  | { readonly kind: "refused"; readonly problem: TokenProblem }
  | { readonly kind: "valid"; readonly claims: JsonObject };

export interface TokenAuthority {
  /** A signed JWT: RS256, or HS256 when the request brings a secret. */
  issue(request: TokenRequest): string;
  /** What a token says, once signature, issuer, audience and expiry have been checked. */
  read(token: string, audience: string): TokenReading;
  /** The public key as a JWKS document. */
  jwks(): JsonObject;
}

/** An authority that can also certify its key. */
export interface TenantSigner extends TokenAuthority {
  /** The certificate of the key, as clients show it in `signing_keys`, with a private key that is made up. */
  signingKey(): JsonObject;
}

/** The tenant's signer. Its key pair is made now and lives as long as the tenant. */
export async function createTokenAuthority(
  tenant: { readonly issuer: string; readonly domain: string },
  now: () => number,
): Promise<TenantSigner> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
  const kid = randomText(21);
  const { issuer, domain } = tenant;
  return {
    issue({ clientId, userId, audience, otherAudiences = [], scopes, ttl, secret }) {
      const iat = Math.floor(now() / 1000);
      const claims = {
        iss: issuer,
        sub: userId ?? `${clientId}@clients`,
        aud: otherAudiences.length > 0 ? [audience, ...otherAudiences] : audience,
        iat,
        exp: iat + Math.floor(ttl / 1000),
        ...(scopes.length > 0 ? { scope: scopes.join(" ") } : {}),
        ...(userId === undefined ? { gty: "client-credentials" } : {}),
        azp: clientId,
      };
      return signed(claims, kid, secret ?? privateKey);
    },
    read: (token, audience) => readToken(token, { audience, issuer, publicKey, now: now() }),
    jwks() {
      const { kty = "RSA", n = "", e = "" } = publicKey.export({ format: "jwk" });
      return { keys: [{ kty, n, e, alg: "RS256", use: "sig", kid }] };
    },
    signingKey() {
      const { pem, pkcs7 } = selfSignedCertificate(domain, { publicKey, privateKey }, now());
      const subject = new X509Certificate(pem).subject.replace(/^/, "/");
      return { cert: pem, key: madeUpKey(), pkcs7, subject };
    },
  };
}

/** Looks like a private key and is none, so that a leak of it can be seen and harms nobody. */
function madeUpKey(): string {
  const lines = Array.from({ length: 26 }, () => randomText(64));
  return ["-----BEGIN PRIVATE KEY-----", ...lines, "-----END PRIVATE KEY-----", ""].join("\r\n");
}

function signed(claims: JsonObject, kid: string, key: KeyObject | string): string {
  const hmac = typeof key === "string";
  const content = `${encode({ alg: hmac ? "HS256" : "RS256", typ: "JWT", kid })}.${encode(claims)}`;
  const signature = hmac
    ? createHmac("sha256", key).update(content).digest()
    : sign("sha256", Buffer.from(content), key);
  return `${content}.${signature.toString("base64url")}`;
}

function readToken(
  token: string,
  expected: { audience: string; issuer: string; publicKey: KeyObject; now: number },
): TokenReading {
  const [head, payload, signature, ...more] = token.split(".");
  const header = decode(head);
  const claims = decode(payload);
  if (signature === undefined || more.length > 0 || !header || !claims) return { kind: "malformed" };
  if (header["alg"] !== "RS256") return refused("Invalid token");
  const content = Buffer.from(`${head}.${payload}`);
  if (!verify("sha256", content, expected.publicKey, Buffer.from(signature, "base64url"))) {
    return refused("Invalid signature received for JSON Web Token validation");
  }
  if (claims["iss"] !== expected.issuer) return refused("Invalid token");
  const audiences = typeof claims["aud"] === "string" ? [claims["aud"]] : asStrings(claims["aud"]);
  if (!audiences.includes(expected.audience)) return refused(`Bad audience: ${audiences.join(",")}`);
  if ((asNumber(claims["exp"]) ?? 0) * 1000 <= expected.now) {
    return refused("Expired token received for JSON Web Token validation");
  }
  return asString(claims["sub"]) === undefined ? refused("Invalid token") : { kind: "valid", claims };
}

function refused(problem: TokenProblem): TokenReading {
  return { kind: "refused", problem };
}

function encode(value: JsonObject): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function decode(part: string | undefined): JsonObject | undefined {
  return part ? asObject(parseJson(Buffer.from(part, "base64url").toString())) : undefined;
}
