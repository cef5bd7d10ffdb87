import type { AuthContext } from "../../src/auth/context.ts";
import type { Clock } from "../../src/lib/clock.ts";
import type { JsonObject } from "../../src/lib/json.ts";
import { Redactor } from "../../src/policy/redaction.ts";
import { SteppingClock } from "../lib/stepping-clock.ts";

/** One request as an authority received it. */
export interface SentForm {
  readonly url: string;
  readonly form: Readonly<Record<string, string>>;
}

export type Reply = (sent: SentForm, number: number) => Response | Promise<Response>;

export interface Harness<C extends Clock = SteppingClock> {
  readonly context: AuthContext & { readonly secrets: Redactor };
  readonly clock: C;
  readonly sent: SentForm[];
  readonly warnings: string[];
  readonly steps: string[];
}

/** An authority in this process that answers with `reply`, under a clock that moves when something waits. */
export function harness(reply: Reply): Harness;
export function harness<C extends Clock>(reply: Reply, clock: C): Harness<C>;
export function harness(reply: Reply, clock: Clock = new SteppingClock()): Harness<Clock> {
  const sent: SentForm[] = [];
  const warnings: string[] = [];
  const steps: string[] = [];
  const secrets = new Redactor();
  return {
    clock,
    sent,
    warnings,
    steps,
    context: {
      clock,
      secrets,
      log: (step, details) => steps.push(secrets.text(`${step} ${JSON.stringify(details ?? {})}`)),
      warn: (message) => warnings.push(message),
      async fetch(url, init) {
        const form = Object.fromEntries(new URLSearchParams(String(init.body)));
        const one = { url, form };
        sent.push(one);
        return reply(one, sent.length);
      },
    },
  };
}

export function json(body: JsonObject, status = 200, headers: Record<string, string> = {}): Response {
  return Response.json(body, { status, headers });
}

/** What Bun's fetch throws when a connection is cut. */
export function connectionCut(): Error {
  return Object.assign(new Error("The socket connection was closed unexpectedly"), { code: "ECONNRESET" });
}

export const never = new AbortController().signal;
