import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Clock, systemClock } from "../../src/lib/clock.ts";
import { withLock } from "../../src/lib/lock.ts";
import { SteppingClock } from "./stepping-clock.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "auth0-mcp-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const options = { clock: systemClock, timeout: 10_000 };

test("one holder at a time, and everybody gets a turn", async () => {
  const file = join(folder, "a", "b.lock");
  let inside = 0;
  let most = 0;
  const turns = Array.from({ length: 20 }, () =>
    withLock(file, options, async () => {
      inside++;
      most = Math.max(most, inside);
      await Bun.sleep(1);
      inside--;
    }),
  );
  await Promise.all(turns);
  expect(most).toBe(1);
  expect(readdirSync(join(folder, "a"))).toEqual(["b.lock"]);
});

test("is given back when the work fails, and hands on what it throws", async () => {
  const file = join(folder, "x.lock");
  const failing = withLock(file, options, () => Promise.reject(new Error("work failed")));
  await expect(failing).rejects.toThrow("work failed");
  expect(await withLock(file, options, async () => "next")).toBe("next");
});

test("waiting ends at the time limit, and when it is withdrawn", async () => {
  const file = join(folder, "x.lock");
  let now = 0;
  const clock: Clock = {
    now: () => now,
    async sleep(_, signal) {
      signal?.throwIfAborted();
      now += 1_000;
    },
  };
  const stop = new AbortController();
  await withLock(file, options, async () => {
    const late = withLock(file, { clock, timeout: 5_000 }, async () => undefined);
    await expect(late).rejects.toMatchObject({ code: "lock_unavailable" });
    stop.abort();
    const withdrawn = withLock(file, { ...options, signal: stop.signal }, async () => undefined);
    await expect(withdrawn).rejects.toMatchObject({ code: "cancelled", exit: 130 });
  });
});

test("an interrupt ends the waiting itself, and not the work that has begun", async () => {
  const file = join(folder, "x.lock");
  const stop = new AbortController();
  const withdrawable = { ...options, signal: stop.signal };
  const held = withLock(file, withdrawable, async () => {
    const waiting = withLock(file, withdrawable, async () => undefined);
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ code: "cancelled" });
    return "done";
  });
  expect(await held).toBe("done");
});

test("waiting is told of once, after a second", async () => {
  const file = join(folder, "x.lock");
  const clock = new SteppingClock();
  const start = clock.now();
  const told: number[] = [];
  const onWait = () => void told.push(clock.now() - start);
  await withLock(file, { clock, timeout: 5_000, onWait }, async () => {
    const late = withLock(file, { clock, timeout: 5_000, onWait }, async () => undefined);
    await expect(late).rejects.toMatchObject({ code: "lock_unavailable" });
  });
  expect(told).toHaveLength(1);
  expect(told[0]).toBeWithin(1_000, 1_031);
});

test("a place where no lock can be is an error that names it", async () => {
  writeFileSync(join(folder, "file"), "");
  for (const file of [join(folder, "file", "x.lock"), folder]) {
    const attempt = withLock(file, options, async () => undefined);
    await expect(attempt).rejects.toMatchObject({
      code: "lock_unavailable",
      message: expect.stringContaining(file),
    });
  }
});

test("a file that is something else is an error that names it, and stays as it is", async () => {
  const file = join(folder, "foreign.lock");
  writeFileSync(file, "x".repeat(100));
  await expect(withLock(file, options, async () => undefined)).rejects.toMatchObject({
    code: "lock_unavailable",
    message: `${file} cannot be used as a lock: it holds something else.`,
  });
  expect(readFileSync(file, "utf8")).toBe("x".repeat(100));
});
