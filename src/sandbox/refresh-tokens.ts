import { asNumber, asString, type JsonObject } from "../lib/json.ts";
import { allowsGrant, isDeviceClient } from "./device-client.ts";
import { recordEvent } from "./events.ts";
import { randomText } from "./ids.ts";
import { actor } from "./oauth-client.ts";
import { forbiddenGrant, OAuthFault, type TokenExchange } from "./oauth-fault.ts";
import { resourceServerByIdentifier, scopeValues } from "./resources/resource-servers.ts";
import type { RefreshToken } from "./sign-in-records.ts";
import type { TenantState } from "./state.ts";
import type { TokenAuthority } from "./token.ts";

const OFFLINE_ACCESS = "offline_access";
const REFRESH_GRANT = "refresh_token";
/** Scopes of OpenID Connect, which every sign-in may have although no API defines them. */
const openIdScopes = ["openid", "profile", "email", "address", "phone"];
/** Whom this tenant knows: the person who approves on the activation page. */
const USER = "auth0|sandbox-user";

interface Issue {
  readonly client: JsonObject;
  readonly audience: string;
  /** As asked for at the sign-in; what the API does not have is left out. */
  readonly scopes: readonly string[];
  /** Those of them that this token is to have; all when left out. */
  readonly narrowed?: readonly string[] | undefined;
  /** The sign-in that goes on; a new one when left out. */
  readonly family?: string | undefined;
  readonly state: TenantState;
  readonly authority: TokenAuthority;
}

/** A token for the signed-in person and, when offline_access was asked for and may be had, a refresh token. */
export function issueToUser(issue: Issue): JsonObject {
  const { client, audience, scopes, narrowed = scopes, family, state, authority } = issue;
  const api = resourceServerByIdentifier(audience, state);
  if (api === undefined) throw new OAuthFault(403, "access_denied", `Service not found: ${audience}`);
  const known = [...scopeValues(api), ...(scopes.includes("openid") ? openIdScopes : [])];
  const offline = scopes.includes(OFFLINE_ACCESS) && mayRefresh(client, api);
  const granted = narrowed.filter((scope) => known.includes(scope));
  const seconds = asNumber(api["token_lifetime"]) ?? 86_400;
  const clientId = asString(client["client_id"]) ?? "";
  const token = authority.issue({
    clientId,
    userId: USER,
    audience,
    otherAudiences: granted.includes("openid") ? [`${state.origin}/userinfo`] : undefined,
    scopes: granted,
    ttl: seconds * 1000,
  });
  const tellsOffline = offline && narrowed.includes(OFFLINE_ACCESS);
  const scope = [...granted, ...(tellsOffline ? [OFFLINE_ACCESS] : [])].join(" ");
  const type = family === undefined ? "sede" : "sertft";
  recordEvent(state, { type, description: "", ...actor(client), userId: USER, audience, scope });
  return {
    access_token: token,
    ...(offline ? { refresh_token: newRefreshToken(state, { clientId, audience, scopes, family }) } : {}),
    ...(scope === "" ? {} : { scope }),
    expires_in: seconds,
    token_type: "Bearer",
  };
}

/**
 * The API must allow refresh tokens and the client must have the grant. Auth0's own client for signing in is the
 * exception: the Management API never allows them, and this client has them here so that a session can be renewed.
 */
function mayRefresh(client: JsonObject, api: JsonObject): boolean {
  if (!allowsGrant(client, REFRESH_GRANT)) return false;
  return api["allow_offline_access"] === true || isDeviceClient(client["client_id"]);
}

function newRefreshToken(
  { refreshTokens }: TenantState,
  { family, ...rest }: Omit<RefreshToken, "family" | "spent"> & { readonly family: string | undefined },
): string {
  const value = `v1.${randomText(48)}`;
  refreshTokens.set(value, { ...rest, family: family ?? randomText(16), spent: false });
  return value;
}

/** The grant of a refresh token, with rotation. `scope` may name some of the scopes that were granted at the sign-in. */
export function exchangeRefreshToken({ form, client, state, authority }: TokenExchange): JsonObject {
  if (!allowsGrant(client, REFRESH_GRANT)) throw forbiddenGrant(REFRESH_GRANT);
  const value = asString(form["refresh_token"]) ?? "";
  const known = state.refreshTokens.get(value);
  if (known === undefined || known.clientId !== client["client_id"]) throw invalid();
  if (known.spent) {
    endFamily(state, known.family);
    recordEvent(state, {
      type: "ferrt",
      description: "Reused refresh token",
      ...actor(client),
      userId: USER,
    });
    throw invalid();
  }
  state.refreshTokens.set(value, { ...known, spent: true });
  const asked = asString(form["scope"])?.split(" ");
  const narrowed = asked && known.scopes.filter((scope) => asked.includes(scope));
  return issueToUser({ client, ...known, narrowed, state, authority });
}

function invalid(): OAuthFault {
  return new OAuthFault(403, "invalid_grant", "Unknown or invalid refresh token.");
}

/** Forgets every refresh token of a sign-in. */
export function endFamily({ refreshTokens }: TenantState, family: string): void {
  for (const [value, token] of refreshTokens) if (token.family === family) refreshTokens.delete(value);
}
