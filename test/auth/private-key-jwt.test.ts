import { describe, expect, test } from "bun:test";
import { createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import { clientAssertion, parseClientKey } from "../../src/auth/private-key-jwt.ts";
import { parseTenantAddress } from "../../src/config/domain.ts";
import { AppError, Exit } from "../../src/lib/errors.ts";

const authority = parseTenantAddress("acme.eu.auth0.com", "test");
const pem = { type: "pkcs8", format: "pem" } as const;
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export(pem).toString();
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export(pem).toString();

function decoded(part: string | undefined) {
  return JSON.parse(Buffer.from(part ?? "", "base64url").toString());
}

describe("an assertion", () => {
  for (const [name, key, algorithm] of [
    ["RSA", rsa, "RS256"],
    ["EC", ec, "ES256"],
  ] as const) {
    test(`is signed by an ${name} key with ${algorithm} and says who, for whom, and for how long`, () => {
      const now = Date.parse("2026-05-04T10:00:00Z");
      const token = clientAssertion(parseClientKey(key, "key.pem"), "the-client", authority, now);
      const [header, claims, signature] = token.split(".");
      expect(decoded(header)).toEqual({ alg: algorithm, typ: "JWT" });
      const { jti, ...rest } = decoded(claims);
      expect(rest).toEqual({
        iss: "the-client",
        sub: "the-client",
        aud: "https://acme.eu.auth0.com/",
        iat: now / 1000,
        exp: now / 1000 + 60,
      });
      expect(jti).toMatch(/^[0-9a-f-]{36}$/);
      const valid = verify(
        "sha256",
        Buffer.from(`${header}.${claims}`),
        { key: createPublicKey(key), dsaEncoding: "ieee-p1363" },
        Buffer.from(signature ?? "", "base64url"),
      );
      expect(valid).toBe(true);
    });
  }

  test("is never the same twice", () => {
    const key = parseClientKey(ec, "key.pem");
    const ids = [1, 2].map(() => decoded(clientAssertion(key, "c", authority, 0).split(".")[1]).jti);
    expect(ids[0]).not.toBe(ids[1]);
  });
});

describe("a key that cannot be used is exit 2, and its text is not told", () => {
  const encrypted = { ...pem, cipher: "aes-256-cbc", passphrase: "secret" } as const;
  const cases = {
    "no key at all": "canary-not-a-key",
    "a public key": generateKeyPairSync("ec", { namedCurve: "P-256" })
      .publicKey.export({ type: "spki", format: "pem" })
      .toString(),
    "an encrypted key": generateKeyPairSync("ec", { namedCurve: "P-256" })
      .privateKey.export(encrypted)
      .toString(),
    "another curve": generateKeyPairSync("ec", { namedCurve: "P-384" }).privateKey.export(pem).toString(),
    "another kind": generateKeyPairSync("ed25519").privateKey.export(pem).toString(),
    "a short RSA key": generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey.export(pem).toString(),
  };
  for (const [name, text] of Object.entries(cases)) {
    test(name, () => {
      let thrown: unknown;
      try {
        parseClientKey(text, "key.pem");
      } catch (error) {
        thrown = error;
      }
      if (!(thrown instanceof AppError)) throw new Error("it was taken");
      expect(thrown.exit).toBe(Exit.usage);
      expect(thrown.message).toContain("key.pem");
      expect(`${thrown.message} ${thrown.hint}`).not.toContain(text.trim().split("\n").at(1) ?? text);
    });
  }
});
