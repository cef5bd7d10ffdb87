import { AppError, cancelledError, Exit, signedOutError } from "../lib/errors.ts";
import type { AuthContext } from "./context.ts";
import type { RenewalOutcome } from "./renewal.ts";
import { isAlive, isFresh, isRenewable, type SessionRecord, secretsOf } from "./session-record.ts";
import type { AccessToken, TokenSource } from "./token-source.ts";

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

/** What is said about a session, and what mends it. */
export interface SessionWords {
  readonly signInHint: string;
  grantHint(scopes: readonly string[]): string;
  /** Nobody is signed in. */
  readonly absent: string;
  /** The session has ended; `why` in the authority's words when it refused to renew it. */
  ended(why: string | undefined): string;
}

/** What a source of tokens works with. */
export interface RenewingSourceOptions {
  readonly context: AuthContext;
  readonly keeper: SessionKeeper;
  readonly words: SessionWords;
  /** Sends one token request. Throws AppError when it got no answer. */
  readonly renew: (record: SessionRecord) => Promise<RenewalOutcome>;
}

/** What one renewal is to bring about. */
interface Wish {
  /** A token that the tenant refused, so that having it is not enough. */
  readonly refused?: string;
  /** Milliseconds the token has to last. */
  readonly lasting?: number;
}

/**
 * Hands out the tokens of a session that can be renewed. One renewal is under way at a time, however many calls wait for
 * it; a call causes one token request at most; a renewal that fails leaves a token that still works in use.
 */
export class RenewingSource implements TokenSource {
  readonly #options: RenewingSourceOptions;
  #record: SessionRecord | undefined;
  /** The keeper's version that `#record` was read at. */
  #version: string | undefined;
  /** Token in the store that `#record` replaces there as soon as the store can be written again. */
  #unsavedOver: string | undefined;
  /** A refresh token that the authority refused: asking again with it is pointless. */
  #dead: string | undefined;
  #loading: Promise<void> | undefined;
  #flight: Promise<void> | undefined;
  /** Tokens whose call has had its one token request. */
  readonly #settled = new WeakSet<AccessToken>();

  constructor(options: RenewingSourceOptions) {
    this.#options = options;
  }

  get signInHint(): string {
    return this.#options.words.signInHint;
  }

  grantHint(scopes: readonly string[]): string {
    return this.#options.words.grantHint(scopes);
  }

  /** Whether the session can go on without a person; known once it has been read. */
  get renewable(): boolean {
    return this.#record !== undefined && isRenewable(this.#record);
  }

  /**
   * @param lasting milliseconds the token should still last; a renewable session is renewed for it where that can help
   * @throws AppError exit 3 when there is no session or it has ended, 4 when the authority cannot be reached, 1 when the
   * store cannot
   */
  async get(signal: AbortSignal, lasting = 0): Promise<AccessToken> {
    await unlessAborted(signal, () => this.#load());
    const record = this.#record;
    if (record !== undefined && this.#serves(record, { lasting })) return this.#hand(record);
    try {
      await unlessAborted(signal, () => this.#renewOnce({ lasting }));
    } catch (error) {
      const current = this.#record;
      if (!(error instanceof AppError) || signal.aborted) throw error;
      if (current === undefined || !isAlive(current, this.#now())) throw error;
      this.#options.context.log("renewal failed", { code: error.code });
    }
    const token = this.#hand(this.#held());
    this.#settled.add(token);
    return token;
  }

  async renew(refused: AccessToken, signal: AbortSignal): Promise<AccessToken | undefined> {
    const hasToken = () => this.#record !== undefined && this.#record.token.value !== refused.value;
    await unlessAborted(signal, () => this.#load(this.#settled.has(refused)));
    if (!hasToken() && !this.#settled.has(refused)) {
      try {
        await unlessAborted(signal, () => this.#renewOnce({ refused: refused.value }));
      } catch (error) {
        if (!(error instanceof AppError) || error.exit !== Exit.signedOut) throw error;
      }
    }
    if (!hasToken()) return undefined;
    const token = this.#hand(this.#held());
    this.#settled.add(token);
    return token;
  }

  #now(): number {
    return this.#options.context.clock.now();
  }

  #held(): SessionRecord {
    if (this.#record === undefined) throw this.#signedOut(this.#options.words.absent);
    return this.#record;
  }

  #signedOut(message: string): AppError {
    return signedOutError(message, this.signInHint);
  }

  #hand({ token }: SessionRecord): AccessToken {
    return { ...token };
  }

  #hold(record: SessionRecord | undefined): void {
    this.#record = record;
    if (record !== undefined)
      for (const secret of secretsOf(record)) this.#options.context.secrets.register(secret);
  }

  /** Whether a record needs no renewal for what is wished. */
  #serves(record: SessionRecord, { refused, lasting = 0 }: Wish): boolean {
    if (record.token.value === refused || !isFresh(record, this.#now())) return false;
    const { expiresAt } = record.token;
    if (expiresAt === undefined || this.#now() + lasting < expiresAt) return true;
    // A token that lives no longer than that anyway is not replaced by another of its kind.
    return !isRenewable(record) || expiresAt - record.obtainedAt <= lasting;
  }

  /** Reads the session on first use and after somebody signed in or out, once however many calls ask. */
  async #load(force = false): Promise<void> {
    // What is under way may have been begun without force, and does not read what looks unchanged.
    if (force) await this.#loading;
    this.#loading ??= this.#readIfChanged(force).finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async #readIfChanged(force: boolean): Promise<void> {
    const { keeper } = this.#options;
    if (this.#unsavedOver !== undefined) await keeper.exclusively(() => this.#saveAgain());
    const version = await keeper.version();
    if (version === this.#version && !force) return;
    const stored = await keeper.read();
    if (stored?.token.value !== this.#unsavedOver || stored === undefined) {
      this.#unsavedOver = undefined;
      this.#hold(stored);
    }
    this.#version = version;
  }

  #renewOnce(wish: Wish): Promise<void> {
    this.#flight ??= this.#options.keeper
      .exclusively(() => this.#renewNow(wish))
      .finally(() => {
        this.#flight = undefined;
      });
    return this.#flight;
  }

  async #renewNow(wish: Wish): Promise<void> {
    const { context, keeper, words } = this.#options;
    const stored = await keeper.read();
    const unsaved =
      stored !== undefined && stored.token.value === this.#unsavedOver ? this.#record : undefined;
    const record = unsaved ?? stored;
    this.#hold(record);
    if (record === undefined) throw this.#signedOut(words.absent);
    if (unsaved !== undefined && stored !== undefined) await this.#save(unsaved, stored);
    // Another process may have renewed the session while this one waited.
    if (this.#serves(record, wish)) return;
    if (!isRenewable(record)) throw this.#signedOut(words.ended(undefined));
    const { refreshToken } = record;
    if (refreshToken !== undefined) {
      if (refreshToken === this.#dead) throw this.#signedOut(words.ended("the refresh token was refused"));
      // A rotated refresh token that cannot be stored is lost, so the store is tried before the old one is spent.
      if (unsaved === undefined) await keeper.write(record);
    }
    const outcome = await this.#options.renew(record);
    if (outcome.kind === "renewed") {
      context.log("renewed", { expires_at: outcome.record.token.expiresAt });
      this.#hold(outcome.record);
      await this.#save(outcome.record, record);
      return;
    }
    this.#dead = refreshToken;
    const again = await keeper.read();
    this.#hold(again);
    if (again !== undefined && again.token.value !== record.token.value && this.#serves(again, wish)) return;
    throw this.#signedOut(words.ended(outcome.words));
  }

  /** Keeps a renewed session. Where the store fails, this process goes on with it and every call tries again. */
  async #save(record: SessionRecord, over: SessionRecord): Promise<void> {
    try {
      await this.#options.keeper.write(record);
      this.#unsavedOver = undefined;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (this.#unsavedOver === undefined) {
        this.#options.context.warn(
          `The renewed session could not be kept, and ends with this process unless it can be later: ${error.message}`,
        );
      }
      this.#unsavedOver ??= over.token.value;
    }
  }

  async #saveAgain(): Promise<void> {
    const stored = await this.#options.keeper.read();
    if (this.#record !== undefined && stored !== undefined && stored.token.value === this.#unsavedOver) {
      await this.#save(this.#record, stored);
    } else {
      // Somebody signed in or out in the meantime, which counts for more.
      this.#unsavedOver = undefined;
      this.#hold(stored);
    }
  }
}

/** Waits for shared work, but not longer than the one who asks for it. The work itself goes on for the others. */
async function unlessAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  if (signal.aborted) throw cancelledError();
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(cancelledError());
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([work(), aborted.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
