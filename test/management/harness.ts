import type { AccessToken, TokenSource } from "../../src/auth/token-source.ts";
import { parseTenantAddress } from "../../src/config/domain.ts";
import type { Fetch } from "../../src/lib/fetch.ts";
import type { Logger } from "../../src/lib/logger.ts";
import type { Send } from "../../src/management/api.ts";
import { createClient } from "../../src/management/client.ts";
import { SteppingClock } from "../lib/stepping-clock.ts";

export const TOKEN = "canary-token-7f3a9c";

/** A token source that hands out one token, and on renewal the ones given, one after the other. */
export function tokenSource(
  renewals: readonly string[] = [],
): TokenSource & { readonly renewed: AccessToken[] } {
  const left = [...renewals];
  const renewed: AccessToken[] = [];
  const make = (value: string): AccessToken => ({ value, expiresAt: undefined, scopes: undefined });
  return {
    renewed,
    signInHint: "Sign in again.",
    grantHint: (scopes) => `Grant ${scopes.join(" and ")}.`,
    get: async () => make(TOKEN),
    async renew(refused) {
      renewed.push(refused);
      const next = left.shift();
      return next === undefined ? undefined : make(next);
    },
  };
}

export interface Logged {
  readonly lines: string[];
  readonly log: Logger;
}

export function recordLog(): Logged {
  const lines: string[] = [];
  return { lines, log: (step, details) => void lines.push(`${step} ${JSON.stringify(details)}`) };
}

/** A client whose requests go to `fetch`, or to the address given. */
export function clientOf(options: {
  readonly fetch?: Fetch;
  readonly address?: string;
  readonly clock?: SteppingClock;
  readonly tokens?: TokenSource;
  readonly log?: Logger;
}): Send {
  return createClient({
    tenant: parseTenantAddress(options.address ?? "acme.eu.auth0.com", "test"),
    tokens: options.tokens ?? tokenSource(),
    fetch: options.fetch ?? fetch,
    clock: options.clock ?? new SteppingClock(),
    log: options.log ?? (() => undefined),
    random: () => 0.5,
  });
}

/** A transport that gives these answers one after the other, the last one for ever, and counts the requests. */
export function answering(...answers: (() => Response | Promise<Response>)[]) {
  const requests: { readonly url: string; readonly init: RequestInit }[] = [];
  const transport: Fetch = async (url, init) => {
    const answer = answers[Math.min(requests.length, answers.length - 1)];
    requests.push({ url, init });
    if (answer === undefined) throw new Error("no answer is prepared");
    return answer();
  };
  return { requests, transport };
}

/** A failure of the connection as the runtime throws it. */
export function connectionError(code: string): Error {
  return Object.assign(new TypeError(`${code}: Unable to connect to ${TOKEN}`), { code });
}

export const json = (body: unknown, init?: ResponseInit) => () => Response.json(body, init);
export const failure = (status: number, body: unknown = {}, headers: Record<string, string> = {}) =>
  json(body, { status, headers });

export function never(): AbortSignal {
  return new AbortController().signal;
}
