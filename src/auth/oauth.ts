import { CHECK_DOMAIN, type TenantAddress } from "../config/domain.ts";
import { PRODUCT, VERSION } from "../config/product.ts";
import { connectionProblem } from "../lib/connection-problem.ts";
import { AppError, cancelledError, Exit } from "../lib/errors.ts";
import { asNumber, asObject, asString, type JsonObject, parseJson } from "../lib/json.ts";
import type { AuthContext } from "./context.ts";
import { readClaims } from "./jwt.ts";
import type { AccessToken } from "./token-source.ts";

/** How long one request may take, in milliseconds, and how much is read of its answer, in bytes. */
const DEADLINE = 30_000;
const MAX_BYTES = 1024 * 1024;

/** How one request to the Authentication API ended. */
export type OAuthAnswer =
  | OAuthSuccess
  | OAuthRefusal
  /** No answer, or one that says that the authority is in trouble. */
  | { readonly kind: "unavailable"; readonly reason: string };

/** What the authority answered to a request that it granted. */
export interface OAuthSuccess extends AnswerTimes {
  readonly kind: "ok";
  readonly body: JsonObject;
}

/** A decision of the authority against a request. Refusals are told apart by `error`, never by the status. */
export interface OAuthRefusal extends AnswerTimes {
  readonly kind: "refused";
  /** `access_denied`, `slow_down`, …; `http_<status>` when the answer names none. */
  readonly error: string;
  /** The authority's own words, in one printable line without secrets; empty when it gave none. */
  readonly description: string;
}

interface AnswerTimes {
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  /** Milliseconds that the authority's clock is ahead of ours. */
  readonly clockOffset: number;
}

/**
 * POSTs a form to an endpoint of the Authentication API.
 *
 * @throws AppError `cancelled` when the signal aborts; everything else is an answer
 */
export async function postForm(
  context: AuthContext,
  authority: TenantAddress,
  path: string,
  form: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<OAuthAnswer> {
  const { fetch, clock, log, secrets } = context;
  const started = clock.now();
  const step = (outcome: string) =>
    log("authority", { host: authority.domain, path, outcome, ms: clock.now() - started });
  try {
    const deadline = AbortSignal.timeout(DEADLINE);
    const response = await fetch(`${authority.origin}${path}`, {
      method: "POST",
      headers: {
        accept: "application/json",
        "content-type": "application/x-www-form-urlencoded",
        "user-agent": `${PRODUCT}/${VERSION}`,
      },
      body: new URLSearchParams(form).toString(),
      redirect: "manual",
      signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
    });
    const text = await readText(response);
    const receivedAt = clock.now();
    const times: AnswerTimes = { receivedAt, clockOffset: clockOffset(response.headers, receivedAt) };
    const body = asObject(parseJson(text));
    const error = errorCodeOf(body);
    step(error ?? String(response.status));
    // /oauth/revoke answers 200 with nothing in it.
    if (response.ok && (body !== undefined || text.trim() === ""))
      return { kind: "ok", body: body ?? {}, ...times };
    if (error === undefined ? isTrouble(response.status) : TROUBLE.has(error)) {
      return { kind: "unavailable", reason: `it answered ${response.status}` };
    }
    if (response.ok) return { kind: "unavailable", reason: "it answered with something that is no JSON" };
    const description = printable(secrets.text(asString(body?.["error_description"]) ?? ""));
    return { kind: "refused", error: error ?? `http_${response.status}`, description, ...times };
  } catch (error) {
    if (signal?.aborted) throw cancelledError();
    step("no answer");
    return { kind: "unavailable", reason: connectionProblem(error) };
  }
}

/** Codes that say nothing about the request, only that it should come again later. */
const TROUBLE = new Set(["server_error", "temporarily_unavailable", "too_many_requests"]);

function isTrouble(status: number): boolean {
  return status >= 500 || status === 429 || status === 408;
}

/** The error code of RFC 6749 §5.2. Gateways put words such as "Too Many Requests" in its place; they are none. */
function errorCodeOf(body: JsonObject | undefined): string | undefined {
  const error = asString(body?.["error"]);
  return error !== undefined && /^[a-z0-9_.-]{1,64}$/.test(error) ? error : undefined;
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_BYTES) throw new Error("answer too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Milliseconds that the authority's clock is ahead of ours, as far as its `Date` header (in seconds) tells. */
function clockOffset(headers: Headers, now: number): number {
  const date = Date.parse(headers.get("date") ?? "");
  return Number.isNaN(date) ? 0 : date - now;
}

/** One line that a terminal shows as it is: no control or direction characters, at most 300 characters. */
function printable(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
    .slice(0, 300)
    .trim();
}

/** A token as the authority granted it. */
export interface Grant {
  readonly token: AccessToken;
  readonly obtainedAt: number;
  readonly refreshToken: string | undefined;
  /** Milliseconds that the authority's clock is ahead of ours. */
  readonly clockOffset: number;
}

/**
 * Reads the answer of a token request. `expires_in` counts from receipt and wins over the token's own `exp`, since one of
 * the two clocks may be wrong; scopes come from the answer, then from the token, then from what was asked for.
 *
 * @param asked scopes of the request: an answer leaves them out when it grants exactly these (RFC 6749 §5.1)
 * @throws AppError `unexpected_answer` when there is no usable token in it
 */
export function readGrant(
  { body, receivedAt, clockOffset: offset }: OAuthSuccess,
  authority: TenantAddress,
  { secrets }: AuthContext,
  asked?: readonly string[],
): Grant {
  const value = asString(body["access_token"]);
  const refreshToken = asString(body["refresh_token"]) || undefined;
  for (const secret of [value, refreshToken]) if (secret !== undefined) secrets.register(secret);
  if (value === undefined || !/^[\x21-\x7e]+$/.test(value)) {
    throw new AppError({
      code: "unexpected_answer",
      message: `${authority.domain} answered the token request without an access token.`,
      hint: CHECK_DOMAIN,
    });
  }
  const claims = readClaims(value);
  const lifetime = asNumber(body["expires_in"]);
  const scopes = asString(body["scope"])
    ?.split(" ")
    .filter((scope) => scope !== "");
  return {
    token: {
      value,
      expiresAt: lifetime === undefined ? claims?.expiresAt : receivedAt + lifetime * 1000,
      scopes: scopes ?? claims?.scopes ?? asked,
    },
    obtainedAt: receivedAt,
    refreshToken,
    clockOffset: offset,
  };
}

/** The authority gave no answer that decides anything. */
export function unavailableError(authority: TenantAddress, reason: string): AppError {
  return new AppError({
    code: "authority_unreachable",
    message: `${authority.domain} cannot be asked for a token: ${reason}.`,
    hint: "Check the domain and the network, then try again.",
    exit: Exit.unreachable,
  });
}

/** What an authority said when it refused, for a sentence: its own words, or its error code. */
export function refusalWords({ error, description }: OAuthRefusal): string {
  return description === "" ? error : `${description.replace(/\.$/, "")} (${error})`;
}
