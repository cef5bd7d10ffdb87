import { join } from "node:path";
import { findProfile, type StoreKind, type TenantFile, type TenantProfile } from "../config/tenants.ts";
import { withLock } from "../lib/lock.ts";
import type { AuthContext } from "./context.ts";
import { RenewingSource, type SessionKeeper } from "./renewing-source.ts";
import type { IdentifiedSession } from "./session.ts";
import { parseRecord, type SessionRecord, serializeRecord } from "./session-record.ts";
import { storedSessionWords } from "./session-words.ts";
import type { OpenStore } from "./store/open.ts";
import { storeError } from "./store/secret-store.ts";

/** How long another process may be busy with a session, in milliseconds: one token request and the store around it. */
const LOCK_TIMEOUT = 45_000;

/** Where the sessions of this user are. */
export interface SessionPlaces {
  /** The configuration folder. */
  readonly folder: string;
  readonly tenants: TenantFile;
  readonly openStore: OpenStore;
}

/** Runs work that changes a tenant's session while no other process does. */
export function withSessionLock<T>(
  { folder }: SessionPlaces,
  domain: string,
  { clock }: AuthContext,
  work: () => Promise<T>,
): Promise<T> {
  const file = join(folder, "locks", `${encodeURIComponent(domain)}.lock`);
  return withLock(file, { clock, timeout: LOCK_TIMEOUT }, work);
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
  if (text === undefined) return undefined;
  const record = parseRecord(text);
  if (record !== undefined) return record;
  throw storeError(
    `What the ${kind} store holds for ${domain} is damaged.`,
    `Remove it with "auth0-mcp logout --tenant ${domain}", then sign in again.`,
  );
}

/** The session of a tenant one has signed in to. It stays with that tenant, whatever becomes the current one. */
export function storedSession(
  context: AuthContext,
  places: SessionPlaces,
  profile: TenantProfile,
): IdentifiedSession {
  const { domain } = profile.tenant;
  // The newest profile counts: somebody may have signed in to the same tenant in another way since.
  let current: TenantProfile | undefined = profile;
  const keeper: SessionKeeper = {
    async read() {
      current = findProfile(await places.tenants.read(), domain);
      return current === undefined ? undefined : readRecord(places, domain, current.store);
    },
    async write(record) {
      const store = await places.openStore((current ?? profile).store);
      await store.write(domain, serializeRecord(record));
    },
    exclusively: (work) => withSessionLock(places, domain, context, work),
    version: () => places.tenants.version(),
  };
  const words = () => storedSessionWords(domain, current);
  const tokens = new RenewingSource({
    context,
    keeper,
    words: {
      get signInHint() {
        return words().signInHint;
      },
      get absent() {
        return words().absent;
      },
      grantHint: (scopes) => words().grantHint(scopes),
      ended: (why) => words().ended(why),
    },
    async renew(record) {
      // Loaded here: most commands find a token that still serves.
      const { renewSession } = await import("./renewal.ts");
      return renewSession(context, termsOf(current ?? profile), record);
    },
  });
  return {
    tenant: profile.tenant,
    tokens,
    method: profile.method,
    store: profile.store,
    getLasting: (signal, lasting) => tokens.get(signal, lasting),
    isRenewable: () => tokens.renewable,
  };
}

/** What renewing and revoking need of a profile. */
export function termsOf({ tenant, authority, clientId, audience, method, scopes }: TenantProfile) {
  const named = method === "client_credentials" && scopes !== undefined ? scopes.split(",") : undefined;
  return { tenant, authority, clientId, audience, scopes: named };
}
