import { asObject, type JsonObject, parseJson } from "../lib/json.ts";
import { readText } from "./body.ts";
import { ApiFault } from "./fault.ts";
import type { SandboxAnswer } from "./route.ts";
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

/** The refusal of a client that may not use a grant type. */
export function forbiddenGrant(grant: string): OAuthFault {
  return new OAuthFault(
    403,
    "unauthorized_client",
    `Grant type '${grant}' not allowed for the client.`,
    "https://auth0.com/docs/clients/client-grant-types",
  );
}

export interface TokenExchange {
  readonly form: JsonObject;
  readonly client: JsonObject;
  readonly state: TenantState;
  readonly authority: TokenAuthority;
}

/** The fault as an answer. Throws what is no fault. */
export function oauthAnswer(error: unknown): SandboxAnswer {
  const fault =
    error instanceof ApiFault ? new OAuthFault(error.status, "invalid_request", error.message) : error;
  if (!(fault instanceof OAuthFault)) throw error;
  const uri = fault.uri === undefined ? {} : { error_uri: fault.uri };
  return { status: fault.status, body: { error: fault.error, error_description: fault.message, ...uri } };
}

/** The fields of a request: a form, or a JSON object. */
export async function readForm(request: Request): Promise<JsonObject> {
  const text = await readText(request);
  if (/^application\/x-www-form-urlencoded\b/i.test(request.headers.get("content-type") ?? "")) {
    return Object.fromEntries(new URLSearchParams(text));
  }
  const form = asObject(parseJson(text));
  if (!form) throw new OAuthFault(400, "invalid_request", "Invalid request payload JSON format");
  return form;
}
