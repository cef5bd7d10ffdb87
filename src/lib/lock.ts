import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import type { Clock } from "./clock.ts";
import { AppError } from "./errors.ts";
import { errorCode } from "./system-error.ts";

/** How often a waiting process looks again, in milliseconds; the actual pause varies around it. */
const POLL = 20;

export interface LockOptions {
  readonly clock: Clock;
  /** Milliseconds after which waiting is given up. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs `work` while no other process, and nobody else in this one, holds the same lock file.
 *
 * The lock is SQLite's on that file, so the operating system drops it the moment its holder dies: there is no stale lock
 * to guess at, which is where lock files that are created and removed go wrong.
 *
 * @throws AppError `lock_unavailable` (exit 1) when the file cannot be had, or is not released in time; the signal's
 * reason when it aborts
 */
export async function withLock<T>(
  file: string,
  { clock, timeout, signal }: LockOptions,
  work: () => Promise<T>,
): Promise<T> {
  // Loaded here: most commands end without ever needing a lock.
  const { Database } = await import("bun:sqlite");
  const deadline = clock.now() + timeout;
  let database: InstanceType<typeof Database>;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    database = new Database(file, { create: true, readwrite: true });
  } catch (cause) {
    throw unavailable(file, cause);
  }
  try {
    database.run("PRAGMA busy_timeout = 0");
    // Nothing is ever written, so that a full disk takes nobody's lock away.
    database.run("PRAGMA journal_mode = MEMORY");
    for (;;) {
      signal?.throwIfAborted();
      try {
        database.run("BEGIN IMMEDIATE");
        break;
      } catch (cause) {
        if (errorCode(cause) !== "SQLITE_BUSY") throw unavailable(file, cause);
      }
      if (clock.now() >= deadline) throw heldTooLong(file);
      await clock.sleep(POLL * (0.5 + Math.random()), signal);
    }
    try {
      return await work();
    } finally {
      database.run("ROLLBACK");
    }
  } finally {
    database.close();
  }
}

function unavailable(file: string, cause: unknown): AppError {
  const code = errorCode(cause) ?? "unknown error";
  return new AppError({
    code: "lock_unavailable",
    message: `${file} cannot be used as a lock (${code}).`,
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
