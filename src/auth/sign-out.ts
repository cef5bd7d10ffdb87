import type { SignInTerms } from "../config/sign-in-terms.ts";
import { findProfile, type StoreKind, type TenantProfile, withoutProfile } from "../config/tenants.ts";
import { AppError, Exit } from "../lib/errors.ts";
import type { AuthContext } from "./context.ts";
import { revokeRefreshToken } from "./renewal.ts";
import { type SessionRecord, secretsOf } from "./session-record.ts";
import { contentOf, type SecretStore } from "./store/secret-store.ts";
import {
  recordIn,
  renewalTerms,
  type SessionPlaces,
  tracedDomains,
  withSessionLock,
} from "./stored-session.ts";

/** What became of the sign-ins to one tenant. */
export interface SignedOut {
  readonly domain: string;
  /** What was emptied; nothing where there was nothing. */
  readonly stores: readonly StoreKind[];
  readonly revocation: Revocation;
  /** Why it is not known whether the keyring holds something for a tenant that is not listed. */
  readonly unknown: string | undefined;
}

/** How far the list of tenants and the stores are trusted to tell where somebody is signed in. */
export interface SignOutScope {
  /** Whether the list can be read; if not, only the stores tell. */
  readonly listed: boolean;
  /** Where to look for a tenant that is not listed. */
  readonly stores: readonly StoreKind[];
}

/** What became of a refresh token. */
export type Revocation =
  | { readonly kind: "revoked" }
  /** There was none. */
  | { readonly kind: "none" }
  /** It may still work, and why. */
  | { readonly kind: "failed"; readonly problem: string };

const NONE: Revocation = { kind: "none" };

/**
 * Signs out of one tenant: revokes its refresh token, removes its secrets, then takes it off the list. Secrets go also
 * when they could not be revoked, which the result says.
 *
 * @throws AppError (exit 1) when a store cannot be changed; the tenant is then still listed, so that it can be repeated
 */
export async function signOut(
  context: AuthContext,
  places: SessionPlaces,
  domain: string,
  signal: AbortSignal,
  scope: SignOutScope = { listed: true, stores: ["file", "keyring"] },
): Promise<SignedOut> {
  const find = async () => (scope.listed ? findProfile(await places.tenants.read(), domain) : undefined);
  if ((await find()) === undefined && !(await tracedDomains(places)).includes(domain)) {
    // For a name that was only mistyped nothing is to be written, not even a lock.
    const { holds, unknown } = await look(places, domain, scope.stores);
    if (!holds) return { domain, stores: [], revocation: NONE, unknown };
  }
  return withSessionLock(places, domain, context, async () => {
    const profile = await find();
    const left: Left[] = [];
    let unknown: string | undefined;
    for (const kind of profile === undefined ? scope.stores : storesOf(profile)) {
      const store = await places.openStore(kind);
      const silent = profile === undefined ? (await ask(store, domain)).unknown : undefined;
      if (silent === undefined) left.push(await leave(context, store, domain, profile, signal));
      else unknown = silent;
    }
    const done = left.filter(({ found, kind }) => found || kind === profile?.store);
    const revocation = worstOf(done.map((one) => one.revocation));
    if (profile !== undefined) {
      await unlessRevoked(revocation, () => places.tenants.update((list) => withoutProfile(list, domain)));
    }
    return { domain, stores: done.map(({ kind }) => kind), revocation, unknown };
  });
}

function worstOf(revocations: readonly Revocation[]): Revocation {
  const first = (word: Revocation["kind"]) => revocations.find(({ kind }) => kind === word);
  return first("failed") ?? first("revoked") ?? NONE;
}

/** Where a listed sign-in is, and where one may be left that a process ended before it had removed. */
function storesOf({ store, leftIn }: TenantProfile): StoreKind[] {
  return [...new Set([store, "file" as const, ...(leftIn === undefined ? [] : [leftIn])])];
}

/** What stores say of a tenant that is not listed. */
interface Sight {
  readonly holds: boolean;
  /** Why one of them does not say. */
  readonly unknown: string | undefined;
}

async function look(places: SessionPlaces, domain: string, kinds: readonly StoreKind[]): Promise<Sight> {
  const sights: Sight[] = [];
  for (const kind of kinds) sights.push(await ask(await places.openStore(kind), domain));
  return {
    holds: sights.some(({ holds }) => holds),
    unknown: sights.map(({ unknown }) => unknown).find((text) => text !== undefined),
  };
}

async function ask(store: SecretStore, domain: string): Promise<Sight> {
  try {
    // A store that can list what it holds knows of what is damaged, too.
    const holds =
      store.domains === undefined
        ? (await store.read(domain)) !== undefined
        : (await store.domains()).includes(domain);
    return { holds, unknown: undefined };
  } catch (error) {
    if (!(error instanceof AppError) || error.exit === Exit.interrupted || store.kind === "file") throw error;
    return { holds: false, unknown: error.message };
  }
}

/** One store after it was emptied of a tenant's secrets. */
interface Left {
  readonly kind: StoreKind;
  readonly found: boolean;
  readonly revocation: Revocation;
}

async function leave(
  context: AuthContext,
  store: SecretStore,
  domain: string,
  listed: TenantProfile | undefined,
  signal: AbortSignal,
): Promise<Left> {
  const { kind } = store;
  const revocation = await revoke(context, store, domain, listed, signal);
  const found = await unlessRevoked(revocation, () => store.remove(domain));
  return { kind, found, revocation };
}

/** What cannot be removed is worthless all the same, which whoever goes on using it should know. */
async function unlessRevoked<T>({ kind }: Revocation, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (kind !== "revoked" || !(error instanceof AppError)) throw error;
    throw error.with({ message: `${error.message} Its refresh token is revoked already.` });
  }
}

async function revoke(
  context: AuthContext,
  store: SecretStore,
  domain: string,
  listed: TenantProfile | undefined,
  signal: AbortSignal,
): Promise<Revocation> {
  let record: SessionRecord | undefined;
  try {
    const text = await contentOf(store, domain);
    record = text === undefined ? undefined : recordIn(text, domain, store.kind);
  } catch (error) {
    // Whatever cannot be read cannot be revoked; whether it can be removed is seen next.
    if (!(error instanceof AppError) || error.exit === Exit.interrupted) throw error;
    return { kind: "failed", problem: error.message };
  }
  if (record === undefined) return NONE;
  for (const secret of secretsOf(record)) context.secrets.register(secret);
  const { renewal, terms = listed } = record;
  if (renewal?.kind !== "refresh_token") return NONE;
  const problem = await refreshTokenProblem(context, terms, renewal.value, signal);
  return problem === undefined ? { kind: "revoked" } : { kind: "failed", problem };
}

async function refreshTokenProblem(
  context: AuthContext,
  terms: SignInTerms | undefined,
  refreshToken: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  // A refresh token goes to nobody but its issuer, so none is guessed.
  if (terms === undefined) return "nothing says which authority issued it";
  return revokeRefreshToken(context, renewalTerms(terms), refreshToken, signal);
}
