import type { IdentifiedSession } from "../../auth/session.ts";
import type { AccessToken } from "../../auth/token-source.ts";
import type { Machine } from "../../clients/machine.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Redactor } from "../../policy/redaction.ts";
import type { Invocation } from "../command.ts";
import type { RuntimeArgs } from "../runtime.ts";

/** Works, works but should be known, does not work. */
export type Status = "pass" | "warn" | "fail";

/** What a check found. */
export interface Finding {
  readonly status: Status;
  /** One sentence or more, or one a line. */
  readonly message: string;
  /** What to do, with the exact command; for everything that does not pass. */
  readonly remedy?: string | undefined;
  /**
   * Puts it right, where that takes nobody's decision, and says what was done.
   *
   * @throws AppError for what cannot be mended
   */
  readonly mend?: (() => Promise<string>) | undefined;
  /** What turned up and wants a check of its own. */
  readonly further?: readonly Check[];
}

/** One thing that is looked at. */
export interface Check {
  /** For scripts: the same in every version. */
  readonly id: string;
  readonly title: string;
  /** @throws AppError for what does not work, with the remedy as its hint */
  run(examination: Examination): Promise<Finding>;
}

/** What the checks look at; what several need is worked out once. */
export interface Examination {
  readonly args: RuntimeArgs;
  readonly invocation: Invocation;
  readonly machine: Machine;
  /** The working folder. */
  readonly folder: string;
  readonly clock: Clock;
  /** Knows the secrets; everything that is told passes it. */
  readonly redactor: Redactor;
  /** The session that `run` would use. Throws as `run` does. */
  session(): Promise<IdentifiedSession>;
  /** A token of it that works now. Throws as `run` does. */
  token(): Promise<AccessToken>;
}

/** What is said where another check has told already why there is nothing to look at. */
export const NO_SESSION: Finding = {
  status: "warn",
  message: "Not looked at, since there is no session.",
  remedy: "See the session above.",
};
