import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { SignInTerms } from "../config/sign-in-terms.ts";
import { findProfile, type StoreKind, type TenantFile, type TenantProfile } from "../config/tenants.ts";
import { signedOutError } from "../lib/errors.ts";
import { type Waiting, withLock } from "../lib/lock.ts";
import { isMissing, systemReason } from "../lib/system-error.ts";
import type { AuthContext } from "./context.ts";
import { domainOf, fileNameOf } from "./file-names.ts";
import type { RenewalTerms } from "./renewal.ts";
import { RenewingSource } from "./renewing-source.ts";
import type { IdentifiedSession } from "./session.ts";
import { parseRecord, type SessionRecord, serializeRecord } from "./session-record.ts";
import { signOutCommand, storedSessionWords } from "./session-words.ts";
import type { SessionKeeper } from "./steady-keeper.ts";
import type { OpenStore } from "./store/open.ts";
import { storeError } from "./store/secret-store.ts";

/** How long another process may be busy with a session, in milliseconds: one token request and the store around it. */
const LOCK_TIMEOUT = 45_000;
const LOCK = ".lock";

/** Where the sessions of this user are. */
export interface SessionPlaces {
  /** The configuration folder. */
  readonly folder: string;
  readonly tenants: TenantFile;
  readonly openStore: OpenStore;
  /** How a command is treated that waits for another process which is busy with a session. */
  readonly waiting?: ((domain: string) => Waiting) | undefined;
}

/**
 * Runs work that changes a tenant's session while no other process does.
 *
 * @throws AppError exit 1 when others take too long, 130 when the waiting is interrupted
 */
export function withSessionLock<T>(
  { folder, waiting }: SessionPlaces,
  domain: string,
  { clock }: AuthContext,
  work: () => Promise<T>,
): Promise<T> {
  const file = join(locksFolder(folder), fileNameOf(domain, LOCK));
  return withLock(file, { ...waiting?.(domain), clock, timeout: LOCK_TIMEOUT }, work);
}

function locksFolder(folder: string): string {
  return join(folder, "locks");
}

/**
 * Every tenant that was ever signed in to from here, signed out of or not: the file of a session's lock stays, since
 * removing it would let two processes hold the lock at once.
 */
export async function tracedDomains({ folder }: SessionPlaces): Promise<string[]> {
  let names: string[];
  try {
    names = await readdir(locksFolder(folder));
  } catch (error) {
    if (isMissing(error)) return [];
    throw storeError(
      `${locksFolder(folder)} cannot be looked into: ${systemReason(error)}.`,
      "Make it readable for you, then try again.",
      error,
    );
  }
  return names.map((name) => domainOf(name, LOCK)).filter((domain) => domain !== undefined);
}

/**
 * What a store holds for a tenant, `undefined` for nothing.
 *
 * @throws AppError (exit 1) when the store cannot be reached, or holds something damaged
 */
export async function readRecord(
  places: SessionPlaces,
  domain: string,
  kind: StoreKind,
): Promise<SessionRecord | undefined> {
  const text = await (await places.openStore(kind)).read(domain);
  return text === undefined ? undefined : recordIn(text, domain, kind);
}

/**
 * The record in a text that a store held for a tenant.
 *
 * @throws AppError (exit 1) when it is damaged, or another tenant's
 */
export function recordIn(text: string, domain: string, kind: StoreKind): SessionRecord {
  const record = parseRecord(text);
  if (record !== undefined && (record.terms?.tenant.domain ?? domain) === domain) return record;
  throw storeError(
    `What the ${kind} store holds for ${domain} is damaged.`,
    `Remove it with "${signOutCommand(domain)}", then sign in again.`,
  );
}

/** The sign-in that a record is of, where it says so, and else the listed one. */
function signInOf(record: SessionRecord | undefined, listed: TenantProfile): TenantProfile {
  const terms = record?.terms ?? listed;
  const kept = record?.renewal?.kind === "private_key" ? "key" : undefined;
  return { ...terms, proof: terms.proof ?? kept, store: listed.store };
}

/** The session of a tenant one has signed in to. It stays with that tenant, whatever becomes the current one. */
export function storedSession(
  context: AuthContext,
  places: SessionPlaces,
  profile: TenantProfile,
): IdentifiedSession {
  const { tenant } = profile;
  const { domain } = tenant;
  // The newest sign-in counts: somebody may have signed in to the same tenant in another way since. Where somebody signed
  // out it stays the last one, so that what mends it can be told to the letter.
  let newest = profile;
  const keeper: SessionKeeper = {
    async read() {
      const listed = findProfile(await places.tenants.read(), domain);
      if (listed === undefined) return undefined;
      newest = listed;
      const record = await readRecord(places, domain, listed.store);
      newest = signInOf(record, listed);
      // Of the same host by another scheme it is another tenant's: its token must not go out over http.
      return newest.tenant.origin === tenant.origin ? record : undefined;
    },
    async write(record) {
      const store = await places.openStore(newest.store);
      await store.write(domain, serializeRecord(record));
    },
    exclusively: (work) => withSessionLock(places, domain, context, work),
    version: () => places.tenants.version(),
  };
  const words = () => storedSessionWords(tenant, newest);
  const tokens = new RenewingSource({
    context,
    keeper,
    words: {
      get signInHint() {
        return words().signInHint;
      },
      grantHint: (scopes) => words().grantHint(scopes),
      ended: (why) => words().ended(why),
    },
    async signIn() {
      const { absent, signInHint } = words();
      throw signedOutError(absent, signInHint);
    },
    async renew(record) {
      // Loaded here: most commands find a token that still serves.
      const { renewSession } = await import("./renewal.ts");
      const terms = newest;
      const outcome = await renewSession(context, renewalTerms(terms), record);
      return outcome.kind === "renewed" ? { ...outcome, record: { ...outcome.record, terms } } : outcome;
    },
  });
  return {
    tenant,
    tokens,
    get method() {
      return newest.method;
    },
    get store() {
      return newest.store;
    },
    isRenewable: () => tokens.renewable,
  };
}

/** What renewing and revoking need of a sign-in. */
export function renewalTerms(terms: SignInTerms): RenewalTerms {
  const { tenant, authority, clientId, audience, method, scopes } = terms;
  const named = method === "client_credentials" && scopes !== undefined ? scopes.split(",") : undefined;
  return { tenant, authority, clientId, audience, scopes: named };
}
