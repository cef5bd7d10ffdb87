import { isConfidential, type TenantAddress } from "../config/domain.ts";
import {
  findProfile,
  type StoreKind,
  type TenantProfile,
  withoutLeftover,
  withProfile,
} from "../config/tenants.ts";
import { AppError, signedOutError } from "../lib/errors.ts";
import { checkWritable } from "../lib/private-file.ts";
import type { AuthContext } from "./context.ts";
import { readClaims } from "./jwt.ts";
import { type SessionRecord, serializeRecord } from "./session-record.ts";
import { signOutCommand } from "./session-words.ts";
import { contentOf, type SecretStore } from "./store/secret-store.ts";
import { type SessionPlaces, withSessionLock } from "./stored-session.ts";

/** The audience that lets a person choose the tenant in the browser. */
export const ANY_TENANT = "https://*.auth0.com/api/v2/";

/**
 * The tenant a token is for: the first of its audiences that is a Management API.
 *
 * @param wanted the tenant that was asked for
 * @throws AppError (exit 3) when the token does not tell, or tells another tenant than the wanted one
 */
export function tenantOfToken(token: string, wanted: TenantAddress | undefined): TenantAddress {
  const tenant = readClaims(token)
    ?.audiences.map(managementTenant)
    .find((found) => found !== undefined);
  if (tenant === undefined) {
    throw signedOutError(
      "The token that came does not say which tenant it is for, so it was not kept.",
      "Check which authority signed you in, or sign in as an application with --auth0-domain.",
    );
  }
  if (wanted !== undefined && tenant.origin !== wanted.origin) {
    throw signedOutError(
      `You signed in to ${tenant.domain}, not to ${wanted.domain} as asked, so nothing was kept.`,
      `Sign in again and choose ${wanted.domain} in the browser, or name --tenant ${tenant.domain}.`,
    );
  }
  return tenant;
}

function managementTenant(audience: string): TenantAddress | undefined {
  if (!URL.canParse(audience)) return undefined;
  const url = new URL(audience);
  const { hostname, host, origin, href } = url;
  if (!isConfidential(url) || href !== `${origin}/api/v2/` || hostname.includes("*")) return undefined;
  return { origin, domain: host };
}

/** Finds out before anybody is asked to sign in whether the sign-in could be kept. Throws AppError (exit 1) if not. */
export async function checkPlaces(places: SessionPlaces): Promise<void> {
  await places.tenants.read();
  await checkWritable(places.folder);
}

/**
 * Keeps a sign-in and makes its tenant the current one. The secrets are stored with the terms they were got by and read
 * back first, the list follows, and what an earlier sign-in left in another store goes last: at every moment the list
 * names a whole session, and what its store holds says itself how it was signed in. What could not be removed stays noted
 * in the list, for the next sign-in and for signing out.
 *
 * @throws AppError (exit 1) when it could not be kept, exit 130 when it is interrupted; the former session is then there
 * as before
 */
export function keepSignIn(
  context: AuthContext,
  places: SessionPlaces,
  profile: TenantProfile,
  record: SessionRecord,
): Promise<void> {
  const { domain } = profile.tenant;
  return withSessionLock(places, domain, context, async () => {
    const leftIn = leftoverOf(findProfile(await places.tenants.read(), domain), profile.store);
    const store = await places.openStore(profile.store);
    const before = await contentOf(store, domain);
    await store.write(domain, serializeRecord({ ...record, terms: profile }));
    try {
      await places.tenants.update((list) => withProfile(list, { ...profile, leftIn }));
    } catch (error) {
      throw await putBack(store, domain, before, error);
    }
    if (leftIn !== undefined) await clear(context, places, domain, leftIn);
  });
}

/** Where something of former sign-ins is, or may be, that a sign-in to another store does not replace. */
function leftoverOf(former: TenantProfile | undefined, store: StoreKind): StoreKind | undefined {
  return [former?.store, former?.leftIn].find((kind) => kind !== undefined && kind !== store);
}

/** Removes what former sign-ins left in another store. What cannot be removed is told, and stays noted. */
async function clear(
  context: AuthContext,
  places: SessionPlaces,
  domain: string,
  kind: StoreKind,
): Promise<void> {
  try {
    await (await places.openStore(kind)).remove(domain);
    await places.tenants.update((list) => withoutLeftover(list, domain));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    context.warn(
      `The former session of ${domain} may still be in the ${kind}: ${error.message} As soon as that works, this revokes and removes both sessions: ${signOutCommand(domain)}`,
    );
  }
}

/** Gives a store back what it held before a sign-in that could not be listed. Returns what there is to throw. */
async function putBack(
  store: SecretStore,
  domain: string,
  before: string | undefined,
  problem: unknown,
): Promise<unknown> {
  try {
    await (before === undefined ? store.remove(domain) : store.write(domain, before));
    return problem;
  } catch (error) {
    if (!(error instanceof AppError && problem instanceof AppError)) return error;
    return problem.with({
      message: `${problem.message} What the ${store.kind} held for ${domain} before could not be put back: ${error.message}`,
      cause: new AggregateError([problem, error]),
    });
  }
}
