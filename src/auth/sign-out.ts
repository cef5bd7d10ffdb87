import { findProfile, type StoreKind, type TenantProfile, withoutProfile } from "../config/tenants.ts";
import { AppError } from "../lib/errors.ts";
import type { AuthContext } from "./context.ts";
import { revokeRefreshToken } from "./renewal.ts";
import { type SessionRecord, secretsOf } from "./session-record.ts";
import { readRecord, type SessionPlaces, termsOf, withSessionLock } from "./stored-session.ts";

/** What became of one sign-in. */
export interface SignedOut {
  readonly domain: string;
  readonly store: StoreKind;
  /** The refresh token: revoked, none there, or perhaps still good. */
  readonly revocation: "revoked" | "none" | "failed";
  /** Why the refresh token may still work. */
  readonly problem: string | undefined;
}

/**
 * Signs out of one tenant: revokes its refresh token, removes its secrets, then takes it off the list. Secrets go also
 * when they could not be revoked, which the result says.
 *
 * @returns `undefined` when the tenant is not listed
 * @throws AppError (exit 1) when the store cannot be reached; the tenant is then still listed, so that it can be repeated
 */
export async function signOut(
  context: AuthContext,
  places: SessionPlaces,
  domain: string,
  signal: AbortSignal,
): Promise<SignedOut | undefined> {
  if (findProfile(await places.tenants.read(), domain) === undefined) return undefined;
  return withSessionLock(places, domain, context, async () => {
    const profile = findProfile(await places.tenants.read(), domain);
    if (profile === undefined) return undefined;
    const { revocation, problem } = await revoke(context, places, profile, signal);
    try {
      const store = await places.openStore(profile.store);
      await store.remove(domain);
      await places.tenants.update((list) => withoutProfile(list, domain));
    } catch (error) {
      throw revocation === "revoked" && error instanceof AppError ? halfSignedOut(error) : error;
    }
    return { domain, store: profile.store, revocation, problem };
  });
}

/** What cannot be removed is worthless all the same, which whoever goes on using it should know. */
function halfSignedOut({ code, message, hint, exit, cause }: AppError): AppError {
  return new AppError({
    code,
    message: `${message} Its refresh token is revoked already.`,
    hint,
    exit,
    cause,
  });
}

type Revocation = Pick<SignedOut, "revocation" | "problem">;

async function revoke(
  context: AuthContext,
  places: SessionPlaces,
  profile: TenantProfile,
  signal: AbortSignal,
): Promise<Revocation> {
  let record: SessionRecord | undefined;
  try {
    record = await readRecord(places, profile.tenant.domain, profile.store);
  } catch (error) {
    // Whatever cannot be read cannot be revoked; whether it can be removed is seen next.
    if (!(error instanceof AppError)) throw error;
    return { revocation: "failed", problem: error.message };
  }
  if (record === undefined) return { revocation: "none", problem: undefined };
  for (const secret of secretsOf(record)) context.secrets.register(secret);
  if (record.refreshToken === undefined) return { revocation: "none", problem: undefined };
  const problem = await revokeRefreshToken(context, termsOf(profile), record.refreshToken, signal);
  return { revocation: problem === undefined ? "revoked" : "failed", problem };
}
