import type { Clock } from "./clock.ts";
import { cancelledError } from "./errors.ts";

/**
 * Waits for work, but not longer than whoever asks for it. The work itself is told nothing: it may go on for others.
 *
 * @throws AppError `cancelled` (exit 130) as soon as the signal aborts, whatever becomes of the work; without having
 * begun it when the signal has aborted already
 */
export async function unlessAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  if (signal.aborted) throw cancelledError();
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(cancelledError());
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    const result = await Promise.race([work(), aborted.promise]);
    if (signal.aborted) throw cancelledError();
    return result;
  } catch (error) {
    throw signal.aborted ? cancelledError() : error;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/**
 * Lets time pass.
 *
 * @throws AppError `cancelled` (exit 130) as soon as the signal aborts
 */
export function pause(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
  return unlessAborted(signal, () => clock.sleep(milliseconds, signal));
}

/**
 * Waits until a signal aborts.
 *
 * @param ended when it aborts, nobody waits any longer: the promise is then left as it is, and the signal forgets it
 */
export function untilAborted(signal: AbortSignal, ended?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const until = ended === undefined ? {} : { signal: ended };
    signal.addEventListener("abort", () => resolve(), { once: true, ...until });
  });
}
