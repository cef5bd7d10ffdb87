import { type AppError, Exit } from "../../lib/errors.ts";

/** What is to be done, in order, and how far it has come. */
export class Agenda {
  readonly #done: string[] = [];
  readonly #open: string[];

  constructor(steps: readonly string[]) {
    this.#open = [...steps];
  }

  /** Does the next step. When it fails it is still open. */
  async step<T>(work: () => Promise<T>): Promise<T> {
    const result = await work();
    this.#done.push(...this.#open.splice(0, 1));
    return result;
  }

  /** What was done and what was not, in words; `undefined` when nothing was done yet. */
  get standing(): string | undefined {
    if (this.#done.length === 0) return undefined;
    const open = this.#open.length === 0 ? "" : ` Not done: ${this.#open.join(", ")}.`;
    return `Done: ${this.#done.join(", ")}.${open} The same command again goes on from there.`;
  }

  /** A failure that also tells how far things had come. */
  explain(error: AppError): AppError {
    if (error.exit === Exit.usage) return error;
    const { hint } = error;
    const standing = this.standing ?? "Nothing was changed.";
    // Whoever copies what a longer hint ends with is not to copy this, too.
    const gap = hint?.includes("\n") ? "\n\n" : "\n";
    return error.with({ hint: hint === undefined ? standing : `${hint}${gap}${standing}` });
  }
}
