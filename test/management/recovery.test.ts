import { describe, expect, test } from "bun:test";
import { AppError, cancelledError } from "../../src/lib/errors.ts";
import { explainConflict, readIfAllowed } from "../../src/management/recovery.ts";

const conflict = new AppError({
  code: "conflict",
  message: "Taken.",
  status: 409,
  requestId: "r1",
  retryAfter: 3,
});
const lacking = new AppError({ code: "insufficient_scope", message: "Lacks read:x." });

/** What a promise rejects with; fails when it does not. */
async function rejection(promise: Promise<unknown>): Promise<unknown> {
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (outcome === undefined) throw new Error("nothing was thrown");
  return outcome;
}

describe("readIfAllowed", () => {
  test("gives the answer, or undefined when only the scope is lacking", async () => {
    expect(await readIfAllowed(Promise.resolve({ id: 1 }))).toEqual({ id: 1 });
    expect(await readIfAllowed(Promise.reject(lacking))).toBeUndefined();
  });

  test.each([
    ["a conflict", conflict],
    ["a cancelled call", cancelledError()],
    ["a defect", new TypeError("defect")],
  ])("throws everything else: %s", async (_, error) => {
    expect(await rejection(readIfAllowed(Promise.reject(error)))).toBe(error);
  });
});

describe("explainConflict", () => {
  test("gives the result of the write and looks for nothing", async () => {
    let searches = 0;
    const find = async () => {
      searches++;
      return "Found.";
    };
    expect(await explainConflict(Promise.resolve(1), "Look.", find)).toBe(1);
    expect(await rejection(explainConflict(Promise.reject(lacking), "Look.", find))).toBe(lacking);
    expect(searches).toBe(0);
  });

  test("adds what is in the way to the API's own words", async () => {
    const error = await rejection(explainConflict(Promise.reject(conflict), "Look.", async () => "It is x."));
    expect(error).toMatchObject({
      code: "conflict",
      message: "Taken. It is x.",
      hint: "Look.",
      status: 409,
      requestId: "r1",
      retryAfter: 3,
      cause: conflict,
    });
  });

  test.each([
    ["nothing is looked for", undefined],
    ["nothing was found", async () => undefined],
    ["the search was refused", () => Promise.reject(lacking)],
    [
      "the search ran into the rate limit",
      () => Promise.reject(new AppError({ code: "rate_limited", message: "x" })),
    ],
  ])("stays the conflict when %s", async (_, find) => {
    const error = await rejection(explainConflict(Promise.reject(conflict), "Look.", find));
    expect(error).toMatchObject({ code: "conflict", message: "Taken.", hint: "Look." });
  });

  test.each([
    ["a cancelled call", cancelledError()],
    ["a defect", new TypeError("defect")],
  ])("ends with what ends the call: %s", async (_, ending) => {
    const search = () => Promise.reject(ending);
    expect(await rejection(explainConflict(Promise.reject(conflict), "Look.", search))).toBe(ending);
  });
});
