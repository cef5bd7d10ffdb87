import { expect, test } from "bun:test";
import { AppError, cancelledError, Exit, signedOutError, usageError } from "../../src/lib/errors.ts";

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
  expect(new AppError({ code: "x", message: "y" })).toMatchObject({
    exit: 1,
    hint: undefined,
    retryAfter: undefined,
  });
  expect(new AppError({ code: "x", message: "y" })).toBeInstanceOf(Error);
});
