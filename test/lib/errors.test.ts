import { expect, test } from "bun:test";
import {
  AppError,
  type AppErrorDetails,
  cancelledError,
  Exit,
  signedOutError,
  traceOf,
  usageError,
} from "../../src/lib/errors.ts";

test("the exit codes are the documented ones", () => {
  expect(Exit).toEqual({
    done: 0,
    failed: 1,
    usage: 2,
    signedOut: 3,
    unreachable: 4,
    toolError: 5,
    hungUp: 129,
    interrupted: 130,
    terminated: 143,
  });
});

test("errors carry what a command or a model needs", () => {
  expect(usageError("a", "b")).toMatchObject({ code: "usage", message: "a", hint: "b", exit: 2 });
  expect(signedOutError("a", "b")).toMatchObject({ code: "not_signed_in", exit: 3 });
  expect(cancelledError()).toMatchObject({ code: "cancelled", exit: 130 });
  expect(new AppError({ code: "conflict", message: "y" })).toMatchObject({
    exit: 1,
    hint: undefined,
    retryAfter: undefined,
  });
  expect(new AppError({ code: "conflict", message: "y" })).toBeInstanceOf(Error);
  const cause = new Error("why");
  expect(usageError("a", undefined, cause).cause).toBe(cause);
});

test("an error in other words keeps whatever is not changed", () => {
  const all: AppErrorDetails = {
    code: "rate_limited",
    message: "m",
    hint: "h",
    exit: Exit.unreachable,
    status: 429,
    retryAfter: 3,
    requestId: "r",
    scopes: ["read:clients"],
    cause: new Error("c"),
  };
  const first = new AppError(all);
  const second = first.with({ message: "n" });
  expect(second).toMatchObject({ ...all, message: "n", cause: first });
  const third = second.with({ hint: undefined, cause: "other" });
  expect(third).toMatchObject({ ...all, message: "n", hint: undefined, cause: "other" });
  expect([first.message, first.cause]).toEqual(["m", all.cause]);
});

test("a defect is traced to where it was thrown", () => {
  expect(traceOf(new TypeError("no"))).toMatch(/TypeError: no\n.*errors\.test\.ts/);
  expect(traceOf("no")).toBe("no");
});
