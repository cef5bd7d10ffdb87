/** One sign-in that is under way. */
export interface DeviceSignIn {
  readonly userCode: string;
  readonly clientId: string;
  readonly clientName: string;
  readonly audience: string;
  readonly scopes: readonly string[];
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly decision: "pending" | "approved" | "denied";
  /** Seconds between polls. */
  readonly interval: number;
  readonly lastPoll: number;
  readonly slowDowns: number;
}

/** A refresh token. It is spent by its first use; a second use ends every token that came of the same sign-in. */
export interface RefreshToken {
  readonly clientId: string;
  readonly audience: string;
  readonly scopes: readonly string[];
  /** Names the sign-in. */
  readonly family: string;
  readonly spent: boolean;
}
