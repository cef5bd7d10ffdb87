import { unlessAborted } from "../lib/cancellation.ts";
import { AppError, Exit, signedOutError } from "../lib/errors.ts";
import type { AuthContext } from "./context.ts";
import type { RenewalOutcome } from "./renewal.ts";
import {
  isAlive,
  isFresh,
  isRenewable,
  type RenewableRecord,
  type SessionRecord,
  secretsOf,
} from "./session-record.ts";
import { type SessionKeeper, SteadyKeeper } from "./steady-keeper.ts";
import type { AccessToken, TokenSource } from "./token-source.ts";

/** What is said about a session, and what mends it. */
export interface SessionWords {
  readonly signInHint: string;
  grantHint(scopes: readonly string[]): string;
  /** The session has ended; `why` in the authority's words when it refused to renew it. */
  ended(why: string | undefined): string;
}

/** What a source of tokens works with. */
export interface RenewingSourceOptions {
  readonly context: AuthContext;
  readonly keeper: SessionKeeper;
  readonly words: SessionWords;
  /** Begins the session where none is kept. Throws AppError (exit 3) where only a person can. */
  readonly signIn: () => Promise<SessionRecord>;
  /** Sends one token request. Throws AppError when it got no answer. */
  readonly renew: (record: RenewableRecord) => Promise<RenewalOutcome>;
}

/** What one renewal is to bring about. */
interface Wish {
  /** A token that the tenant refused, so that having it is not enough. */
  readonly refused?: string;
  /** Milliseconds the token should still last. */
  readonly minTtl?: number;
}

/**
 * Hands out the tokens of a session that can be renewed. One renewal is under way at a time, however many calls wait for
 * it; a call causes one token request at most; a renewal that fails leaves a token that still works in use.
 */
export class RenewingSource implements TokenSource {
  readonly #options: RenewingSourceOptions;
  readonly #keeper: SteadyKeeper;
  #record: SessionRecord | undefined;
  /** The keeper's version that `#record` was read at. */
  #version: string | undefined;
  /** A refresh token that the authority refused: asking again with it is pointless. */
  #dead: string | undefined;
  #loading: Promise<void> | undefined;
  #flight: Promise<SessionRecord> | undefined;
  /** Tokens whose call has had its one token request. */
  readonly #settled = new WeakSet<AccessToken>();

  constructor(options: RenewingSourceOptions) {
    this.#options = options;
    this.#keeper = new SteadyKeeper(options.keeper, options.context.warn);
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
   * @throws AppError exit 3 when there is no session or it has ended, 4 when the authority cannot be reached, 1 when the
   * store cannot
   */
  async get(signal: AbortSignal, minTtl = 0): Promise<AccessToken> {
    await unlessAborted(signal, () => this.#load());
    let record = this.#record;
    if (record !== undefined && this.#serves(record, { minTtl })) return this.#hand(record);
    try {
      record = await unlessAborted(signal, () => this.#renewOnce({ minTtl }));
    } catch (error) {
      record = this.#record;
      if (!(error instanceof AppError) || signal.aborted) throw error;
      if (record === undefined || !isAlive(record, this.#now())) throw error;
      this.#options.context.log("renewal failed", { code: error.code });
    }
    return this.#handLast(record);
  }

  async renew(refused: AccessToken, signal: AbortSignal): Promise<AccessToken | undefined> {
    const other = () => (this.#record?.token.value === refused.value ? undefined : this.#record);
    await unlessAborted(signal, () => this.#load(this.#settled.has(refused)));
    if (other() === undefined && !this.#settled.has(refused)) {
      try {
        await unlessAborted(signal, () => this.#renewOnce({ refused: refused.value }));
      } catch (error) {
        if (!(error instanceof AppError) || error.exit !== Exit.signedOut) throw error;
      }
    }
    const record = other();
    return record === undefined ? undefined : this.#handLast(record);
  }

  #now(): number {
    return this.#options.context.clock.now();
  }

  #signedOut(message: string): AppError {
    return signedOutError(message, this.signInHint);
  }

  #hand({ token }: SessionRecord): AccessToken {
    return { ...token };
  }

  /** Hands out the token of a call that gets no other one. */
  #handLast(record: SessionRecord): AccessToken {
    const token = this.#hand(record);
    this.#settled.add(token);
    return token;
  }

  #hold(record: SessionRecord | undefined): void {
    this.#record = record;
    if (record !== undefined)
      for (const secret of secretsOf(record)) this.#options.context.secrets.register(secret);
  }

  /** Whether a record needs no renewal for what is wished. */
  #serves(record: SessionRecord, { refused, minTtl = 0 }: Wish): boolean {
    if (record.token.value === refused || !isFresh(record, this.#now())) return false;
    const { expiresAt } = record.token;
    if (expiresAt === undefined || this.#now() + minTtl < expiresAt) return true;
    // A token that lives no longer than that anyway is not replaced by another of its kind.
    return !isRenewable(record) || expiresAt - record.obtainedAt <= minTtl;
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
    if (this.#keeper.isAhead) this.#hold(await keeper.exclusively(() => this.#keeper.catchUp()));
    const version = await keeper.version();
    if (version === this.#version && !force) return;
    this.#hold(await this.#keeper.read());
    this.#version = version;
  }

  #renewOnce(wish: Wish): Promise<SessionRecord> {
    this.#flight ??= this.#options.keeper
      .exclusively(() => this.#renewNow(wish))
      .finally(() => {
        this.#flight = undefined;
      });
    return this.#flight;
  }

  async #renewNow(wish: Wish): Promise<SessionRecord> {
    const { keeper, words } = this.#options;
    const record = await this.#keeper.catchUp();
    this.#hold(record);
    if (record === undefined) {
      const first = await this.#options.signIn();
      await keeper.write(first);
      this.#take(first);
      return first;
    }
    // Another process may have renewed the session while this one waited.
    if (this.#serves(record, wish)) return record;
    if (!isRenewable(record)) throw this.#signedOut(words.ended(undefined));
    const { kind, value } = record.renewal;
    if (kind === "refresh_token") {
      if (value === this.#dead) throw this.#signedOut(words.ended("the refresh token was refused"));
      // A rotated refresh token that cannot be stored is lost, so the store is tried before the old one is spent.
      if (!this.#keeper.isAhead) await keeper.write(record);
    }
    const outcome = await this.#options.renew(record);
    if (outcome.kind === "renewed") {
      this.#take(outcome.record);
      await this.#keeper.save(outcome.record, record.token.value);
      return outcome.record;
    }
    if (kind === "refresh_token") this.#dead = value;
    const again = await this.#keeper.read();
    this.#hold(again);
    if (again !== undefined && again.token.value !== record.token.value && this.#serves(again, wish))
      return again;
    throw this.#signedOut(words.ended(outcome.words));
  }

  /** Goes on with what the authority has just given. */
  #take(record: SessionRecord): void {
    this.#options.context.log("renewed", { expires_at: record.token.expiresAt });
    this.#hold(record);
  }
}
