import { asString, type JsonObject } from "../lib/json.ts";
import { ok } from "./answers.ts";
import { allowsGrant, DEVICE_GRANT } from "./device-client.ts";
import { randomText } from "./ids.ts";
import { authenticateClient } from "./oauth-client.ts";
import { forbiddenGrant, OAuthFault, oauthAnswer, readForm, type TokenExchange } from "./oauth-fault.ts";
import { issueToUser } from "./refresh-tokens.ts";
import { resourceServerByIdentifier } from "./resources/resource-servers.ts";
import type { SandboxAnswer } from "./route.ts";
import { managementAudience, type TenantState } from "./state.ts";

/** The audience by which a person chooses a tenant in the browser; here there is only one. */
const ANY_TENANT = "https://*.auth0.com/api/v2/";

/** Seconds. */
const LIFETIME = 900;
const INTERVAL = 5;
const UNATTENDED_INTERVAL = 1;
const SLOWER = 5;
/** How much too early a poll may come, in milliseconds. */
const TOLERANCE = 200;

/** How this tenant behaves when somebody signs in. */
export interface SignInBehaviour {
  /** Who decides: a person on the activation page, or nobody. */
  readonly decision: "ask" | "approve" | "deny";
  /** How many polls of each sign-in are told to slow down, whatever their pace. */
  readonly slowDowns: number;
}

/** POST /oauth/device/code (RFC 8628 §3.1). */
export async function deviceCodeEndpoint(
  request: Request,
  state: TenantState,
  behaviour: SignInBehaviour,
): Promise<SandboxAnswer> {
  try {
    const form = await readForm(request);
    const client = authenticateClient(request, form, state);
    if (!allowsGrant(client, DEVICE_GRANT)) throw forbiddenGrant(DEVICE_GRANT);
    return ok(startSignIn(form, client, state, behaviour));
  } catch (error) {
    return oauthAnswer(error);
  }
}

function startSignIn(
  form: JsonObject,
  client: JsonObject,
  state: TenantState,
  { decision, slowDowns }: SignInBehaviour,
): JsonObject {
  const asked = asString(form["audience"]) ?? "";
  const audience = asked === ANY_TENANT ? managementAudience(state.origin) : asked;
  if (resourceServerByIdentifier(audience, state) === undefined) {
    throw new OAuthFault(403, "access_denied", `Service not found: ${audience}`);
  }
  const now = state.clock.now();
  const userCode = `${randomText(4, CODE_LETTERS)}-${randomText(4, CODE_LETTERS)}`;
  const deviceCode = randomText(24);
  const interval = decision === "ask" ? INTERVAL : UNATTENDED_INTERVAL;
  state.deviceSignIns.set(deviceCode, {
    userCode,
    clientId: asString(client["client_id"]) ?? "",
    clientName: asString(client["name"]) ?? "",
    audience,
    scopes: (asString(form["scope"]) ?? "").split(" ").filter((scope) => scope !== ""),
    expiresAt: now + LIFETIME * 1000,
    decision: decision === "ask" ? "pending" : decision === "approve" ? "approved" : "denied",
    interval,
    lastPoll: now,
    slowDowns,
  });
  const page = `${state.origin}/activate`;
  return {
    device_code: deviceCode,
    user_code: userCode,
    verification_uri: page,
    verification_uri_complete: `${page}?user_code=${userCode}`,
    expires_in: LIFETIME,
    interval,
  };
}

/** Letters that are not taken for one another. */
const CODE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ";

/** The grant of a device code: polled until a person has decided. */
export function exchangeDeviceCode({ form, client, state, authority }: TokenExchange): JsonObject {
  const deviceCode = asString(form["device_code"]) ?? "";
  const signIn = state.deviceSignIns.get(deviceCode);
  if (signIn === undefined || signIn.clientId !== client["client_id"]) {
    throw new OAuthFault(403, "invalid_grant", "Invalid or expired device code.");
  }
  const now = state.clock.now();
  // Whatever ends the sign-in is told once; later polls find no such code.
  const end = (error: string, description: string) => {
    state.deviceSignIns.delete(deviceCode);
    return new OAuthFault(403, error, description);
  };
  if (now >= signIn.expiresAt) throw end("expired_token", "The device code has expired.");
  const early = now - signIn.lastPoll < signIn.interval * 1000 - TOLERANCE;
  if (early || signIn.slowDowns > 0) {
    state.deviceSignIns.set(deviceCode, {
      ...signIn,
      interval: signIn.interval + SLOWER,
      lastPoll: now,
      slowDowns: Math.max(0, signIn.slowDowns - 1),
    });
    throw new OAuthFault(429, "slow_down", "You are polling faster than the specified interval.");
  }
  if (signIn.decision === "denied") throw end("access_denied", "User cancelled the confirmation prompt.");
  if (signIn.decision === "pending") {
    state.deviceSignIns.set(deviceCode, { ...signIn, lastPoll: now });
    throw new OAuthFault(403, "authorization_pending", "User has yet to authorize device code.");
  }
  state.deviceSignIns.delete(deviceCode);
  return issueToUser({ client, audience: signIn.audience, scopes: signIn.scopes, state, authority });
}
