import { options } from "../config/options.ts";
import { signedOutError } from "../lib/errors.ts";
import { type ClientCredentials, signInWithCredentials } from "./client-credentials.ts";
import type { AuthContext } from "./context.ts";
import type { Grant } from "./oauth.ts";
import { offeredScopes, type ScopeLimits, withinLimits } from "./scopes.ts";

/** A token with no more scopes than were allowed. */
export interface LimitedGrant {
  readonly grant: Grant;
  /** The scopes it has, to be asked for by name when it is renewed. */
  readonly scopes: readonly string[];
  /** How many scopes the application was granted. */
  readonly granted: number;
}

/**
 * Signs in as an application with those of its scopes that are within limits. An authority refuses a request for a scope
 * that was not granted, so that a first token, which is dropped, has to tell which were.
 *
 * @throws AppError exit 3 when the tenant refuses, does not tell the scopes, or granted none within the limits; exit 4
 * when it cannot be reached
 */
export async function signInWithin(
  context: AuthContext,
  credentials: ClientCredentials,
  limits: ScopeLimits,
  signal: AbortSignal,
): Promise<LimitedGrant> {
  const { tenant, clientId } = credentials;
  const first = await signInWithCredentials(context, credentials, signal);
  const granted = first.token.scopes;
  if (granted === undefined) {
    throw signedOutError(
      `${tenant.domain} does not tell which scopes the application ${clientId} was granted, so they cannot be limited.`,
      `Name those it shall have with --${options.scopes.flag}.`,
    );
  }
  const scopes = withinLimits(granted, limits);
  if (scopes.length === 0) {
    throw signedOutError(
      `The application ${clientId} was granted none of the scopes that the limits allow.`,
      `Grant it ${offeredScopes(limits).join(", ")} for the Management API, or fewer, as its tools need.`,
    );
  }
  const limited = { ...credentials, scopes };
  const grant =
    scopes.length === granted.length
      ? first
      : await signInWithCredentials(context, limited, signal, first.clockOffset);
  return { grant, scopes, granted: granted.length };
}
