import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { MAX_TOTAL } from "../../src/management/allowance.ts";
import type { Method } from "../../src/management/api.ts";
import { type Failure, retryDelay, secondsToWait, waitHint } from "../../src/management/retry.ts";

const answer = (status: number, waitFor?: number): Failure => ({ kind: "answer", status, waitFor });
const nothing: Failure = { kind: "no_answer" };
const first = { number: 1, elapsed: 0 };

describe("what is sent again", () => {
  test.each([
    [answer(429), "GET", true],
    [answer(429), "POST", true],
    [answer(429), "PATCH", true],
    [answer(429), "DELETE", true],
    [answer(408), "GET", true],
    [answer(500), "GET", true],
    [answer(502), "GET", true],
    [answer(503), "GET", true],
    [answer(504), "GET", true],
    [nothing, "GET", true],
    [answer(408), "POST", false],
    [answer(500), "POST", false],
    [answer(503), "PATCH", false],
    [answer(503), "PUT", false],
    [answer(504), "DELETE", false],
    [nothing, "POST", false],
    [nothing, "PATCH", false],
    [nothing, "DELETE", false],
    [answer(400), "GET", false],
    [answer(401), "GET", false],
    [answer(403), "GET", false],
    [answer(404), "GET", false],
    [answer(409), "POST", false],
  ] satisfies [Failure, Method, boolean][])("%j to %s: %p", (failure, method, again) => {
    expect(retryDelay(failure, { method, ...first }, 0.5) !== undefined).toBe(again);
  });
});

describe("how long it waits", () => {
  const wait = (failure: Failure, number = 1, elapsed = 0, random = 0.5) =>
    retryDelay(failure, { method: "GET", number, elapsed }, random);

  test("as long as the tenant says, with a little jitter", () => {
    expect(wait(answer(429, 3_000), 1, 0, 0)).toBe(3_000);
    expect(wait(answer(429, 3_000), 1, 0, 0.999)).toBeCloseTo(3_249.75);
  });

  test("growing when it does not say", () => {
    expect([wait(answer(429)), wait(answer(429), 2)]).toEqual([400, 800]);
    expect([wait(nothing), wait(nothing, 2)]).toEqual([400, 800]);
    expect(wait(answer(503), 1, 0, 0)).toBe(200);
  });

  test("a limit that has ended by the headers is not hammered", () => {
    expect(wait(answer(429, 0))).toBe(400);
  });

  test("at most three attempts", () => {
    expect(wait(answer(429, 1), 2)).toBeDefined();
    expect(wait(answer(429, 1), 3)).toBeUndefined();
    expect(wait(nothing, 3)).toBeUndefined();
  });

  test("never past 20 s in total", () => {
    expect(wait(answer(429, 19_000), 1, 0, 0)).toBe(19_000);
    expect(wait(answer(429, 20_001), 1, 0, 0)).toBeUndefined();
    expect(wait(answer(429, 60_000))).toBeUndefined();
    expect(wait(answer(503), 1, 19_900)).toBeUndefined();
    expect(wait(nothing, 1, 30_000)).toBeUndefined();
  });

  test("whatever is asked, waiting ends within the total", () => {
    const wishes = {
      random: fc.double({ min: 0, max: 0.999, noNaN: true }),
      hint: fc.option(fc.nat(100_000), { nil: undefined }),
    };
    fc.assert(
      fc.property(
        wishes.random,
        wishes.hint,
        fc.nat(40_000),
        fc.integer({ min: 1, max: 4 }),
        (random, hint, elapsed, number) => {
          const delay = retryDelay(answer(429, hint), { method: "GET", number, elapsed }, random);
          if (delay === undefined) return;
          expect(number).toBeLessThan(3);
          expect(delay).toBeGreaterThan(0);
          expect(elapsed + delay).toBeLessThanOrEqual(MAX_TOTAL);
          expect(delay).toBeGreaterThanOrEqual(hint ?? 0);
        },
      ),
    );
  });
});

describe("waitHint", () => {
  const now = Date.parse("2026-05-04T10:00:00Z");
  const seconds = now / 1000;
  const hint = (headers: Record<string, string>, status = 429) => waitHint(status, new Headers(headers), now);

  test.each([
    [{ "retry-after": "7" }, 7_000],
    [{ "retry-after": "0" }, 0],
    [{ "retry-after": "Mon, 04 May 2026 10:00:09 GMT" }, 9_000],
    [{ "retry-after": "Mon, 04 May 2026 09:00:00 GMT" }, 0],
    [{ "retry-after": "7", "x-ratelimit-reset": `${seconds + 60}` }, 7_000],
    [{ "x-ratelimit-reset": `${seconds + 12}` }, 12_000],
    [{ "x-ratelimit-reset": `${seconds - 12}` }, 0],
    [{ "retry-after": "soon", "x-ratelimit-reset": `${seconds + 2}` }, 2_000],
    [{ "retry-after": "1.5" }, undefined],
    [{ "retry-after": "-5" }, undefined],
    [{ "x-ratelimit-reset": "later" }, undefined],
    [{}, undefined],
  ])("%j", (headers, expected) => {
    expect(hint(headers)).toBe(expected);
  });

  test("counts from the tenant's clock when the answer tells it", () => {
    const date = "Mon, 04 May 2026 09:30:00 GMT";
    const reset = Date.parse(date) / 1000 + 5;
    expect(hint({ date, "x-ratelimit-reset": `${reset}` })).toBe(5_000);
    expect(hint({ date, "retry-after": "Mon, 04 May 2026 09:30:03 GMT" })).toBe(3_000);
    expect(hint({ date: "rubbish", "x-ratelimit-reset": `${seconds + 1}` })).toBe(1_000);
  });

  test("the reset of a limit says nothing about another failure", () => {
    expect(hint({ "x-ratelimit-reset": `${seconds + 60}` }, 503)).toBeUndefined();
    expect(hint({ "retry-after": "3" }, 503)).toBe(3_000);
  });
});

test.each([
  [answer(429, 59_200), "POST", 60],
  [answer(429, 0), "GET", 1],
  [answer(429), "GET", 4],
  [answer(503, 2_000), "GET", 2],
  [answer(503), "GET", 4],
  [answer(503, 2_000), "POST", undefined],
  [answer(404), "GET", undefined],
  [nothing, "GET", undefined],
] satisfies [Failure, Method, number | undefined][])(
  "an error of %j to %s carries retry_after %p",
  (failure, method, expected) => {
    expect(secondsToWait(failure, method)).toBe(expected);
  },
);
