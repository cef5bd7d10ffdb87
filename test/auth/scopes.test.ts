import { describe, expect, test } from "bun:test";
import { offeredScopes, type ScopeLimits, selectScopes } from "../../src/auth/scopes.ts";
import { AppError, Exit } from "../../src/lib/errors.ts";

const declared = ["read:clients", "create:clients", "update:clients", "read:logs", "read:forms"];
const open: ScopeLimits = { declared, needed: undefined, readOnly: false };

function refusal(text: string, limits: ScopeLimits = open): AppError {
  try {
    selectScopes(text, limits);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error(`"${text}" was taken`);
}

describe("what is chosen", () => {
  test("names stand for themselves, in their order, each once", () => {
    expect(selectScopes("read:logs, read:clients,read:logs", open)).toEqual(["read:logs", "read:clients"]);
  });

  test("the API's own scopes and offline_access are known", () => {
    expect(selectScopes("read:tenant_settings,offline_access", open)).toEqual([
      "read:tenant_settings",
      "offline_access",
    ]);
  });

  test("globs reach over everything known, braces included", () => {
    expect(selectScopes("*:clients", open).sort()).toEqual([
      "create:clients",
      "delete:clients",
      "read:clients",
      "update:clients",
    ]);
    for (const glob of ["{read,create}:clients", "@(read|create):clients", "[!du]*:clients"]) {
      expect(selectScopes(glob, open)).toEqual(["read:clients", "create:clients"]);
    }
  });

  test("none is none", () => {
    expect(selectScopes("none", open)).toEqual([]);
  });

  test("read-only narrows a glob to what reads", () => {
    expect(selectScopes("*:clients", { ...open, readOnly: true })).toEqual(["read:clients"]);
    expect(selectScopes("*", { ...open, readOnly: true }).every((scope) => scope.startsWith("read:"))).toBe(
      true,
    );
  });

  test("chosen tools narrow a glob to what they need, and leave names alone", () => {
    const limits = { ...open, needed: ["read:clients", "update:clients"] };
    expect(selectScopes("*", limits)).toEqual(["read:clients", "update:clients"]);
    expect(selectScopes("read:*,read:logs", limits)).toEqual(["read:clients", "read:logs"]);
  });
});

describe("what is exit 2", () => {
  const cases: readonly (readonly [string, ScopeLimits, string])[] = [
    ["", open, "empty"],
    ["  ", open, "empty"],
    [",", open, "empty element"],
    ["read:clients,,read:logs", open, "empty element"],
    ["raed:clients", open, "read:clients"],
    ["read:client", open, "read:clients"],
    ["none,read:logs", open, "none"],
    ["reed:*", open, "no scope matches"],
    ["!read:*", open, "cannot exclude"],
    ["read:*,!read:logs", open, "cannot exclude"],
    ["update:clients", { ...open, readOnly: true }, "--read-only"],
    ["create:*", { ...open, readOnly: true }, "nothing is left"],
    ["*:logs", { ...open, needed: ["read:clients"] }, "the chosen tools need none"],
  ];
  for (const [text, limits, told] of cases) {
    test(`"${text}"`, () => {
      const error = refusal(text, limits);
      expect(error.exit).toBe(Exit.usage);
      expect(`${error.message} ${error.hint}`).toContain(told);
    });
  }
});

test("a person picks from what the tools need, grouped by resource and narrowed likewise", () => {
  expect(offeredScopes(open)).toEqual([
    "read:clients",
    "create:clients",
    "update:clients",
    "read:forms",
    "read:logs",
  ]);
  expect(offeredScopes({ ...open, readOnly: true })).toEqual(["read:clients", "read:forms", "read:logs"]);
  expect(offeredScopes({ ...open, needed: ["read:logs"] })).toEqual(["read:logs"]);
});
