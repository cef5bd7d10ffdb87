import { type Clock, systemClock } from "../lib/clock.ts";
import type { Invocation } from "./command.ts";

/** How long work may take before a person is told what it waits for, in milliseconds. */
const SILENCE = 1_000;

/** Does work that may take long; on a terminal says meanwhile what it waits for. */
export async function patiently<T>(
  waiting: string,
  { output }: Pick<Invocation, "output">,
  work: () => Promise<T>,
  clock: Clock = systemClock,
): Promise<T> {
  const done = new AbortController();
  const told = clock.sleep(SILENCE, done.signal).then(
    () => output.progress(waiting),
    () => undefined,
  );
  try {
    return await work();
  } finally {
    done.abort();
    await told;
  }
}
