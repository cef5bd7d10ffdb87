import { asNumber, asObject, asString, asStrings, type JsonObject } from "../lib/json.ts";
import { ok } from "./answers.ts";
import { allowsGrant, DEVICE_GRANT } from "./device-client.ts";
import { exchangeDeviceCode } from "./device-flow.ts";
import { recordEvent } from "./events.ts";
import { actor, authenticateClient, recordFailure } from "./oauth-client.ts";
import { forbiddenGrant, OAuthFault, oauthAnswer, readForm, type TokenExchange } from "./oauth-fault.ts";
import { exchangeRefreshToken } from "./refresh-tokens.ts";
import { resourceServerByIdentifier, scopeValues } from "./resources/resource-servers.ts";
import type { SandboxAnswer } from "./route.ts";
import type { TenantState } from "./state.ts";
import type { TokenAuthority } from "./token.ts";

/** What each grant type of POST /oauth/token answers. */
const exchanges: Readonly<Record<string, (exchange: TokenExchange) => JsonObject>> = {
  client_credentials: exchangeClientCredentials,
  refresh_token: exchangeRefreshToken,
  [DEVICE_GRANT]: exchangeDeviceCode,
};

/** POST /oauth/token: JSON or form body, the client's secret in the body or in a Basic header. */
export async function tokenEndpoint(
  request: Request,
  state: TenantState,
  authority: TokenAuthority,
): Promise<SandboxAnswer> {
  try {
    const form = await readForm(request);
    const grantType = asString(form["grant_type"]);
    if (!grantType) throw new OAuthFault(400, "invalid_request", "Missing required parameter: grant_type");
    const exchange = Object.hasOwn(exchanges, grantType) ? exchanges[grantType] : undefined;
    if (!exchange) {
      throw new OAuthFault(403, "unsupported_grant_type", `Unsupported grant type: ${grantType}`);
    }
    const client = authenticateClient(request, form, state);
    return ok(exchange({ form, client, state, authority }));
  } catch (error) {
    return oauthAnswer(error);
  }
}

function exchangeClientCredentials({ form, client, state, authority }: TokenExchange): JsonObject {
  const recorded = (fault: OAuthFault) => {
    recordFailure(state, client, fault.message);
    return fault;
  };
  const denied = (description: string) => recorded(new OAuthFault(403, "access_denied", description));
  if (!allowsGrant(client, "client_credentials")) throw recorded(forbiddenGrant("client_credentials"));
  const audience = asString(form["audience"]);
  if (!audience) {
    const description = "No audience parameter was provided, and no default audience has been configured";
    throw denied(description);
  }
  const api = resourceServerByIdentifier(audience, state);
  if (!api) throw denied(`Service not found: ${audience}`);
  const granted = grantedScopes(client, api, state);
  if (!granted) {
    throw denied(
      `Client is not authorized to access "${audience}". You need to create a "client-grant" associated to this API. ` +
        "See: https://auth0.com/docs/api/v2#!/Client_Grants/post_client_grants",
    );
  }
  const requested = asString(form["scope"])
    ?.split(" ")
    .filter((scope) => scope !== "");
  const missing = requested?.filter((scope) => !granted.includes(scope)) ?? [];
  if (missing.length > 0) {
    throw denied(`Client has not been granted scopes: ${missing.join(", ")}`);
  }
  const scopes = requested && requested.length > 0 ? requested : granted;
  return issueTo(client, api, scopes, state, authority);
}

/** The scopes of the client's grant for the API, or `undefined` when it has none that serves machines. */
function grantedScopes(client: JsonObject, api: JsonObject, state: TenantState): string[] | undefined {
  const policy = asObject(asObject(api["subject_type_authorization"])?.["client"])?.["policy"];
  if (policy === "deny_all") return undefined;
  const grants = [...state.clientGrants.values()].filter(
    (grant) => grant["audience"] === api["identifier"] && grant["subject_type"] === "client",
  );
  const own = grants.find((grant) => grant["client_id"] === client["client_id"]);
  const shared =
    client["is_first_party"] === false ? grants.find((grant) => grant["default_for"]) : undefined;
  const grant = own ?? shared;
  if (!grant) return undefined;
  return grant["allow_all_scopes"] === true ? scopeValues(api) : asStrings(grant["scope"]);
}

function issueTo(
  client: JsonObject,
  api: JsonObject,
  scopes: readonly string[],
  state: TenantState,
  authority: TokenAuthority,
): JsonObject {
  const audience = asString(api["identifier"]) ?? "";
  const seconds = asNumber(api["token_lifetime"]) ?? 86_400;
  const scope = scopes.join(" ");
  const token = authority.issue({
    clientId: asString(client["client_id"]) ?? "",
    audience,
    scopes,
    ttl: seconds * 1000,
    secret: api["signing_alg"] === "HS256" ? asString(api["signing_secret"]) : undefined,
  });
  recordEvent(state, { type: "seccft", description: "", ...actor(client), audience, scope });
  return {
    access_token: token,
    ...(scope === "" ? {} : { scope }),
    expires_in: seconds,
    token_type: "Bearer",
  };
}
