import { isObject, type Json, type JsonObject } from "../lib/json.ts";
import { faultAnswer } from "./answers.ts";
import { authenticate, requireScopeOf } from "./authenticate.ts";
import { readBody } from "./body.ts";
import { recordEvent } from "./events.ts";
import { ApiFault } from "./fault.ts";
import type { RateLimiter } from "./rate-limit.ts";
import type { Caller, Route, SandboxAnswer } from "./route.ts";
import { createRouter, type RouteMatch } from "./router.ts";
import { managementAudience, type TenantState } from "./state.ts";
import type { TokenAuthority } from "./token.ts";
import { checkPath, checkQuery } from "./validation.ts";

/** Members that hold secrets, as a text or at any depth. */
const withheld =
  /(secrets?|passwords?|passphrase|assertion|token|pem|pkcs7|signing_keys|(private|secret|master|access|account|shared|sas|api|write)_?key)$/i;

/** Answers requests to the Management API: limit, route, token, scope, validation, operation, log. */
export function createManagementApi(
  routes: readonly Route[],
  tenant: { readonly state: TenantState; readonly authority: TokenAuthority; readonly limiter: RateLimiter },
): (request: Request, path: string) => Promise<SandboxAnswer> {
  const route = createRouter(routes);
  const { state, authority, limiter } = tenant;
  return async (request, path) => {
    let limits: Readonly<Record<string, string>> = {};
    try {
      limits = limiter.take();
      const match = route(request.method, path);
      if (!match) throw new ApiFault(404, "Not Found");
      const caller = authenticate(request, authority, managementAudience(state.origin));
      requireScopeOf(caller, match.route);
      const answer = await perform(request, match, caller, state);
      return { ...answer, headers: { ...limits, ...answer.headers } };
    } catch (error) {
      if (!(error instanceof ApiFault)) throw error;
      const answer = faultAnswer(error);
      return { ...answer, headers: { ...limits, ...answer.headers } };
    }
  };
}

async function perform(
  request: Request,
  { route, params }: RouteMatch,
  caller: Caller,
  state: TenantState,
): Promise<SandboxAnswer> {
  const url = new URL(request.url);
  let body: JsonObject | undefined;
  const log = (answer: SandboxAnswer, type: "sapi" | "fapi", description: string) =>
    recordOperation(state, { request, url, body, caller, answer, type, description });
  try {
    if (route.path) checkPath(route.path, params);
    const counted = route.counted?.(url.searchParams) ?? url.searchParams;
    const parameters = checkQuery(route.query ?? {}, counted);
    if (request.method !== "GET" && request.method !== "DELETE") body = await readBody(request, route.body);
    const answer = route.handle(
      { params, query: url.searchParams, parameters, body: body ?? {}, caller },
      state,
    );
    if (route.event) log(answer, "sapi", route.event);
    return answer;
  } catch (error) {
    if (route.event && error instanceof ApiFault) log(faultAnswer(error), "fapi", error.message);
    throw error;
  }
}

function recordOperation(
  state: TenantState,
  operation: {
    readonly request: Request;
    readonly url: URL;
    readonly body: JsonObject | undefined;
    readonly caller: Caller;
    readonly answer: SandboxAnswer;
    readonly type: "sapi" | "fapi";
    readonly description: string;
  },
): void {
  const { request, url, body, caller, answer, type, description } = operation;
  const userAgent = request.headers.get("user-agent") ?? "";
  const details = {
    request: {
      method: request.method.toLowerCase(),
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      userAgent,
      body: masked(body ?? null),
      channel: "api",
      ip: "127.0.0.1",
      auth: {
        user: caller.userId === undefined ? {} : { user_id: caller.userId },
        strategy: "jwt",
        credentials: { scopes: [...caller.scopes] },
      },
    },
    response: { statusCode: answer.status, body: masked(answer.body ?? {}) },
  };
  recordEvent(state, {
    type,
    description,
    clientId: caller.clientId,
    ...(caller.userId === undefined ? {} : { userId: caller.userId }),
    ...(userAgent ? { userAgent } : {}),
    details,
  });
}

/** The log never holds a secret that a request carried or an answer gave. */
function masked(value: Json): Json {
  if (Array.isArray(value)) return value.map(masked);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, isSecret(key, item) ? "*****" : masked(item)]),
  );
}

/** Objects are looked into: settings such as those of refresh tokens only sound secret. Lists of secrets are one. */
function isSecret(key: string, value: Json): boolean {
  return withheld.test(key) && (typeof value === "string" || Array.isArray(value));
}
