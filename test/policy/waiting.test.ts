import { describe, expect, test } from "bun:test";
import { LONGEST_WAIT, waitUntil } from "../../src/policy/waiting.ts";
import { SteppingClock } from "../lib/stepping-clock.ts";

function states(...values: string[]) {
  let at = 0;
  return { poll: async () => values[Math.min(at++, values.length - 1)] ?? "", polls: () => at };
}

function run(
  poll: () => Promise<string>,
  clock = new SteppingClock(),
  signal = new AbortController().signal,
) {
  const steps: string[] = [];
  const result = waitUntil(
    { poll, done: (state) => state === "built", what: "the build of the action" },
    { clock, signal, progress: (step) => steps.push(step), deadline: clock.now() + LONGEST_WAIT },
  );
  return { result, steps, clock };
}

describe("waitUntil", () => {
  test("a state that is as wished is returned without a pause", async () => {
    const { result, steps, clock } = run(states("built").poll);
    expect(await result).toBe("built");
    expect([steps, clock.sleeps]).toEqual([[], []]);
  });

  test("pauses grow up to two seconds, and every one is told", async () => {
    const { result, steps, clock } = run(
      states(...Array.from({ length: 8 }, () => "building"), "built").poll,
    );
    await result;
    expect(clock.sleeps.map(Math.round)).toEqual([250, 375, 563, 844, 1266, 1898, 2000, 2000]);
    expect(new Set(steps)).toEqual(new Set(["Waiting for the build of the action"]));
    expect(steps).toHaveLength(8);
  });

  test("gives up before 45 s are over, and says that it goes on", async () => {
    const { result, clock } = run(states("building").poll);
    const start = clock.now();
    const error = await result.catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "timeout", hint: expect.stringContaining("repeat") });
    expect(String(error)).toContain(
      `Waited ${Math.round((clock.now() - start) / 1000)} seconds for the build`,
    );
    expect(String(error)).not.toContain("45");
    expect(clock.now() - start).toBeLessThanOrEqual(45_000);
    expect(clock.now() - start).toBeGreaterThan(42_000);
  });

  test("time that the polls take counts as well", async () => {
    const clock = new SteppingClock();
    const { poll, polls } = states("building");
    const slow = async () => {
      clock.time += 20_000;
      return poll();
    };
    await expect(run(slow, clock).result).rejects.toMatchObject({ code: "timeout" });
    expect(polls()).toBe(3);
  });

  test("stops at once when the call is cancelled during a pause", async () => {
    const controller = new AbortController();
    const clock = new SteppingClock(undefined, () => controller.abort(new Error("withdrawn")));
    const { poll, polls } = states("building");
    await expect(run(poll, clock, controller.signal).result).rejects.toThrow("withdrawn");
    expect(polls()).toBe(1);
  });

  test("a failed poll ends it", async () => {
    await expect(run(() => Promise.reject(new Error("gone"))).result).rejects.toThrow("gone");
  });
});
