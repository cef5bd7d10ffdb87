import { asNumber, asString, type JsonObject } from "../lib/json.ts";
import { recordEvent } from "./events.ts";
import { randomText } from "./ids.ts";
import { actor } from "./oauth-client.ts";
import { OAuthFault, type TokenExchange } from "./oauth-fault.ts";
import { resourceServerByIdentifier, scopeValues } from "./resources/resource-servers.ts";
import type { RefreshToken } from "./sign-in-records.ts";
import type { TenantState } from "./state.ts";
import type { TokenAuthority } from "./token.ts";

const OFFLINE_ACCESS = "offline_access";
/** Whom this tenant knows: the person who approves on the activation page. */
const USER = "auth0|sandbox-user";

interface Issue {
  readonly client: JsonObject;
  readonly audience: string;
  /** As asked for; what the API does not have is left out. */
  readonly scopes: readonly string[];
  /** The sign-in that goes on; a new one when left out. */
  readonly family?: string | undefined;
  readonly state: TenantState;
  readonly authority: TokenAuthority;
}

/** A token for the signed-in person and, when offline_access was asked for, a refresh token. */
export function issueToUser({ client, audience, scopes, family, state, authority }: Issue): JsonObject {
  const api = resourceServerByIdentifier(audience, state);
  if (api === undefined) throw new OAuthFault(403, "access_denied", `Service not found: ${audience}`);
  const known = scopeValues(api);
  const granted = scopes.filter((scope) => known.includes(scope));
  const seconds = asNumber(api["token_lifetime"]) ?? 86_400;
  const clientId = asString(client["client_id"]) ?? "";
  const token = authority.issue({ clientId, userId: USER, audience, scopes: granted, ttl: seconds * 1000 });
  const offline = scopes.includes(OFFLINE_ACCESS);
  const scope = [...granted, ...(offline ? [OFFLINE_ACCESS] : [])].join(" ");
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

function newRefreshToken(
  { refreshTokens }: TenantState,
  { family, ...rest }: Omit<RefreshToken, "family" | "spent"> & { readonly family: string | undefined },
): string {
  const value = `v1.${randomText(48)}`;
  refreshTokens.set(value, { ...rest, family: family ?? randomText(16), spent: false });
  return value;
}

/** The grant of a refresh token, with rotation. */
export function exchangeRefreshToken({ form, client, state, authority }: TokenExchange): JsonObject {
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
  return issueToUser({ client, ...known, state, authority });
}

function invalid(): OAuthFault {
  return new OAuthFault(403, "invalid_grant", "Unknown or invalid refresh token.");
}

/** Forgets every refresh token of a sign-in. */
export function endFamily({ refreshTokens }: TenantState, family: string): void {
  for (const [value, token] of refreshTokens) if (token.family === family) refreshTokens.delete(value);
}
