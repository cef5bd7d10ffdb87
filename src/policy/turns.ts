import { unlessAborted } from "../lib/cancellation.ts";

/** Lets the calls of one process work on a resource one after the other. */
export class Turns {
  readonly #last = new Map<string, Promise<void>>();

  /**
   * Does work when everybody who came before for the same resource is done, whatever became of it.
   *
   * @throws AppError `cancelled` when the signal aborts while others have their turn; the work is not begun then
   */
  async take<T>(resource: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(resource) ?? Promise.resolve();
    const turn = Promise.withResolvers<void>();
    const last = before.then(() => turn.promise);
    this.#last.set(resource, last);
    try {
      await unlessAborted(signal, () => before);
      return await work();
    } finally {
      turn.resolve();
      if (this.#last.get(resource) === last) this.#last.delete(resource);
    }
  }
}
