/** A token and what is known of it. */
export interface AccessToken {
  readonly value: string;
  /** Milliseconds since the epoch; `undefined` when unknown. */
  readonly expiresAt: number | undefined;
  /** `undefined` when unknown. */
  readonly scopes: readonly string[] | undefined;
}

/** The only thing that hands out tokens. */
export interface TokenSource {
  /**
   * A token that should work now.
   *
   * @param minTtl milliseconds it should still last: a source that renews does so for that where it can help, and gives
   * the longest one there is
   * @throws AppError (exit 3) when there is none and no way to get one
   */
  get(signal: AbortSignal, minTtl?: number): Promise<AccessToken>;
  /** Another token in place of one the tenant has just refused, or `undefined` when there is no way to get one. */
  renew(refused: AccessToken, signal: AbortSignal): Promise<AccessToken | undefined>;
  /** What a person does to sign in again. */
  readonly signInHint: string;
  /** What a person does to get a token with these scopes as well. */
  grantHint(scopes: readonly string[]): string;
}
