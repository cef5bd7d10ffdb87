import { describe, expect, test } from "bun:test";
import { pause, unlessAborted, untilAborted, withDeadline } from "../../src/lib/cancellation.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { rejection } from "../support/rejection.ts";
import { SteppingClock } from "./stepping-clock.ts";

const never = () => new Promise<never>(() => undefined);
const cancelled = { code: "cancelled", exit: 130 };

describe("unlessAborted", () => {
  test("gives what the work gives, and throws what it throws", async () => {
    const { signal } = new AbortController();
    const failure = new Error("failed");
    expect(await unlessAborted(signal, async () => 1)).toBe(1);
    await expect(unlessAborted(signal, () => Promise.reject(failure))).rejects.toBe(failure);
  });

  test("waits no longer than for the signal, whatever the work does", async () => {
    const controller = new AbortController();
    const waiting = unlessAborted(controller.signal, never);
    controller.abort();
    expect(await rejection(waiting)).toMatchObject(cancelled);
  });

  test("begins nothing under a signal that has aborted", async () => {
    let begun = false;
    const work = async () => {
      begun = true;
    };
    expect(await rejection(unlessAborted(AbortSignal.abort(), work))).toMatchObject(cancelled);
    expect(begun).toBe(false);
  });

  test("is cancelled as well where the work ends in the same moment", async () => {
    for (const fails of [false, true]) {
      const controller = new AbortController();
      const work = async () => {
        controller.abort();
        if (fails) throw new Error("failed");
      };
      expect(await rejection(unlessAborted(controller.signal, work))).toMatchObject(cancelled);
    }
  });
});

describe("pause", () => {
  test("lets the clock go on", async () => {
    const clock = new SteppingClock();
    const start = clock.now();
    await pause(clock, 5_000, new AbortController().signal);
    expect(clock.now() - start).toBe(5_000);
  });

  test("ends when it is withdrawn", async () => {
    const controller = new AbortController();
    const pausing = pause(systemClock, 600_000, controller.signal);
    controller.abort();
    expect(await rejection(pausing)).toMatchObject(cancelled);
  });
});

describe("untilAborted", () => {
  test("waits for the signal", async () => {
    const controller = new AbortController();
    let over = false;
    const waiting = untilAborted(controller.signal).then(() => {
      over = true;
    });
    await Promise.resolve();
    expect(over).toBe(false);
    controller.abort();
    await waiting;
    expect(over).toBe(true);
  });

  test("is over at once where the signal has aborted before", async () => {
    await untilAborted(AbortSignal.abort());
  });

  test("is given up when nobody waits any longer", async () => {
    const [controller, ended] = [new AbortController(), new AbortController()];
    let over = false;
    untilAborted(controller.signal, ended.signal).then(() => {
      over = true;
    });
    ended.abort();
    controller.abort();
    await Bun.sleep(0);
    expect(over).toBe(false);
  });
});

describe("withDeadline", () => {
  /** Work that ends with the reason for which its signal aborts. */
  const untilEnded = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => {
      const onAbort = () => reject(signal.reason);
      if (signal.aborted) onAbort();
      signal.addEventListener("abort", onAbort);
    });

  test("gives what the work gives, and lets go of the signal", async () => {
    const controller = new AbortController();
    let given: AbortSignal | undefined;
    const work = async (signal: AbortSignal) => {
      given = signal;
      return 1;
    };
    expect(await withDeadline(controller.signal, 1, work)).toBe(1);
    controller.abort();
    await Bun.sleep(5);
    expect(given?.aborted).toBe(false);
  });

  test("ends the work when its time is up", async () => {
    const { signal } = new AbortController();
    await expect(withDeadline(signal, 1, untilEnded)).rejects.toMatchObject({ name: "TimeoutError" });
  });

  test("ends the work with the signal, also with one that has aborted", async () => {
    const controller = new AbortController();
    const reason = new Error("withdrawn");
    const waiting = withDeadline(controller.signal, 60_000, untilEnded);
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await expect(withDeadline(controller.signal, 60_000, untilEnded)).rejects.toBe(reason);
  });
});
