import { type Clock, systemClock } from "../lib/clock.ts";
import { asString } from "../lib/json.ts";
import { activationPage } from "./activate.ts";
import { faultAnswer, toResponse } from "./answers.ts";
import { createManagementApi } from "./api.ts";
import { deviceCodeEndpoint, type SignInBehaviour } from "./device-flow.ts";
import { ApiFault } from "./fault.ts";
import { randomText } from "./ids.ts";
import { tokenEndpoint } from "./oauth.ts";
import { createRateLimiter } from "./rate-limit.ts";
import { managementRoutes } from "./resources/index.ts";
import { scopeValues } from "./resources/resource-servers.ts";
import { revokeEndpoint } from "./revoke.ts";
import type { SandboxAnswer } from "./route.ts";
import { seedTenant } from "./seed.ts";
import { createState, managementAudience, type TenantState } from "./state.ts";
import { createTokenAuthority } from "./token.ts";

export interface SandboxOptions {
  /** What the tenant holds at the start; a small shop by default. */
  seed?: "demo" | "empty";
  /** Requests a second and burst; 0 = none; default 50. */
  rateLimit?: number;
  /** How long Management API tokens last: milliseconds, default 24 h. */
  tokenTtl?: number;
  clock?: Clock;
  /** host[:port] under which the tenant is reached; default `127.0.0.1`. */
  domain?: string;
  /** How it behaves when somebody signs in by device flow; a person decides by default. */
  signIn?: Partial<SignInBehaviour>;
}

export interface SandboxTenant {
  /** host[:port] */
  readonly domain: string;
  /** Origin, for example `http://127.0.0.1:4000`. */
  readonly url: string;
  /** A machine-to-machine application that may use every scope of the Management API. */
  readonly clientId: string;
  readonly clientSecret: string;
  readonly state: TenantState;
  /** A token for the Management API, with all scopes unless some are named. `ttl`: milliseconds. */
  issueToken(options?: { scopes?: readonly string[]; ttl?: number }): Promise<string>;
  /** Answers one request as the tenant would over the network. */
  handle(request: Request): Promise<Response>;
}

/** A tenant that answers like Auth0 and forgets everything when it is dropped. */
export async function createSandbox(options: SandboxOptions = {}): Promise<SandboxTenant> {
  const { seed = "demo", rateLimit = 50, tokenTtl = 24 * 60 * 60 * 1000, clock = systemClock } = options;
  const state = createState(options.domain ?? "127.0.0.1", clock);
  const now = () => clock.now();
  const authority = await createTokenAuthority({ issuer: `${state.origin}/`, domain: state.domain }, now);
  const signIn: SignInBehaviour = { decision: "ask", slowDowns: 0, ...options.signIn };
  state.signingKeys.push(authority.signingKey());
  const { client, api } = seedTenant(state, { demo: seed === "demo", tokenTtl });
  const clientId = asString(client["client_id"]) ?? "";
  const management = createManagementApi(managementRoutes, {
    state,
    authority,
    limiter: createRateLimiter(rateLimit, now),
  });

  const answer = async (request: Request): Promise<SandboxAnswer> => {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith("/api/v2/")) return management(request, pathname.slice("/api/v2".length));
    if (pathname === "/oauth/token" && request.method === "POST")
      return tokenEndpoint(request, state, authority);
    if (pathname === "/oauth/device/code" && request.method === "POST")
      return deviceCodeEndpoint(request, state, signIn);
    if (pathname === "/oauth/revoke" && request.method === "POST") return revokeEndpoint(request, state);
    if (pathname === "/.well-known/jwks.json" && request.method === "GET") {
      return { status: 200, body: authority.jwks() };
    }
    return faultAnswer(new ApiFault(404, "Not Found"));
  };

  return {
    domain: state.domain,
    url: state.origin,
    clientId,
    clientSecret: asString(client["client_secret"]) ?? "",
    state,
    async issueToken({ scopes = scopeValues(api), ttl = tokenTtl } = {}) {
      return authority.issue({ clientId, audience: managementAudience(state.origin), scopes, ttl });
    },
    async handle(request) {
      if (new URL(request.url).pathname === "/activate") return activationPage(request, state);
      return toResponse(await answer(request), { "x-auth0-requestid": randomText(20) });
    },
  };
}
