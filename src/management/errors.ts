import type { TokenSource } from "../auth/token-source.ts";
import { connectionProblem } from "../lib/connection-problem.ts";
import { AppError, type ErrorCode, Exit } from "../lib/errors.ts";
import { asObject, asString, type Json } from "../lib/json.ts";
import { errorCode } from "../lib/system-error.ts";
import type { ApiRequest } from "./api.ts";

/** An answer that is no success. */
export interface Refusal {
  readonly status: number;
  /** Parsed body; `undefined` when it was no JSON. */
  readonly body: Json | undefined;
  readonly requestId: string | undefined;
  /** Seconds until the tenant takes requests again, when it said so. */
  readonly retryAfter: number | undefined;
}

/**
 * Turns an answer of the Management API into the error a model reads: status, the API's own words, and what to do
 * next. The body is `{statusCode, error, message, errorCode?}`, but nothing in it is taken for granted.
 */
export function refusalError(refusal: Refusal, request: ApiRequest, tokens: TokenSource): AppError {
  const body = asObject(refusal.body);
  const said = text(body?.["message"]) ?? text(body?.["error_description"]);
  const fault = classify(refusal, request, said ?? "", text(body?.["errorCode"]), tokens);
  return new AppError({
    ...fault,
    message:
      said ??
      `The tenant answered ${refusal.status} to ${request.method} ${request.path} without an explanation.`,
    status: refusal.status,
    retryAfter: refusal.retryAfter,
    requestId: refusal.requestId,
  });
}

function text(value: Json | undefined): string | undefined {
  const words = asString(value)?.trim();
  return words === "" ? undefined : words;
}

interface Fault {
  readonly code: ErrorCode;
  readonly hint?: string;
  readonly scopes?: readonly string[];
  readonly exit?: typeof Exit.signedOut;
}

function classify(
  { status, retryAfter }: Refusal,
  request: ApiRequest,
  said: string,
  apiCode: string | undefined,
  tokens: TokenSource,
): Fault {
  // A token that is no JWT is answered with 400 and this errorCode.
  if (status === 401 || (status === 400 && (apiCode === "Bearer" || /authentication header/i.test(said)))) {
    const code = /expired/i.test(said) ? "token_expired" : "token_refused";
    return { code, hint: tokens.signInHint, exit: Exit.signedOut };
  }
  if (status === 403) return forbidden(said, apiCode, tokens);
  if (status === 404) {
    return { code: "not_found", hint: "Check the id: list the resource to see which ids exist." };
  }
  if (status === 409)
    return { code: "conflict", ...(/exist|already|same/i.test(said) ? { hint: TAKEN } : {}) };
  if ([413, 414, 431].includes(status)) return { code: "request_too_large", hint: "Send less in one call." };
  if (status === 429) {
    const wait =
      retryAfter === undefined ? "a moment" : `${retryAfter} ${retryAfter === 1 ? "second" : "seconds"}`;
    return {
      code: "rate_limited",
      hint: `The tenant's rate limit is used up. Wait ${wait}, then repeat the call.`,
    };
  }
  if (status >= 500 || status === 408) {
    return { code: "tenant_error", hint: request.method === "GET" ? "Repeat the call later." : UNCERTAIN };
  }
  return { code: "invalid_request" };
}

const TAKEN = "It exists already: read it, or choose another name or identifier.";
export const UNCERTAIN = "The change may have been made: read the resource before repeating.";

/** Features of a larger plan, and what is switched off; the API answers some of them as `insufficient_scope`. */
const FEATURE = /subscription|upgrade|entitle|not enabled|disabled/i;
const FEATURE_CODES = [
  "insufficient_entitlement",
  "feature_not_enabled",
  "rules_not_allowed",
  "hooks_not_allowed",
];

/** A scope that covers the resource and not all of its fields. */
const FIELDS = /some fields cannot be/i;

/** A 403 is told by its text first, since one errorCode stands for several reasons. */
function forbidden(said: string, apiCode: string | undefined, tokens: TokenSource): Fault {
  const { every, any } = expectedScopes(said);
  const needed = [...every, ...any.slice(0, 1)];
  if (needed.length > 0) {
    return { code: "insufficient_scope", hint: tokens.grantHint(needed), scopes: [...every, ...any] };
  }
  if (FIELDS.test(said)) {
    return {
      code: "forbidden_fields",
      hint: "Some of these fields need a scope of their own, such as client_keys for secrets and keys: leave them out, or sign in with it.",
    };
  }
  if (FEATURE.test(said) || FEATURE_CODES.includes(apiCode ?? "")) {
    return {
      code: "feature_unavailable",
      hint: "The tenant's subscription does not include this, or it is not enabled.",
    };
  }
  if (/\blimit\b|maximum number|quota/i.test(said)) {
    return { code: "limit_reached", hint: "The tenant holds as many of these as it may: delete one first." };
  }
  if (apiCode === "insufficient_scope" || /insufficient scope/i.test(said)) {
    return { code: "insufficient_scope", hint: "The token lacks a scope for this." };
  }
  return { code: "forbidden", hint: "The tenant does not allow this for the signed-in application or user." };
}

/**
 * The scopes that a 403 names: those that are all needed, and those of which any is enough. "Insufficient scope,
 * expected any of: a,b" comes with a semicolon as well, as "expected: a", and as "expected: a and any of: b or c".
 */
export function expectedScopes(said: string): {
  readonly every: readonly string[];
  readonly any: readonly string[];
} {
  const [, list = ""] = /insufficient scope.*?\bexpected\b(.*)/is.exec(said) ?? [];
  const [every = "", any = ""] = list.split(/\bany of\b/i);
  const scopes = (part: string) => [...new Set(part.match(/\b[a-z]+:[a-z][a-z0-9_-]*\b/g))];
  return { every: scopes(every), any: scopes(any) };
}

/** The request got no answer: name resolution, connection, TLS, deadline. */
export function unreachableError(host: string, request: ApiRequest, cause: unknown): AppError {
  const timedOut = cause instanceof Error && cause.name === "TimeoutError";
  const sent = request.method !== "GET" && !NEVER_SENT.has(errorCode(cause) ?? "");
  return new AppError({
    code: timedOut ? "timeout" : "tenant_unreachable",
    message: timedOut
      ? `${host} did not answer in time.`
      : `${host} cannot be reached: ${connectionProblem(cause)}.`,
    hint: sent
      ? `Check the domain and the network. ${UNCERTAIN}`
      : "Check the domain and the network, then repeat the call.",
    exit: Exit.unreachable,
    cause,
  });
}

/** Failures of the connection itself: no request has left. */
const NEVER_SENT = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EPROTO",
  "ERR_PROXY_TUNNEL",
]);
