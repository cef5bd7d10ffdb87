import type { Clock } from "../lib/clock.ts";
import { AppError } from "../lib/errors.ts";
import type { Waiting } from "../tools/define.ts";

/** The longest a call waits for the tenant, all its waits together, in milliseconds; MCP clients commonly give up at 60 s. */
export const LONGEST_WAIT = 45_000;
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 2_000;

interface WaitOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly progress: (step: string) => void;
  /** When the call's waiting ends, in milliseconds of the clock. */
  readonly deadline: number;
}

/**
 * Polls until the state is as wished, with growing pauses.
 *
 * @throws AppError `timeout` at the deadline
 */
export async function waitUntil<T>(
  { poll, done, what, late = "It goes on in the tenant: repeat the call to wait again." }: Waiting<T>,
  { clock, signal, progress, deadline }: WaitOptions,
): Promise<T> {
  const started = clock.now();
  for (let pause = FIRST_PAUSE; ; pause = Math.min(LONGEST_PAUSE, pause * 1.5)) {
    const state = await poll();
    if (done(state)) return state;
    if (clock.now() + pause > deadline) {
      const seconds = Math.round((clock.now() - started) / 1000);
      throw new AppError({
        code: "timeout",
        message: `Waited ${seconds} ${seconds === 1 ? "second" : "seconds"} for ${what}, and it has not ended.`,
        hint: late,
      });
    }
    progress(`Waiting for ${what}`);
    await clock.sleep(pause, signal);
  }
}
