import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../lib/clock.ts";
import { AppError } from "../lib/errors.ts";
import { asObject, asObjects, asString, isObject, type JsonObject, parseJson } from "../lib/json.ts";
import { type Waiting, withLock } from "../lib/lock.ts";
import { removeStaged, writePrivateFile } from "../lib/private-file.ts";
import { isMissing } from "../lib/system-error.ts";
import { PRODUCT } from "./product.ts";
import { parseTerms, type SignInTerms, termsToJson } from "./sign-in-terms.ts";

/** What keeps the secrets of a sign-in. */
export type StoreKind = "keyring" | "file";

/** One sign-in as the list names it: how it was made, and which store holds its secrets. */
export interface TenantProfile extends SignInTerms {
  readonly store: StoreKind;
  /** Another store, which may still hold the secrets of an earlier sign-in; noted for as long as they are not removed. */
  readonly leftIn?: StoreKind | undefined;
}

/** The tenants one is signed in to. */
export interface TenantList {
  /** Domain of the tenant that commands work on when none is named. */
  readonly current: string | undefined;
  /** In the order of their first sign-in. */
  readonly profiles: readonly TenantProfile[];
}

const EMPTY: TenantList = { current: undefined, profiles: [] };

/** The version of a list that there is no file of. */
export const NO_LIST = "none";

/** How long one command may keep another from changing the list, in milliseconds. */
const LOCK_TIMEOUT = 10_000;

/** The file that lists the tenants one has signed in to. */
export class TenantFile {
  readonly path: string;
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #waiting: Waiting;

  /** @param waiting how a command is treated that waits for another one which changes the list */
  constructor(folder: string, clock: Clock, waiting: Waiting = {}) {
    this.#folder = folder;
    this.#clock = clock;
    this.#waiting = waiting;
    this.path = join(folder, "tenants.json");
  }

  /**
   * @throws AppError `tenants_unreadable` (exit 1) when the file is damaged or cannot be read; a missing one is an empty
   * list
   */
  async read(): Promise<TenantList> {
    let text: string;
    try {
      text = await readFile(this.path, "utf8");
    } catch (cause) {
      if (isMissing(cause)) return EMPTY;
      throw this.#unreadable("cannot be read", cause);
    }
    const list = parseList(text);
    if (list === undefined) throw this.#unreadable("is damaged");
    return list;
  }

  /** Changes the list as one step, whatever other processes do at the same time. */
  update(change: (list: TenantList) => TenantList | Promise<TenantList>): Promise<TenantList> {
    return this.#exclusively(async () => {
      const list = await change(await this.read());
      await this.#write(list);
      return list;
    });
  }

  /** Begins an empty list, whatever the file holds. */
  reset(): Promise<void> {
    return this.#exclusively(() => this.#write(EMPTY));
  }

  #exclusively<T>(work: () => Promise<T>): Promise<T> {
    const options = { ...this.#waiting, clock: this.#clock, timeout: LOCK_TIMEOUT };
    return withLock(join(this.#folder, "tenants.lock"), options, work);
  }

  async #write(list: TenantList): Promise<void> {
    await removeStaged(this.path);
    await writePrivateFile(this.path, `${JSON.stringify(listToJson(list), null, 2)}\n`);
  }

  /** Text that changes whenever the list is written, `NO_LIST` without one; cheap enough to ask for on every call. */
  async version(): Promise<string> {
    try {
      const { ino, size, mtimeMs } = await stat(this.path);
      return `${ino}:${size}:${mtimeMs}`;
    } catch (cause) {
      if (isMissing(cause)) return NO_LIST;
      throw this.#unreadable("cannot be read", cause);
    }
  }

  #unreadable(what: string, cause?: unknown): AppError {
    return new AppError({
      code: "tenants_unreadable",
      message: `${this.path}, the list of tenants you are signed in to, ${what}.`,
      hint: `Mend it, or sign out of every tenant with "${PRODUCT} logout --all", which begins a new list.`,
      cause,
    });
  }
}

/** The listed sign-in to a tenant; `undefined` when there is none. */
export function findProfile(list: TenantList, domain: string): TenantProfile | undefined {
  return list.profiles.find((profile) => profile.tenant.domain === domain);
}

/** The list with a profile added or replaced, and made the current one. */
export function withProfile(list: TenantList, profile: TenantProfile): TenantList {
  const { domain } = profile.tenant;
  const known = findProfile(list, domain) !== undefined;
  const profiles = known
    ? list.profiles.map((other) => (other.tenant.domain === domain ? profile : other))
    : [...list.profiles, profile];
  return { current: domain, profiles };
}

/** The list when nothing is left of earlier sign-ins to a tenant. */
export function withoutLeftover(list: TenantList, domain: string): TenantList {
  const profiles = list.profiles.map((profile) =>
    profile.tenant.domain === domain ? { ...profile, leftIn: undefined } : profile,
  );
  return { ...list, profiles };
}

/** The list without a tenant. No other tenant takes its place as the current one: that is a person's choice. */
export function withoutProfile(list: TenantList, domain: string): TenantList {
  return {
    current: list.current === domain ? undefined : list.current,
    profiles: list.profiles.filter((profile) => profile.tenant.domain !== domain),
  };
}

/** A profile as the file and `tenants list --json` show it. */
export function profileToJson(profile: TenantProfile): JsonObject {
  const { store, leftIn } = profile;
  return { ...termsToJson(profile), store, ...(leftIn === undefined ? {} : { left_in: leftIn }) };
}

function listToJson({ current, profiles }: TenantList): JsonObject {
  return { version: 1, current: current ?? null, tenants: profiles.map(profileToJson) };
}

function parseList(text: string): TenantList | undefined {
  const value = asObject(parseJson(text));
  const tenants = value?.["tenants"];
  if (value?.["version"] !== 1 || !Array.isArray(tenants) || !tenants.every(isObject)) return undefined;
  const profiles = asObjects(tenants).map(parseProfile);
  const known = profiles.filter((profile) => profile !== undefined);
  if (known.length !== profiles.length) return undefined;
  const current = asString(value["current"]);
  return {
    current: known.some(({ tenant }) => tenant.domain === current) ? current : undefined,
    profiles: known,
  };
}

function parseProfile(value: JsonObject): TenantProfile | undefined {
  const terms = parseTerms(value);
  const store = storeKind(value["store"]);
  if (terms === undefined || store === undefined) return undefined;
  const leftIn = storeKind(value["left_in"]);
  return { ...terms, store, ...(leftIn === undefined ? {} : { leftIn }) };
}

function storeKind(value: unknown): StoreKind | undefined {
  return value === "keyring" || value === "file" ? value : undefined;
}
