import type { Clock } from "../lib/clock.ts";
import { AppError } from "../lib/errors.ts";
import type { Waiting } from "../tools/define.ts";

/** The longest a tool waits for the tenant, in milliseconds; MCP clients commonly give up at 60 s. */
const LONGEST_WAIT = 45_000;
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 2_000;

/**
 * Polls until the state is as wished, with growing pauses.
 *
 * @throws AppError `timeout` after 45 s
 */
export async function waitUntil<T>(
  { poll, done, what }: Waiting<T>,
  { clock, signal, progress }: { clock: Clock; signal: AbortSignal; progress: (step: string) => void },
): Promise<T> {
  const deadline = clock.now() + LONGEST_WAIT;
  for (let pause = FIRST_PAUSE; ; pause = Math.min(LONGEST_PAUSE, pause * 1.5)) {
    const state = await poll();
    if (done(state)) return state;
    if (clock.now() + pause > deadline) {
      throw new AppError({
        code: "timeout",
        message: `Waited ${LONGEST_WAIT / 1000} seconds for ${what}, and it has not ended.`,
        hint: "It goes on in the tenant: repeat the call to wait again.",
      });
    }
    progress(`Waiting for ${what}`);
    await clock.sleep(pause, signal);
  }
}
