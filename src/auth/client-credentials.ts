import type { TenantAddress } from "../config/domain.ts";
import { signedOutError } from "../lib/errors.ts";
import type { AuthContext } from "./context.ts";
import {
  type Grant,
  type OAuthAnswer,
  postForm,
  readGrant,
  refusalWords,
  unavailableError,
} from "./oauth.ts";
import { type ClientKey, clientAssertion } from "./private-key-jwt.ts";

/** How an application proves who it is. */
export type ClientProof = { readonly secret: string } | { readonly key: ClientKey };

/** What a machine signs in with. */
export interface ClientCredentials {
  /** The tenant, which issues the token as well. */
  readonly tenant: TenantAddress;
  readonly clientId: string;
  readonly proof: ClientProof;
  readonly audience: string;
  /** Asked for by name; every granted scope when left out. */
  readonly scopes?: readonly string[] | undefined;
}

/** The time of an assertion is wrong from here on, in milliseconds; the `Date` header itself counts in whole seconds. */
const WRONG_CLOCK = 30_000;

/** The audience of a tenant's Management API, where nothing else is said. */
export function managementAudience(tenant: TenantAddress): string {
  return `${tenant.origin}/api/v2/`;
}

/**
 * Asks for a token with the client credentials grant (RFC 6749 §4.4). An assertion that was refused while the answer shows
 * that it was signed at a wrong time is signed once more by the authority's clock; the offset is then part of the grant,
 * so that later requests need no second try.
 *
 * @param clockOffset milliseconds that the authority's clock is ahead of ours, as far as is known
 */
export async function requestClientToken(
  context: AuthContext,
  credentials: ClientCredentials,
  clockOffset: number,
  signal?: AbortSignal,
): Promise<OAuthAnswer> {
  const answer = await sendRequest(context, credentials, clockOffset, signal);
  if (answer.kind !== "refused" || "secret" in credentials.proof) return answer;
  if (Math.abs(answer.clockOffset - clockOffset) <= WRONG_CLOCK) return answer;
  return sendRequest(context, credentials, answer.clockOffset, signal);
}

function sendRequest(
  context: AuthContext,
  credentials: ClientCredentials,
  clockOffset: number,
  signal: AbortSignal | undefined,
): Promise<OAuthAnswer> {
  const { tenant, clientId, audience, scopes } = credentials;
  const form = {
    grant_type: "client_credentials",
    client_id: clientId,
    audience,
    ...(scopes === undefined ? {} : { scope: scopes.join(" ") }),
    ...proofForm(context, credentials, clockOffset),
  };
  return postForm(context, tenant, "/oauth/token", form, signal);
}

function proofForm(
  { clock, secrets }: AuthContext,
  { proof, clientId, tenant }: ClientCredentials,
  clockOffset: number,
): Record<string, string> {
  if ("secret" in proof) {
    secrets.register(proof.secret);
    return { client_secret: proof.secret };
  }
  secrets.register(proof.key.pem);
  const assertion = clientAssertion(proof.key, clientId, tenant, clock.now() + clockOffset);
  secrets.register(assertion);
  return {
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: assertion,
  };
}

/**
 * The first token of a sign-in.
 *
 * @throws AppError exit 3 when the tenant refuses, exit 4 when it cannot be reached
 */
export async function signInWithCredentials(
  context: AuthContext,
  credentials: ClientCredentials,
  signal?: AbortSignal,
): Promise<Grant> {
  const { tenant, clientId, proof, scopes } = credentials;
  const answer = await requestClientToken(context, credentials, 0, signal);
  if (answer.kind === "ok") return readGrant(answer, tenant, context, scopes);
  if (answer.kind === "unavailable") throw unavailableError(tenant, answer.reason);
  throw signedOutError(
    `${tenant.domain} refused the application ${clientId}: ${refusalWords(answer)}.`,
    `Check the client id and its ${"secret" in proof ? "secret" : "key"}, and that the application is authorized for the Management API.`,
  );
}
