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
 * Gives work a signal that aborts with another one, or after some time with a `TimeoutError`. Nothing of it is left when
 * the work is done; timers of signals that run on would pile up under many short requests.
 *
 * @param milliseconds how long the work may take
 */
export async function withDeadline<T>(
  signal: AbortSignal,
  milliseconds: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const ended = new AbortController();
  const onAbort = () => ended.abort(signal.reason);
  const onTimeout = () => ended.abort(new DOMException("The time is up.", "TimeoutError"));
  const timer = setTimeout(onTimeout, milliseconds);
  signal.addEventListener("abort", onAbort);
  if (signal.aborted) onAbort();
  try {
    return await work(ended.signal);
  } finally {
    clearTimeout(timer);
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
