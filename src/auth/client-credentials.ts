import type { TenantAddress } from "../config/domain.ts";
import { options } from "../config/options.ts";
import { signedOutError } from "../lib/errors.ts";
import { managementAudience } from "./audience.ts";
import type { AuthContext } from "./context.ts";
import {
  type Grant,
  type OAuthAnswer,
  type OAuthRefusal,
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
  /** The flag or variable that sets the audience, for advice; the flag when left out. */
  readonly audienceSource?: string | undefined;
  /** Asked for by name; every granted scope when left out. */
  readonly scopes?: readonly string[] | undefined;
}

/** The time of an assertion is wrong from here on, in milliseconds; the `Date` header itself counts in whole seconds. */
const WRONG_CLOCK = 30_000;

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
 * @param clockOffset milliseconds that the authority's clock is ahead of ours, as far as is known
 * @throws AppError exit 3 when the tenant refuses, exit 4 when it cannot be reached
 */
export async function signInWithCredentials(
  context: AuthContext,
  credentials: ClientCredentials,
  signal?: AbortSignal,
  clockOffset = 0,
): Promise<Grant> {
  const { tenant, clientId, scopes } = credentials;
  const answer = await requestClientToken(context, credentials, clockOffset, signal);
  if (answer.kind === "ok") return readGrant(answer, tenant, context, scopes);
  if (answer.kind === "unavailable") throw unavailableError(tenant, answer.reason);
  throw signedOutError(
    `${tenant.domain} refused the application ${clientId}: ${refusalWords(answer)}.`,
    refusalAdvice(credentials, answer),
  );
}

/** What to look at after a refusal, by what the authority says it is about. */
function refusalAdvice(
  { tenant, proof, audience, audienceSource, scopes }: ClientCredentials,
  { error, description }: OAuthRefusal,
): string {
  const source = audienceSource ?? `--${options.loginAudience.flag}`;
  if (scopes !== undefined && (error === "invalid_scope" || /\bscopes?\b/i.test(description))) {
    return `Grant the application these scopes for the Management API, or leave them out of --${options.scopes.flag}.`;
  }
  if (/\baudience\b|\bservice not found\b|\bnot authorized to access\b/i.test(description)) {
    return `Check the audience ${audience} (${source}): it is the identifier of the tenant's Management API, which has the tenant's own domain in it and not a custom one. The application must be authorized for it.`;
  }
  const kind = "secret" in proof ? "secret" : "key";
  const what =
    audience === managementAudience(tenant)
      ? `the client id and its ${kind}`
      : `the client id, its ${kind} and the audience ${audience} (${source})`;
  return `Check ${what}, and that the application is authorized for the Management API.`;
}
