import { timingSafeEqual } from "node:crypto";
import { asNumber, asObject, asString, asStrings, type JsonObject, parseJson } from "../lib/json.ts";
import { ok } from "./answers.ts";
import { readText } from "./body.ts";
import { recordEvent } from "./events.ts";
import { resourceServerByIdentifier, scopeValues } from "./resources/resource-servers.ts";
import { ApiFault, type SandboxAnswer } from "./route.ts";
import type { TenantState } from "./state.ts";
import type { TokenAuthority } from "./token.ts";

/** An answer of the Authentication API's error shape: `{error, error_description, error_uri?}`. */
export class OAuthFault extends Error {
  constructor(
    readonly status: number,
    readonly error: string,
    description: string,
    readonly uri?: string,
  ) {
    super(description);
  }
}

export interface TokenExchange {
  readonly form: JsonObject;
  readonly client: JsonObject;
  readonly state: TenantState;
  readonly authority: TokenAuthority;
}

/** What each grant type of POST /oauth/token answers. */
const exchanges: Readonly<Record<string, (exchange: TokenExchange) => JsonObject>> = {
  client_credentials: exchangeClientCredentials,
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
    if (error instanceof OAuthFault) return oauthAnswer(error);
    if (error instanceof ApiFault)
      return oauthAnswer(new OAuthFault(error.status, "invalid_request", error.message));
    throw error;
  }
}

function oauthAnswer(fault: OAuthFault): SandboxAnswer {
  const uri = fault.uri === undefined ? {} : { error_uri: fault.uri };
  return { status: fault.status, body: { error: fault.error, error_description: fault.message, ...uri } };
}

async function readForm(request: Request): Promise<JsonObject> {
  const text = await readText(request);
  if (/^application\/x-www-form-urlencoded\b/i.test(request.headers.get("content-type") ?? "")) {
    return Object.fromEntries(new URLSearchParams(text));
  }
  const form = asObject(parseJson(text));
  if (!form) throw new OAuthFault(400, "invalid_request", "Invalid request payload JSON format");
  return form;
}

/** The client that the request proves to be. A public client proves nothing and is taken at its word. */
function authenticateClient(request: Request, form: JsonObject, state: TenantState): JsonObject {
  const { id, secret } = basicCredentials(request) ?? {
    id: asString(form["client_id"]),
    secret: asString(form["client_secret"]),
  };
  if (!id) throw new OAuthFault(400, "invalid_request", "Missing required parameter: client_id");
  const client = state.clients.get(id);
  if (!client || client["global"] === true) throw new OAuthFault(401, "access_denied", "Unauthorized");
  if (client["token_endpoint_auth_method"] === "none") return client;
  if (client["client_authentication_methods"] || !sameSecret(secret, asString(client["client_secret"]))) {
    recordFailure(state, client, "Unauthorized");
    throw new OAuthFault(401, "access_denied", "Unauthorized");
  }
  return client;
}

function basicCredentials(request: Request): { id: string; secret: string } | undefined {
  const [, encoded] = /^basic\s+(\S+)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
  if (encoded === undefined) return undefined;
  const [id = "", ...rest] = Buffer.from(encoded, "base64").toString().split(":");
  return { id: formDecoded(id), secret: formDecoded(rest.join(":")) };
}

/** RFC 6749 form-encodes both halves before they are joined. */
function formDecoded(text: string): string {
  return new URLSearchParams(`v=${text}`).get("v") ?? "";
}

function sameSecret(given: string | undefined, expected: string | undefined): boolean {
  if (given === undefined || expected === undefined) return false;
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function exchangeClientCredentials({ form, client, state, authority }: TokenExchange): JsonObject {
  const denied = (status: number, error: string, description: string, uri?: string) => {
    recordFailure(state, client, description);
    return new OAuthFault(status, error, description, uri);
  };
  if (!asStrings(client["grant_types"]).includes("client_credentials")) {
    const description = "Grant type 'client_credentials' not allowed for the client.";
    throw denied(
      403,
      "unauthorized_client",
      description,
      "https://auth0.com/docs/clients/client-grant-types",
    );
  }
  const audience = asString(form["audience"]);
  if (!audience) {
    const description = "No audience parameter was provided, and no default audience has been configured";
    throw denied(403, "access_denied", description);
  }
  const api = resourceServerByIdentifier(audience, state);
  if (!api) throw denied(403, "access_denied", `Service not found: ${audience}`);
  const granted = grantedScopes(client, api, state);
  if (!granted) {
    throw denied(
      403,
      "access_denied",
      `Client is not authorized to access "${audience}". You need to create a "client-grant" associated to this API. ` +
        "See: https://auth0.com/docs/api/v2#!/Client_Grants/post_client_grants",
    );
  }
  const requested = asString(form["scope"])
    ?.split(" ")
    .filter((scope) => scope !== "");
  const missing = requested?.filter((scope) => !granted.includes(scope)) ?? [];
  if (missing.length > 0) {
    throw denied(403, "access_denied", `Client has not been granted scopes: ${missing.join(", ")}`);
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

function recordFailure(state: TenantState, client: JsonObject, description: string): void {
  recordEvent(state, { type: "feccft", description, ...actor(client) });
}

function actor(client: JsonObject): { clientId: string; clientName: string } {
  return { clientId: asString(client["client_id"]) ?? "", clientName: asString(client["name"]) ?? "" };
}
