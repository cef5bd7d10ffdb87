/** Process exit codes, the same for every command. */
export const Exit = {
  done: 0,
  failed: 1,
  usage: 2,
  signedOut: 3,
  unreachable: 4,
  toolError: 5,
  hungUp: 129,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof Exit)[keyof typeof Exit];

export interface AppErrorDetails {
  /** Stable machine-readable word, for example `rate_limited`. */
  readonly code: string;
  /** What went wrong, one sentence, without secrets. */
  readonly message: string;
  /** What to do next, with the exact command or argument. */
  readonly hint?: string | undefined;
  /** What the process ends with when the error reaches the command line. */
  readonly exit?: ExitCode | undefined;
  /** HTTP status of the tenant's answer. */
  readonly status?: number | undefined;
  /** Seconds after which the same call may succeed. */
  readonly retryAfter?: number | undefined;
  /** The tenant's own name for the request, for its support. */
  readonly requestId?: string | undefined;
  readonly cause?: unknown;
}

/**
 * The one error of this program that is meant for people and models. Everything else that is thrown is a defect
 * and is reported as such, without its text.
 */
export class AppError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly exit: ExitCode;
  readonly status: number | undefined;
  readonly retryAfter: number | undefined;
  readonly requestId: string | undefined;

  constructor(details: AppErrorDetails) {
    super(details.message, { cause: details.cause });
    this.name = "AppError";
    this.code = details.code;
    this.hint = details.hint;
    this.exit = details.exit ?? Exit.failed;
    this.status = details.status;
    this.retryAfter = details.retryAfter;
    this.requestId = details.requestId;
  }
}

/** A mistake in flags, variables or arguments on the command line: exit 2, nothing was run. */
export function usageError(message: string, hint?: string): AppError {
  return new AppError({ code: "usage", message, hint, exit: Exit.usage });
}

/** No usable token: none given, expired or refused. */
export function signedOutError(message: string, hint: string): AppError {
  return new AppError({ code: "not_signed_in", message, hint, exit: Exit.signedOut });
}

/** The caller withdrew the call. Nothing further is sent for it. */
export function cancelledError(): AppError {
  return new AppError({ code: "cancelled", message: "The call was cancelled.", exit: Exit.interrupted });
}
