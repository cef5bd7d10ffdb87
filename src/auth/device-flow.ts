import type { TenantAddress } from "../config/domain.ts";
import { pause } from "../lib/cancellation.ts";
import { AppError } from "../lib/errors.ts";
import { asNumber, asString, type JsonObject } from "../lib/json.ts";
import type { AuthContext } from "./context.ts";
import { endedError, expiredError, refusedError } from "./device-refusal.ts";
import {
  type Grant,
  type OAuthAnswer,
  type OAuthRefusal,
  type OAuthSuccess,
  postForm,
  readGrant,
  unavailableError,
} from "./oauth.ts";

/** The scope that asks for a refresh token. */
export const OFFLINE_ACCESS = "offline_access";

/** RFC 8628 §3.5, in milliseconds: the interval where none is given, and what `slow_down` adds to it. */
const DEFAULT_INTERVAL = 5_000;
const SLOWER = 5_000;
const SHORTEST_INTERVAL = 100;
/** How long a code is good for where the authority does not say, in milliseconds. */
const DEFAULT_LIFETIME = 900_000;
/** The longest pause after connections that were cut, in milliseconds. */
const LONGEST_BACKOFF = 60_000;

/** Who signs in where, and for what. */
export interface DeviceRequest {
  readonly authority: TenantAddress;
  readonly clientId: string;
  readonly audience: string;
  /** What the tools need. A refresh token is asked for besides. */
  readonly scopes: readonly string[];
}

/** What a person needs to approve the sign-in. */
export interface DeviceCode {
  readonly userCode: string;
  /** Where to enter the code; http or https. */
  readonly verificationUri: string;
  /** The same with the code in it, where the authority gives one. */
  readonly completeUri: string | undefined;
  /** Milliseconds for which the code is good. */
  readonly lifetime: number;
}

interface PendingCode extends DeviceCode {
  readonly deviceCode: string;
  readonly interval: number;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
}

/**
 * Signs a person in by the device authorization grant (RFC 8628).
 *
 * @param show called with the code before polling begins, and again if the authority makes a second one necessary
 * @throws AppError exit 3 when it was denied, expired or refused; exit 4 when the authority cannot be reached; 130 when
 * the signal aborts
 */
export async function signInByDevice(
  context: AuthContext,
  request: DeviceRequest,
  show: (code: DeviceCode) => void,
  signal: AbortSignal,
): Promise<Grant> {
  const { authority, scopes } = request;
  const wide = [...scopes, OFFLINE_ACCESS];
  let answer = await requestCode(context, request, wide, signal);
  let asked = wide;
  if (refusesOffline(answer)) {
    asked = [...scopes];
    answer = await requestCode(context, request, asked, signal);
  }
  for (;;) {
    const code = readCode(settled(answer, authority), authority, context);
    show(code);
    const polled = await poll(context, request, code, signal);
    if (polled.kind === "ok") return readGrant(polled, authority, context, asked);
    if (!refusesOffline(polled) || !asked.includes(OFFLINE_ACCESS)) throw endedError(polled, authority);
    asked = [...scopes];
    answer = await requestCode(context, request, asked, signal);
  }
}

function requestCode(
  context: AuthContext,
  { authority, clientId, audience }: DeviceRequest,
  scopes: readonly string[],
  signal: AbortSignal,
): Promise<OAuthAnswer> {
  const form = { client_id: clientId, audience, scope: scopes.join(" ") };
  return postForm(context, authority, "/oauth/device/code", form, signal);
}

/** Whether an authority turned the request down for its scopes, and so perhaps for `offline_access`. */
function refusesOffline(answer: OAuthAnswer): boolean {
  if (answer.kind !== "refused") return false;
  return answer.error === "invalid_scope" || answer.description.includes(OFFLINE_ACCESS);
}

function settled(answer: OAuthAnswer, authority: TenantAddress): OAuthSuccess {
  if (answer.kind === "ok") return answer;
  if (answer.kind === "unavailable") throw unavailableError(authority, answer.reason);
  throw refusedError(answer, authority);
}

function readCode(
  { body, receivedAt }: OAuthSuccess,
  authority: TenantAddress,
  { secrets }: AuthContext,
): PendingCode {
  const deviceCode = asString(body["device_code"]);
  const userCode = asString(body["user_code"]);
  const verificationUri = webAddress(body, "verification_uri") ?? webAddress(body, "verification_url");
  if (!deviceCode || userCode === undefined || !/^[\x21-\x7e]{1,64}$/.test(userCode) || !verificationUri) {
    throw new AppError({
      code: "unexpected_answer",
      message: `${authority.domain} answered the sign-in request without a code and a link to enter it.`,
      hint: "Check the authority's domain, and that no proxy answers in its place.",
    });
  }
  secrets.register(deviceCode);
  const lifetime = milliseconds(body["expires_in"]) ?? DEFAULT_LIFETIME;
  return {
    deviceCode,
    userCode,
    verificationUri,
    completeUri: webAddress(body, "verification_uri_complete"),
    lifetime,
    interval: Math.max(SHORTEST_INTERVAL, milliseconds(body["interval"]) ?? DEFAULT_INTERVAL),
    deadline: receivedAt + lifetime,
  };
}

/** An http or https address in its normal form, which holds printable ASCII only. */
function webAddress(body: JsonObject, name: string): string | undefined {
  const text = asString(body[name]);
  if (text === undefined || !URL.canParse(text)) return undefined;
  const { protocol, href } = new URL(text);
  return protocol === "https:" || protocol === "http:" ? href : undefined;
}

function milliseconds(seconds: unknown): number | undefined {
  const value = asNumber(seconds);
  return value === undefined || value < 0 ? undefined : value * 1000;
}

/** Asks until the authority has decided or the code has expired. Every wait counts from the last answer. */
async function poll(
  context: AuthContext,
  { authority, clientId }: DeviceRequest,
  code: PendingCode,
  signal: AbortSignal,
): Promise<OAuthSuccess | OAuthRefusal> {
  const { clock } = context;
  const form = {
    grant_type: "urn:ietf:params:oauth:grant-type:device_code",
    device_code: code.deviceCode,
    client_id: clientId,
  };
  let { interval } = code;
  let backoff = 0;
  let unreachable: string | undefined;
  for (;;) {
    const left = code.deadline - clock.now();
    // A long pause after a cut connection must not cost the last chance to ask.
    const wait = backoff > interval && backoff < left ? backoff : interval;
    if (wait >= left) break;
    await pause(clock, wait, signal);
    const answer = await postForm(context, authority, "/oauth/token", form, signal);
    if (answer.kind === "ok") return answer;
    if (answer.kind === "unavailable") {
      unreachable = answer.reason;
      backoff = Math.min(wait * 2, LONGEST_BACKOFF);
      continue;
    }
    unreachable = undefined;
    backoff = 0;
    if (answer.error === "slow_down") interval += SLOWER;
    else if (answer.error !== "authorization_pending") return answer;
  }
  if (unreachable !== undefined) throw unavailableError(authority, unreachable);
  throw expiredError();
}
