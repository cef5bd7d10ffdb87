import { MAX_TOTAL } from "./allowance.ts";
import type { Method } from "./api.ts";

/** How often one request is sent at most. */
const MAX_ATTEMPTS = 3;
/** An attempt that has less time than this, in milliseconds, is not begun. */
const SHORTEST_ATTEMPT = 1_000;

const FIRST_BACKOFF = 400;

export type Failure =
  | { readonly kind: "answer"; readonly status: number; readonly waitFor: number | undefined }
  | { readonly kind: "no_answer" };

export interface Attempt {
  readonly method: Method;
  /** 1 for the first. */
  readonly number: number;
  /** Milliseconds since the first was sent, and those that earlier requests of the call spent on being repeated. */
  readonly elapsed: number;
}

/**
 * Milliseconds to wait before the request is sent again, or `undefined` when it must not be.
 * A 429 was refused before it did anything, so any method may be repeated; otherwise only reads are.
 *
 * @param random a number in [0, 1), for the jitter
 */
export function retryDelay(failure: Failure, attempt: Attempt, random: number): number | undefined {
  if (attempt.number >= MAX_ATTEMPTS || !repeatable(failure, attempt.method)) return undefined;
  const backoff = FIRST_BACKOFF * 2 ** (attempt.number - 1) * (0.5 + random);
  const asked =
    failure.kind === "answer" && failure.waitFor !== undefined ? failure.waitFor + random * 250 : 0;
  // A limit whose reset lies in the past already (skewed clocks) is not hammered either.
  const wait = Math.max(asked, backoff);
  return attempt.elapsed + wait + SHORTEST_ATTEMPT <= MAX_TOTAL ? wait : undefined;
}

/** Seconds after which a refused request may succeed when repeated; `undefined` when repeating is not the remedy. */
export function secondsToWait(failure: Failure, method: Method): number | undefined {
  if (failure.kind === "no_answer" || !repeatable(failure, method)) return undefined;
  return Math.max(1, Math.ceil((failure.waitFor ?? FIRST_BACKOFF * 2 ** MAX_ATTEMPTS) / 1_000));
}

function repeatable(failure: Failure, method: Method): boolean {
  if (failure.kind === "no_answer") return method === "GET";
  if (failure.status === 429) return true;
  return method === "GET" && (failure.status === 408 || failure.status >= 500);
}

/**
 * Milliseconds until the tenant takes requests again, from `Retry-After` (RFC 9110 §10.2.3, seconds or a date) or, on
 * a 429, `x-ratelimit-reset` (Unix seconds; it comes on every answer, and elsewhere says nothing about the failure).
 * Dates count from the tenant's own clock where the answer carries its `Date`.
 */
export function waitHint(status: number, headers: Headers, now: number): number | undefined {
  const date = Date.parse(headers.get("date") ?? "");
  const tenantNow = Number.isNaN(date) ? now : date;
  const after = headers.get("retry-after") ?? "";
  if (/^\d+$/.test(after)) return Number(after) * 1_000;
  const until = /^[a-z]/i.test(after) ? Date.parse(after) : Number.NaN;
  if (!Number.isNaN(until)) return Math.max(0, until - tenantNow);
  const reset = headers.get("x-ratelimit-reset") ?? "";
  if (status !== 429 || !/^\d+$/.test(reset)) return undefined;
  return Math.max(0, Number(reset) * 1_000 - tenantNow);
}
