import { describe, expect, test } from "bun:test";
import { AppError } from "../../src/lib/errors.ts";
import { requireScopes, withScopeAdvice } from "../../src/policy/scopes.ts";
import { testTool, tokensWith } from "./harness.ts";

const signal = new AbortController().signal;
const update = testTool({ kind: "update", scopes: ["read:clients", "update:clients"] });

describe("requireScopes", () => {
  test.each([
    [["read:clients"], "auth0_test needs update:clients, which the token does not have. Nothing was sent."],
    [
      [],
      "auth0_test needs read:clients and update:clients, which the token does not have. Nothing was sent.",
    ],
  ])("a token with %j is refused", async (scopes, message) => {
    await expect(requireScopes(update, tokensWith(scopes), signal)).rejects.toMatchObject({
      code: "insufficient_scope",
      message,
      hint: expect.stringContaining("Grant "),
    });
  });

  test("a token that has them all, one that tells none, and reads pass", async () => {
    await requireScopes(update, tokensWith(["update:clients", "read:clients", "read:logs"]), signal);
    await requireScopes(update, tokensWith(undefined), signal);
    await requireScopes(testTool({ scopes: ["read:clients"] }), tokensWith([]), signal);
  });
});

describe("withScopeAdvice", () => {
  const refused = (scopes: readonly string[] | undefined) =>
    new AppError({
      code: "insufficient_scope",
      message: "Lacks read:clients.",
      hint: "Grant all.",
      status: 403,
      retryAfter: 3,
      requestId: "r",
      scopes,
    });

  test.each([
    ["a wider scope is not asked for", ["read:client_keys", "read:clients"], "Grant read:clients."],
    ["none named: the tool's own", [], "Grant read:clients and update:clients."],
    ["nor told at all: the tool's own", undefined, "Grant read:clients and update:clients."],
    ["only others named: as the tenant says", ["read:client_keys"], "Grant all."],
    ["a longer name is another scope", ["read:clients_all"], "Grant all."],
  ])("%s", (_, scopes, hint) => {
    expect(withScopeAdvice(refused(scopes), update, tokensWith([]))).toMatchObject({
      code: "insufficient_scope",
      message: "Lacks read:clients.",
      hint,
      status: 403,
      retryAfter: 3,
      requestId: "r",
    });
  });

  test("every other error is left alone", () => {
    const own = new AppError({ code: "insufficient_scope", message: "x", hint: "y" });
    for (const error of [
      own,
      new AppError({ code: "forbidden", message: "x", status: 403 }),
      new Error("x"),
      "x",
    ]) {
      expect(withScopeAdvice(error, update, tokensWith([]))).toBe(error);
    }
  });
});
