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

/** Every kind of failure. Models and scripts read these words, so one that is there keeps its meaning. */
export type ErrorCode =
  // Of any command
  | "usage"
  | "cancelled"
  | "timeout"
  | "output_failed"
  // Of files of this program
  | "file_not_written"
  | "lock_unavailable"
  | "tenants_unreadable"
  | "unsafe_file"
  // Of sessions and signing in
  | "authority_unreachable"
  | "not_signed_in"
  | "sign_in_expired"
  | "store_unreachable"
  | "token_ends_too_soon"
  // Of the tenant
  | "answer_too_large"
  | "conflict"
  | "feature_unavailable"
  | "forbidden"
  | "forbidden_fields"
  | "insufficient_scope"
  | "invalid_request"
  | "limit_reached"
  | "not_found"
  | "rate_limited"
  | "request_too_large"
  | "tenant_error"
  | "tenant_unreachable"
  | "token_expired"
  | "token_refused"
  | "unexpected_answer"
  // Of tools
  | "build_failed"
  | "invalid_arguments"
  | "read_only"
  // Of clients
  | "client_file"
  | "server_check"
  // Of the sandbox
  | "port_unavailable"
  // Of upgrades
  | "download_refused"
  | "no_executable"
  | "no_release"
  | "no_release_place"
  | "not_this_program"
  | "owned"
  | "unreachable";

export interface AppErrorDetails {
  /** Stable machine-readable word, for example `rate_limited`. */
  readonly code: ErrorCode;
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
  /** The scopes that the tenant's refusal names: all that would do, wider ones included. For advice, and not shown. */
  readonly scopes?: readonly string[] | undefined;
  readonly cause?: unknown;
}

/**
 * The one error of this program that is meant for people and models. Everything else that is thrown is a defect
 * and is reported as such, without its text.
 */
export class AppError extends Error {
  readonly #details: AppErrorDetails;
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly exit: ExitCode;
  readonly status: number | undefined;
  readonly retryAfter: number | undefined;
  readonly requestId: string | undefined;
  readonly scopes: readonly string[] | undefined;

  constructor(details: AppErrorDetails) {
    super(details.message, { cause: details.cause });
    this.name = "AppError";
    this.#details = details;
    this.code = details.code;
    this.hint = details.hint;
    this.exit = details.exit ?? Exit.failed;
    this.status = details.status;
    this.retryAfter = details.retryAfter;
    this.requestId = details.requestId;
    this.scopes = details.scopes;
  }

  /** The same failure in other words: it keeps whatever is not changed, and has this one as its cause. */
  with(changes: Partial<AppErrorDetails>): AppError {
    return new AppError({ ...this.#details, cause: this, ...changes });
  }
}

/** A mistake in flags, variables or arguments on the command line: exit 2, nothing was run. */
export function usageError(message: string, hint?: string, cause?: unknown): AppError {
  return new AppError({ code: "usage", message, hint, exit: Exit.usage, cause });
}

/** No usable token: none given, expired or refused. */
export function signedOutError(message: string, hint: string): AppError {
  return new AppError({ code: "not_signed_in", message, hint, exit: Exit.signedOut });
}

/** What the log tells of a defect: where it was thrown, if that is known. */
export function traceOf(defect: unknown): string {
  return defect instanceof Error ? (defect.stack ?? String(defect)) : String(defect);
}

/** The caller withdrew the call. Nothing further is sent for it. */
export function cancelledError(): AppError {
  return new AppError({ code: "cancelled", message: "The call was cancelled.", exit: Exit.interrupted });
}
