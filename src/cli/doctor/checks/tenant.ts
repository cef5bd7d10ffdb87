import type { IdentifiedSession } from "../../../auth/session.ts";
import { describeDuration } from "../../../lib/duration.ts";
import { AppError, Exit } from "../../../lib/errors.ts";
import type { Fetch } from "../../../lib/fetch.ts";
import { createClient } from "../../../management/client.ts";
import { path } from "../../../management/path.ts";
import { authContext } from "../../sessions.ts";
import { type Check, type Examination, type Finding, NO_SESSION } from "../check.ts";

/** Milliseconds by which this machine's clock may be off: signed proofs and expiry times are judged by it. */
const SKEW = 60_000;
/** The share of the rate limit below which little is left. */
const LITTLE = 0.1;

export const tenant: Check = {
  id: "tenant",
  title: "Tenant",
  async run(examination) {
    const session = await usableSession(examination);
    if (session === undefined) return NO_SESSION;
    return judge(session.tenant.domain, await ask(session, examination));
  },
};

/** `undefined` where the session's own check says why there is none. */
async function usableSession(examination: Examination): Promise<IdentifiedSession | undefined> {
  try {
    const session = await examination.session();
    await examination.token();
    return session;
  } catch (error) {
    if (error instanceof AppError && error.exit !== Exit.interrupted) return undefined;
    throw error;
  }
}

/** The last answer of the tenant, as far as it matters here. */
interface Answer {
  readonly headers: Headers;
  /** When it was asked and when it answered, by this machine's clock, in milliseconds. */
  readonly asked: number;
  readonly answered: number;
}

/** @throws AppError when the tenant does not answer, or refuses the token */
async function ask({ tenant, tokens }: IdentifiedSession, examination: Examination): Promise<Answer> {
  const { invocation, redactor, clock } = examination;
  const context = authContext(invocation, redactor);
  let answer: Answer | undefined;
  const observing: Fetch = async (url, init) => {
    const asked = clock.now();
    const response = await context.fetch(url, init);
    answer = { headers: response.headers, asked, answered: clock.now() };
    return response;
  };
  const { log } = context;
  const send = createClient({ tenant, tokens, fetch: observing, clock, log, random: Math.random });
  try {
    await send(
      { method: "GET", path: path`/clients`, query: { per_page: 1, fields: "client_id" } },
      invocation.interrupt,
    );
  } catch (error) {
    // Whoever says that a scope is missing is there, and has taken the token.
    if (!(error instanceof AppError) || error.code !== "insufficient_scope") throw error;
  }
  if (answer === undefined) throw new TypeError("a request succeeded without an answer");
  return answer;
}

/** What an answer tells of the way to the tenant. */
function judge(domain: string, { headers, asked, answered }: Answer): Finding {
  const skew = skewOf(headers, asked, answered);
  const limit = Number(headers.get("x-ratelimit-limit") ?? Number.NaN);
  const remaining = Number(headers.get("x-ratelimit-remaining") ?? Number.NaN);
  const limited = limit > 0 && remaining >= 0;
  const skewed = skew !== undefined && Math.abs(skew) > SKEW;
  const parts = [
    `${domain} answered in ${Math.round(answered - asked)} ms`,
    skew === undefined ? "its time is not told" : skewed ? skewWords(skew) : "the clocks agree",
    limited ? `${remaining} of ${limit} requests are left at this moment` : "its rate limit is not told",
  ];
  const message = `${parts.join("; ")}.`;
  if (skewed) return { status: "warn", message, remedy: "Set this machine's clock, best by NTP." };
  if (limited && remaining < limit * LITTLE) {
    return {
      status: "warn",
      message,
      remedy: "Other programs use the same limit; wait, or ask them to slow down.",
    };
  }
  return { status: "pass", message };
}

/**
 * Milliseconds by which this machine's clock is ahead of the tenant's; negative when it is behind. The header has whole
 * seconds, and the answer was on its way for a while: what both may explain counts as none.
 */
function skewOf(headers: Headers, asked: number, answered: number): number | undefined {
  const told = Date.parse(headers.get("date") ?? "");
  if (Number.isNaN(told)) return undefined;
  if (asked > told + 1_000) return asked - told - 1_000;
  return answered < told ? answered - told : 0;
}

function skewWords(skew: number): string {
  return `this machine's clock is ${describeDuration(Math.abs(skew))} ${skew > 0 ? "ahead" : "behind"}`;
}
