import { describe, expect, test } from "bun:test";
import { parseRecord, recordOf, secretsOf, serializeRecord } from "../../src/auth/session-record.ts";

const grant = {
  token: { value: "access", expiresAt: 2_000, scopes: ["read:logs"] },
  obtainedAt: 1_000,
  refreshToken: undefined,
  clockOffset: 7,
};
const START =
  '{"version":1,"access_token":"access","expires_at":2000,"scopes":["read:logs"],"obtained_at":1000';

/** What is stored of the grant with more members. */
const stored = (more: string) => `${START},"clock_offset":7${more}}`;

describe("a stored session", () => {
  for (const kind of ["refresh_token", "client_secret", "private_key"] as const) {
    test(`with a ${kind} is read and written as the same text`, () => {
      const text = stored(`,"${kind}":"hush"`);
      const record = parseRecord(text);
      expect(record?.renewal).toEqual({ kind, value: "hush" });
      expect(record && serializeRecord(record)).toBe(text);
      expect(record && secretsOf(record)).toEqual(["access", "hush"]);
    });
  }

  test("that nothing renews is so, too", () => {
    const record = parseRecord(stored(""));
    expect(record?.renewal).toBeUndefined();
    expect(record && serializeRecord(record)).toBe(stored(""));
  });

  test("with several means to renew it is renewed by the first of them, in whatever order they stand", () => {
    const all = ',"private_key":"key","client_secret":"secret","refresh_token":"refresh"';
    expect(parseRecord(stored(all))?.renewal?.kind).toBe("refresh_token");
    expect(parseRecord(stored(',"private_key":"key","client_secret":"secret"'))?.renewal).toEqual({
      kind: "client_secret",
      value: "secret",
    });
  });
});

describe("the record of a grant", () => {
  test("keeps the refresh token, and of an application its proof", () => {
    expect(recordOf({ ...grant, refreshToken: "refresh" }).renewal).toEqual({
      kind: "refresh_token",
      value: "refresh",
    });
    expect(recordOf({ ...grant, refreshToken: "refresh" }, { secret: "hush" }).renewal).toEqual({
      kind: "client_secret",
      value: "hush",
    });
    expect(recordOf(grant).renewal).toBeUndefined();
  });
});
