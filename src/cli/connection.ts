import type { Session } from "../auth/session.ts";
import type { Fetch } from "../lib/fetch.ts";
import type { Redactor } from "../policy/redaction.ts";

/** A tenant with the means to call it. */
export interface Connection extends Session {
  readonly fetch: Fetch;
  /** Knows the secrets that took part in connecting. */
  readonly redactor: Redactor;
}
