import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../lib/clock.ts";
import { AppError } from "../lib/errors.ts";
import { asObject, asObjects, asString, isObject, type JsonObject, parseJson } from "../lib/json.ts";
import { withLock } from "../lib/lock.ts";
import { writePrivateFile } from "../lib/private-file.ts";
import { errorCode } from "../lib/system-error.ts";
import { isLoopback, type TenantAddress } from "./domain.ts";

export type SignInMethod = "device" | "client_credentials";
export type StoreKind = "keyring" | "file";

/** How a tenant was signed in to. Holds no secret: the store it names does. */
export interface TenantProfile {
  readonly tenant: TenantAddress;
  readonly method: SignInMethod;
  /** Who issues the tokens; the tenant itself for client credentials. */
  readonly authority: TenantAddress;
  readonly clientId: string;
  readonly audience: string;
  readonly store: StoreKind;
  /** The scopes as they were asked for, for the command that signs in again; absent when none were named. */
  readonly scopes?: string | undefined;
  /** ISO time of the sign-in. It tells a running server that the session is another one. */
  readonly signedInAt: string;
}

export interface TenantList {
  /** Domain of the tenant that commands work on when none is named. */
  readonly current: string | undefined;
  /** In the order of their first sign-in. */
  readonly profiles: readonly TenantProfile[];
}

const EMPTY: TenantList = { current: undefined, profiles: [] };

/** How long one command may keep another from changing the list, in milliseconds. */
const LOCK_TIMEOUT = 10_000;

/** The file that lists the tenants one has signed in to. */
export class TenantFile {
  readonly path: string;
  readonly #folder: string;
  readonly #clock: Clock;

  constructor(folder: string, clock: Clock) {
    this.#folder = folder;
    this.#clock = clock;
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
  async update(change: (list: TenantList) => TenantList): Promise<TenantList> {
    const options = { clock: this.#clock, timeout: LOCK_TIMEOUT };
    return withLock(join(this.#folder, "tenants.lock"), options, async () => {
      const list = change(await this.read());
      await writePrivateFile(this.path, `${JSON.stringify(listToJson(list), null, 2)}\n`);
      return list;
    });
  }

  /** Text that changes whenever the list is written; cheap enough to ask for on every call. */
  async version(): Promise<string> {
    try {
      const { ino, size, mtimeMs } = await stat(this.path);
      return `${ino}:${size}:${mtimeMs}`;
    } catch (cause) {
      if (isMissing(cause)) return "none";
      throw this.#unreadable("cannot be read", cause);
    }
  }

  #unreadable(what: string, cause?: unknown): AppError {
    return new AppError({
      code: "tenants_unreadable",
      message: `${this.path}, the list of tenants you are signed in to, ${what}.`,
      hint: "Mend it, or remove it and sign in again.",
      cause,
    });
  }
}

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

/** The list without a tenant. No other tenant takes its place as the current one: that is a person's choice. */
export function withoutProfile(list: TenantList, domain: string): TenantList {
  return {
    current: list.current === domain ? undefined : list.current,
    profiles: list.profiles.filter((profile) => profile.tenant.domain !== domain),
  };
}

/** A profile as the file and `tenants list --json` show it. */
export function profileToJson(profile: TenantProfile): JsonObject {
  return {
    domain: profile.tenant.domain,
    url: profile.tenant.origin,
    method: profile.method,
    authority: profile.authority.origin,
    client_id: profile.clientId,
    audience: profile.audience,
    store: profile.store,
    ...(profile.scopes === undefined ? {} : { scopes: profile.scopes }),
    signed_in_at: profile.signedInAt,
  };
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
  const tenant = parseOrigin(value["url"]);
  const authority = parseOrigin(value["authority"]);
  const method = value["method"];
  const store = value["store"];
  const [clientId, audience, signedInAt] = ["client_id", "audience", "signed_in_at"].map((key) =>
    asString(value[key]),
  );
  if (tenant === undefined || authority === undefined || value["domain"] !== tenant.domain) return undefined;
  if (clientId === undefined || audience === undefined || signedInAt === undefined) return undefined;
  if (method !== "device" && method !== "client_credentials") return undefined;
  if (store !== "keyring" && store !== "file") return undefined;
  return {
    tenant,
    authority,
    method,
    store,
    clientId,
    audience,
    signedInAt,
    scopes: asString(value["scopes"]),
  };
}

/** As strict as what a person may type: a token must not go out over http because this file was tampered with. */
function parseOrigin(value: unknown): TenantAddress | undefined {
  const text = asString(value);
  if (text === undefined || !URL.canParse(text)) return undefined;
  const { origin, host, hostname, protocol } = new URL(text);
  const safe = protocol === "https:" || (protocol === "http:" && isLoopback(hostname));
  return safe && origin === text ? { origin, domain: host } : undefined;
}

function isMissing(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR"].includes(errorCode(error) ?? "");
}
