import { AppError } from "../lib/errors.ts";
import type { SessionRecord } from "./session-record.ts";

/** Where a session is kept while it is used. */
export interface SessionKeeper {
  /** The session, or `undefined` when there is none. Throws AppError when that cannot be told. */
  read(): Promise<SessionRecord | undefined>;
  write(record: SessionRecord): Promise<void>;
  /** Runs work while nobody else, in this process or another, renews or replaces the session. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  /** Text that changes when somebody signs in or out; asked for on every call. */
  version(): Promise<string>;
}

/** A renewed session that could not be written. */
interface Unsaved {
  readonly record: SessionRecord;
  /** The token of the stored session that it replaces, by which that is known again. */
  readonly over: string;
}

/** Keeps a session as its keeper does, and goes on with a renewed one that could not be written until it can be. */
export class SteadyKeeper {
  readonly #keeper: SessionKeeper;
  readonly #warn: (message: string) => void;
  #unsaved: Unsaved | undefined;

  constructor(keeper: SessionKeeper, warn: (message: string) => void) {
    this.#keeper = keeper;
    this.#warn = warn;
  }

  /** Whether the session is another than the stored one. */
  get isAhead(): boolean {
    return this.#unsaved !== undefined;
  }

  /** The session; an unsaved one only while nobody signed in or out, which counts for more. */
  async read(): Promise<SessionRecord | undefined> {
    const stored = await this.#keeper.read();
    const unsaved = this.#unsaved;
    if (unsaved !== undefined && stored?.token.value === unsaved.over) return unsaved.record;
    this.#unsaved = undefined;
    return stored;
  }

  /** The same after one more try to write what is unsaved. Only for work that runs exclusively. */
  async catchUp(): Promise<SessionRecord | undefined> {
    const record = await this.read();
    if (this.#unsaved !== undefined) await this.save(this.#unsaved.record, this.#unsaved.over);
    return record;
  }

  /** Writes a renewed session in place of the one with the token `over`, and only warns where that fails. */
  async save(record: SessionRecord, over: string): Promise<void> {
    try {
      await this.#keeper.write(record);
      this.#unsaved = undefined;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (this.#unsaved === undefined) {
        this.#warn(
          `The renewed session could not be kept, and ends with this process unless it can be later: ${error.message}`,
        );
      }
      this.#unsaved = { record, over: this.#unsaved?.over ?? over };
    }
  }
}
