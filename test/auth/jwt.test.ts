import { expect, test } from "bun:test";
import fc from "fast-check";
import { readClaims } from "../../src/auth/jwt.ts";
import { jwt } from "./tokens.ts";

test("a Management API token tells expiry, scopes and audiences", () => {
  const claims = {
    exp: 1_900_000_000,
    scope: "read:clients  read:logs",
    aud: "https://acme.auth0.com/api/v2/",
  };
  expect(readClaims(jwt(claims))).toEqual({
    expiresAt: 1_900_000_000_000,
    scopes: ["read:clients", "read:logs"],
    audiences: ["https://acme.auth0.com/api/v2/"],
  });
});

test("an audience may be a list", () => {
  expect(readClaims(jwt({ aud: ["a", "b", 3] }))?.audiences).toEqual(["a", "b"]);
});

test("what a token does not tell is unknown, and an empty scope is none", () => {
  expect(readClaims(jwt({}))).toEqual({ expiresAt: undefined, scopes: undefined, audiences: [] });
  expect(readClaims(jwt({ scope: "" }))?.scopes).toEqual([]);
  expect(readClaims(jwt({ exp: "tomorrow", scope: ["a"] }))).toMatchObject({
    expiresAt: undefined,
    scopes: undefined,
  });
});

test("claims outside ASCII are read", () => {
  expect(readClaims(jwt({ aud: "https://käse.example/" }))?.audiences).toEqual(["https://käse.example/"]);
});

test.each([
  ["opaque", "abcdef123456"],
  ["two parts", "a.b"],
  ["five parts (encrypted)", "eyJhbGciOiJkaXIifQ..a.b.c"],
  ["a payload that is no JSON", "eyJhbGciOiJkaXIifQ.bm90IGpzb24.c"],
  ["a payload that is no object", `h.${Buffer.from("[1]").toString("base64url")}.s`],
  ["empty parts", ".."],
  ["nothing", ""],
])("%s is no JWT", (_, token) => {
  expect(readClaims(token)).toBeUndefined();
});

test("no text makes it throw", () => {
  const reads = (text: string) => {
    readClaims(text);
  };
  fc.assert(fc.property(fc.string(), reads));
  fc.assert(fc.property(fc.jsonValue(), (claims) => reads(jwt(claims))));
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => reads(`h.${Buffer.from(bytes).toString("base64url")}.s`)),
  );
});
