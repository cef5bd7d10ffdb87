import { NO_LIST, type TenantList } from "../config/tenants.ts";
import { AppError } from "../lib/errors.ts";
import type { SignOutScope } from "./sign-out.ts";
import { type SessionPlaces, tracedDomains } from "./stored-session.ts";

/** Where somebody may be signed in, by everything that tells. */
export interface Survey {
  /** The tenants; those that are listed first. */
  readonly domains: readonly string[];
  /** Whether there is a list that can be read. Without one only traces tell which tenants the keyring may know. */
  readonly intact: boolean;
  /** How to sign out of them. */
  readonly scope: SignOutScope;
}

/**
 * Looks for every sign-in. The list of tenants names them all unless it was lost or a process was killed while it signed
 * in: files tell of themselves, but a keyring is asked for one name at a time. Where the list tells nothing, those are
 * tried of which a lock is left.
 *
 * @throws AppError (exit 1) when folders cannot be looked into
 */
export async function survey(places: SessionPlaces): Promise<Survey> {
  const list = await readableList(places);
  const intact = list !== undefined && (await places.tenants.version()) !== NO_LIST;
  const inFiles = (await (await places.openStore("file")).domains?.()) ?? [];
  const traced = intact ? [] : await tracedDomains(places);
  const listed = list?.profiles.map(({ tenant }) => tenant.domain) ?? [];
  return {
    domains: [...new Set([...listed, ...inFiles, ...traced])],
    intact,
    // A keyring that may ask a person to unlock it is left alone where nothing says that it holds anything.
    scope: { listed: list !== undefined, stores: intact ? ["file"] : ["file", "keyring"] },
  };
}

async function readableList({ tenants }: SessionPlaces): Promise<TenantList | undefined> {
  try {
    return await tenants.read();
  } catch (error) {
    if (error instanceof AppError && error.code === "tenants_unreadable") return undefined;
    throw error;
  }
}
