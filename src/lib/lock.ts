import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { pause } from "./cancellation.ts";
import type { Clock } from "./clock.ts";
import { AppError, cancelledError } from "./errors.ts";
import { errorCode, systemReason } from "./system-error.ts";

/** How often a waiting process looks again, in milliseconds; the actual pause varies around it. */
const POLL = 20;
/** How long waiting may take before somebody is told of it, in milliseconds. */
const SILENCE = 1_000;

/** How whoever waits for a lock is treated. */
export interface Waiting {
  /** Ends the waiting, but not work that has begun. */
  readonly signal?: AbortSignal | undefined;
  /** Called once, when the waiting has taken a second. */
  readonly onWait?: (() => void) | undefined;
}

/** How a lock is taken. */
export interface LockOptions extends Waiting {
  readonly clock: Clock;
  /** Milliseconds after which waiting is given up. */
  readonly timeout: number;
}

/**
 * Runs `work` while no other process, and nobody else in this one, holds the same lock file.
 *
 * The lock is SQLite's on that file, so the operating system drops it the moment its holder dies: there is no stale lock
 * to guess at, which is where lock files that are created and removed go wrong.
 *
 * @throws AppError `lock_unavailable` (exit 1) when the file cannot be had, or is not released in time; `cancelled` (exit
 * 130) when the signal aborts before the lock is had
 */
export async function withLock<T>(file: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  // Loaded here: most commands end without ever needing a lock.
  const { Database } = await import("bun:sqlite");
  let database: InstanceType<typeof Database>;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    database = new Database(file, { create: true, readwrite: true });
  } catch (cause) {
    throw unavailable(file, cause);
  }
  try {
    prepare(database, file);
    const locked = () => begin(() => void database.run("BEGIN IMMEDIATE"), file);
    await until(locked, file, options);
    try {
      return await work();
    } finally {
      database.run("ROLLBACK");
    }
  } finally {
    database.close();
  }
}

function prepare(database: { run(statement: string): unknown }, file: string): void {
  try {
    database.run("PRAGMA busy_timeout = 0");
    // Nothing is ever written, so that a full disk takes nobody's lock away.
    database.run("PRAGMA journal_mode = MEMORY");
  } catch (cause) {
    throw unavailable(file, cause);
  }
}

/** Whether the lock was had; another holder is no failure. */
function begin(transaction: () => void, file: string): boolean {
  try {
    transaction();
    return true;
  } catch (cause) {
    if (errorCode(cause) === "SQLITE_BUSY") return false;
    throw unavailable(file, cause);
  }
}

async function until(
  locked: () => boolean,
  file: string,
  { clock, timeout, signal, onWait }: LockOptions,
): Promise<void> {
  const start = clock.now();
  let told = false;
  for (;;) {
    if (signal?.aborted) throw cancelledError();
    if (locked()) return;
    const waited = clock.now() - start;
    if (waited >= timeout) throw heldTooLong(file);
    if (!told && waited >= SILENCE) {
      told = true;
      onWait?.();
    }
    const wait = POLL * (0.5 + Math.random());
    await (signal === undefined ? clock.sleep(wait) : pause(clock, wait, signal));
  }
}

function unavailable(file: string, cause: unknown): AppError {
  return new AppError({
    code: "lock_unavailable",
    message: `${file} cannot be used as a lock: ${systemReason(cause)}.`,
    hint: `Make ${dirname(file)} writable for you; the lock file itself may be deleted while nothing runs.`,
    cause,
  });
}

function heldTooLong(file: string): AppError {
  return new AppError({
    code: "lock_unavailable",
    message: `Another process has held ${file} for too long.`,
    hint: "Wait for it or end it, then try again.",
  });
}
