import { expect, test } from "bun:test";
import { patiently } from "../../src/cli/patiently.ts";
import type { Clock } from "../../src/lib/clock.ts";

/** An output that keeps its progress, and a clock whose one sleep ends when it is told to. */
function setUp() {
  const told: string[] = [];
  const waiting = Promise.withResolvers<void>();
  const output = {
    ...{ data: async () => undefined, json: async () => undefined, note: () => undefined },
    ...{ progress: (step: string) => void told.push(step), stdoutIsTerminal: false },
  };
  const clock: Clock = {
    now: () => 0,
    sleep(_, signal) {
      signal?.addEventListener("abort", () => waiting.reject(signal.reason));
      return waiting.promise;
    },
  };
  return { told, output, clock, pass: waiting.resolve };
}

test("work that is done soon says nothing", async () => {
  const { told, output, clock } = setUp();
  expect(await patiently("waiting", { output }, async () => 7, clock)).toBe(7);
  expect(told).toEqual([]);
});

test("work that takes long says once what it waits for", async () => {
  const { told, output, clock, pass } = setUp();
  const work = Promise.withResolvers<number>();
  const result = patiently("waiting", { output }, () => work.promise, clock);
  pass();
  await Bun.sleep(0);
  expect(told).toEqual(["waiting"]);
  work.resolve(7);
  expect(await result).toBe(7);
  expect(told).toEqual(["waiting"]);
});

test("a failure is handed on", async () => {
  const { told, output, clock } = setUp();
  const failing = patiently("waiting", { output }, () => Promise.reject(new Error("no")), clock);
  await expect(failing).rejects.toThrow("no");
  expect(told).toEqual([]);
});
