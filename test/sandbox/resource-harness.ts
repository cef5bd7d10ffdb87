import type { Clock } from "../../src/lib/clock.ts";
import { asObject, asObjects, asString, type Json, type JsonObject } from "../../src/lib/json.ts";
import { createManagementApi } from "../../src/sandbox/api.ts";
import type { Route } from "../../src/sandbox/route.ts";
import { createState, managementAudience, type TenantState } from "../../src/sandbox/state.ts";
import { createTokenAuthority } from "../../src/sandbox/token.ts";

/** A clock that stands still until it is moved. */
export class StillClock implements Clock {
  constructor(private time = Date.parse("2026-05-04T10:00:00.000Z")) {}

  now(): number {
    return this.time;
  }

  async sleep(milliseconds: number): Promise<void> {
    this.advance(milliseconds);
  }

  advance(milliseconds: number): void {
    this.time += milliseconds;
  }
}

export interface Reply {
  readonly status: number;
  readonly body: Json | undefined;
  readonly link: string | undefined;
  /** The body when it is an object, else an empty one. */
  readonly object: JsonObject;
  /** The objects of a body that is an array. */
  readonly list: readonly JsonObject[];
  /** `message` of an error. */
  readonly message: string;
}

export interface Harness {
  readonly state: TenantState;
  readonly clock: StillClock;
  call(method: string, path: string, body?: Json): Promise<Reply>;
}

const domain = "127.0.0.1:4000";
const origin = `http://${domain}`;
// Making a key pair takes long, and no test here looks at tokens.
const authority = await createTokenAuthority({ issuer: `${origin}/`, domain }, () => 0);

/** Some routes behind the tenant's real pipeline, for a caller with every scope they ask for or with those given. */
export function serveRoutes(routes: readonly Route[], scopes?: readonly string[]): Harness {
  const clock = new StillClock();
  const state = createState(domain, clock);
  const token = authority.issue({
    clientId: "tester",
    audience: managementAudience(origin),
    scopes: scopes ?? [...new Set(routes.flatMap((route) => route.scopes))],
    ttl: 60_000,
  });
  const api = createManagementApi(routes, { state, authority, limiter: { take: () => ({}) } });
  return {
    state,
    clock,
    async call(method, path, body) {
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
      const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
      const request = new Request(`${origin}/api/v2${path}`, init);
      const answer = await api(request, new URL(request.url).pathname.replace("/api/v2", ""));
      const object = asObject(answer.body) ?? {};
      return {
        status: answer.status,
        body: answer.body,
        link: answer.headers?.["link"],
        object,
        list: asObjects(answer.body),
        message: asString(object["message"]) ?? "",
      };
    },
  };
}
