import type { TenantAddress } from "../config/domain.ts";
import { type ClientProof, requestClientToken } from "./client-credentials.ts";
import type { AuthContext } from "./context.ts";
import {
  type OAuthAnswer,
  type OAuthSuccess,
  postForm,
  readGrant,
  refusalWords,
  unavailableError,
} from "./oauth.ts";
import { parseClientKey } from "./private-key-jwt.ts";
import { type RenewableRecord, recordOf, type SessionRecord } from "./session-record.ts";

/** Who renews a session, and as whom. */
export interface RenewalTerms {
  readonly tenant: TenantAddress;
  readonly authority: TenantAddress;
  readonly clientId: string;
  readonly audience: string;
  /** Scopes a machine asks for by name. */
  readonly scopes?: readonly string[] | undefined;
}

/** How a request to renew a session ended. */
export type RenewalOutcome =
  | { readonly kind: "renewed"; readonly record: SessionRecord }
  /** The authority will not renew this session; its own words. */
  | { readonly kind: "refused"; readonly words: string };

/**
 * Sends the one request that renews a session, with its refresh token or the secret or key it was made with. A second
 * one follows only where a clock was set since, and the assertion signed by the key came at the wrong time.
 *
 * @throws AppError exit 4 when the authority cannot be reached, in which case the session is as good as before
 */
export async function renewSession(
  context: AuthContext,
  terms: RenewalTerms,
  { renewal, clockOffset }: Pick<RenewableRecord, "renewal" | "clockOffset">,
): Promise<RenewalOutcome> {
  const { kind, value } = renewal;
  if (kind === "refresh_token") return renewByRefreshToken(context, terms, value);
  const proof: ClientProof =
    kind === "client_secret" ? { secret: value } : { key: parseClientKey(value, "the stored session") };
  const { tenant, clientId, audience, scopes } = terms;
  const credentials = { tenant, clientId, proof, audience, scopes };
  const answer = await requestClientToken(context, credentials, clockOffset);
  return settle(answer, tenant, (ok) => recordOf(readGrant(ok, tenant, context, scopes), proof));
}

async function renewByRefreshToken(
  context: AuthContext,
  { authority, clientId }: RenewalTerms,
  refreshToken: string,
): Promise<RenewalOutcome> {
  context.secrets.register(refreshToken);
  const form = { grant_type: "refresh_token", client_id: clientId, refresh_token: refreshToken };
  const answer = await postForm(context, authority, "/oauth/token", form);
  return settle(answer, authority, (ok) => {
    const grant = readGrant(ok, authority, context);
    // An authority that does not rotate sends none: then this one stays good (RFC 6749 §6).
    return recordOf({ ...grant, refreshToken: grant.refreshToken ?? refreshToken });
  });
}

function settle(
  answer: OAuthAnswer,
  authority: TenantAddress,
  record: (answer: OAuthSuccess) => SessionRecord,
): RenewalOutcome {
  if (answer.kind === "unavailable") throw unavailableError(authority, answer.reason);
  if (answer.kind === "refused") return { kind: "refused", words: refusalWords(answer) };
  return { kind: "renewed", record: record(answer) };
}

/**
 * Revokes a refresh token (RFC 7009), so that what was kept is worthless from now on. An unknown token counts as revoked.
 *
 * @returns why it may still work, or `undefined` when it does not
 */
export async function revokeRefreshToken(
  context: AuthContext,
  { authority, clientId }: RenewalTerms,
  refreshToken: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  context.secrets.register(refreshToken);
  const form = { client_id: clientId, token: refreshToken };
  const answer = await postForm(context, authority, "/oauth/revoke", form, signal);
  if (answer.kind === "ok") return undefined;
  return answer.kind === "unavailable" ? answer.reason : refusalWords(answer);
}
