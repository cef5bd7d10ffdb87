import { expect, test } from "bun:test";
import { systemClock } from "../../src/lib/clock.ts";

test("a sleep ends after its time", async () => {
  await systemClock.sleep(1);
  await systemClock.sleep(1, new AbortController().signal);
});

test("a sleep rejects with the signal's reason as soon as it aborts", async () => {
  const controller = new AbortController();
  const sleeping = systemClock.sleep(600_000, controller.signal);
  controller.abort(new Error("withdrawn"));
  await expect(sleeping).rejects.toThrow("withdrawn");
});

test("a sleep under a signal that has aborted already never starts", async () => {
  await expect(systemClock.sleep(600_000, AbortSignal.abort(new Error("before")))).rejects.toThrow("before");
});
