import type { Clock } from "../lib/clock.ts";
import type { Fetch } from "../lib/fetch.ts";
import type { Logger } from "../lib/logger.ts";

/** Knows every secret of this process, and takes them out of texts. */
export interface SecretKeeper {
  register(value: string): void;
  text(text: string): string;
}

/** What signing in and renewing need of the world around them. */
export interface AuthContext {
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly log: Logger;
  readonly secrets: SecretKeeper;
  /** Tells a person what they should know although the work goes on. */
  readonly warn: (message: string) => void;
}
