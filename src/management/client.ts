import type { AccessToken, TokenSource } from "../auth/token-source.ts";
import { CHECK_DOMAIN, type TenantAddress } from "../config/domain.ts";
import { PRODUCT, VERSION } from "../config/product.ts";
import { pause, withDeadline } from "../lib/cancellation.ts";
import type { Clock } from "../lib/clock.ts";
import { AppError, cancelledError } from "../lib/errors.ts";
import type { Fetch } from "../lib/fetch.ts";
import type { Logger } from "../lib/logger.ts";
import { RetryAllowance } from "./allowance.ts";
import { nextLink, readBody } from "./answer.ts";
import type { ApiRequest, LinkedAnswer, Send } from "./api.ts";
import { refusalError, UNCERTAIN, unreachableError } from "./errors.ts";
import { requestQuery } from "./query.ts";
import { type Failure, retryDelay, secondsToWait, waitHint } from "./retry.ts";

/** How long one request may take, in milliseconds. */
const DEADLINE = 30_000;

export interface ClientOptions {
  readonly tenant: TenantAddress;
  readonly tokens: TokenSource;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly log: Logger;
  /** Numbers in [0, 1). */
  readonly random: () => number;
}

/**
 * The Management API client: one origin, a bearer token, a deadline and an abort signal on every request, and retries
 * that respect the tenant's limits.
 *
 * The returned function throws AppError for everything that is not a 2xx answer.
 */
export function createClient(options: ClientOptions): Send {
  const { tokens, clock, log, random } = options;

  return async function send(request, signal, allowance = new RetryAllowance()) {
    refuseAborted(signal);
    const started = clock.now();
    let token = await tokens.get(signal);
    refuseAborted(signal);
    let renewed = false;
    let number = 1;
    let answered: AppError | undefined;
    try {
      for (; ; number++) {
        const left = allowance.left - (clock.now() - started);
        const deadline = number === 1 ? DEADLINE : Math.min(DEADLINE, left);
        const outcome = await attempt(options, request, token, signal, deadline);
        if ("answer" in outcome) return outcome.answer;
        if (outcome.tokenRefused && !renewed) {
          renewed = true;
          const fresh = await tokens.renew(token, signal);
          refuseAborted(signal);
          if (fresh === undefined) throw outcome.error;
          token = fresh;
          continue;
        }
        const elapsed = allowance.spent + clock.now() - started;
        const wait = retryDelay(outcome.failure, { method: request.method, number, elapsed }, random());
        if (outcome.failure.kind === "answer") answered = outcome.error;
        // The tenant's own words tell more than silence. Of a write, silence leaves open whether it was made.
        if (wait === undefined) throw request.method === "GET" ? (answered ?? outcome.error) : outcome.error;
        log("retry", { method: request.method, path: request.path, attempt: number, wait: Math.round(wait) });
        await pause(clock, wait, signal);
      }
    } finally {
      if (number > 1) allowance.spend(clock.now() - started);
    }
  };
}

/** Whoever hands out tokens ends by the signal too, but what was at hand may come after it. */
function refuseAborted(signal: AbortSignal): void {
  if (signal.aborted) throw cancelledError();
}

type Outcome =
  | { readonly answer: LinkedAnswer }
  | { readonly failure: Failure; readonly error: AppError; readonly tokenRefused: boolean };

async function attempt(
  { tenant, tokens, fetch, clock, log }: ClientOptions,
  request: ApiRequest,
  token: AccessToken,
  signal: AbortSignal,
  deadline: number,
): Promise<Outcome> {
  const url = requestUrl(tenant, request);
  const started = clock.now();
  try {
    const { response, body } = await withDeadline(signal, deadline, async (limited) => {
      const response = await fetch(url.href, {
        method: request.method,
        headers: headersOf(request, token),
        redirect: "manual",
        signal: limited,
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      });
      return { response, body: await readBody(response) };
    });
    log("request", {
      method: request.method,
      path: request.path,
      status: response.status,
      ms: clock.now() - started,
    });
    if (response.ok && body !== undefined) return { answer: { body, next: nextLink(response.headers) } };
    if (response.ok || isRedirect(response.status)) throw unexpectedAnswer(tenant, request, response);

    const { status, headers } = response;
    const failure: Failure = { kind: "answer", status, waitFor: waitHint(status, headers, clock.now()) };
    const error = refusalError(
      {
        status,
        body,
        requestId: headers.get("x-auth0-requestid") ?? undefined,
        retryAfter: secondsToWait(failure, request.method),
      },
      request,
      tokens,
    );
    return { failure, error, tokenRefused: error.code === "token_refused" || error.code === "token_expired" };
  } catch (error) {
    if (signal.aborted) throw cancelledError();
    if (error instanceof AppError) throw error;
    log("no answer", { method: request.method, path: request.path, ms: clock.now() - started });
    return {
      failure: { kind: "no_answer" },
      error: unreachableError(tenant.domain, request, error),
      tokenRefused: false,
    };
  }
}

/** @throws AppError when the path would leave the tenant's Management API */
function requestUrl({ origin }: TenantAddress, request: ApiRequest): URL {
  const url = new URL(`${origin}/api/v2${request.path}${requestQuery(request)}`);
  if (!request.path.startsWith("/") || url.origin !== origin || url.pathname !== `/api/v2${request.path}`) {
    throw new AppError({
      code: "invalid_arguments",
      message: `${request.path} does not stay below the tenant's Management API.`,
    });
  }
  return url;
}

function headersOf(request: ApiRequest, token: AccessToken): Record<string, string> {
  return {
    accept: "application/json",
    authorization: `Bearer ${token.value}`,
    "user-agent": `${PRODUCT}/${VERSION}`,
    ...(request.body === undefined ? {} : { "content-type": "application/json" }),
  };
}

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}

function unexpectedAnswer(tenant: TenantAddress, request: ApiRequest, response: Response): AppError {
  const what = isRedirect(response.status)
    ? "a redirect, which is not followed"
    : "something that cannot be read as JSON";
  return new AppError({
    code: "unexpected_answer",
    message: `${tenant.domain} answered ${response.status} with ${what}.`,
    hint: [CHECK_DOMAIN, ...(response.ok && request.method !== "GET" ? [UNCERTAIN] : [])].join(" "),
    status: response.status,
  });
}
