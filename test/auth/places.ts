import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SessionRecord } from "../../src/auth/session-record.ts";
import { storeOpener } from "../../src/auth/store/open.ts";
import type { SecretStore } from "../../src/auth/store/secret-store.ts";
import type { SessionPlaces } from "../../src/auth/stored-session.ts";
import { parseTenantAddress } from "../../src/config/domain.ts";
import { TenantFile, type TenantProfile } from "../../src/config/tenants.ts";
import { type Clock, systemClock } from "../../src/lib/clock.ts";
import type { AppError } from "../../src/lib/errors.ts";

export const HOUR = 3_600_000;

export interface TestPlaces extends SessionPlaces {
  /** What the keyring holds. */
  readonly keyring: Map<string, string>;
  /** What the keyring fails with, where it shall. */
  fault: AppError | undefined;
  remove(): void;
}

/** A configuration folder of its own, and a keyring in memory. */
export function newPlaces(clock: Clock = systemClock): TestPlaces {
  const folder = mkdtempSync(join(tmpdir(), "auth0-mcp-"));
  const openFile = storeOpener(folder, clock);
  const keyring = new Map<string, string>();
  const guarded = async <T>(work: () => T): Promise<T> => {
    if (places.fault) throw places.fault;
    return work();
  };
  const memory: SecretStore = {
    kind: "keyring",
    check: () => guarded(() => undefined),
    read: (domain) => guarded(() => keyring.get(domain)),
    write: (domain, secret) => guarded(() => void keyring.set(domain, secret)),
    remove: (domain) => guarded(() => keyring.delete(domain)),
  };
  const places: TestPlaces = {
    folder,
    tenants: new TenantFile(folder, clock),
    openStore: async (kind) => (kind === "file" ? openFile(kind) : memory),
    keyring,
    fault: undefined,
    remove: () => rmSync(folder, { recursive: true }),
  };
  return places;
}

/** A sign-in to a tenant, in the browser unless said otherwise. */
export function profileOf(domain: string, more: Partial<TenantProfile> = {}): TenantProfile {
  const tenant = parseTenantAddress(domain, "test");
  return {
    tenant,
    method: "device",
    authority: parseTenantAddress("auth0.auth0.com", "test"),
    clientId: "2lhnuYMRQ8IpR5hNsOhDFQqrGQUQMRm5",
    audience: `${tenant.origin}/api/v2/`,
    store: "file",
    scopes: "read:*",
    signedInAt: "2026-05-04T10:00:00.000Z",
    ...more,
  };
}

/** A sign-in as an application that proves itself by a secret. */
export function machineOf(domain: string, more: Partial<TenantProfile> = {}): TenantProfile {
  const tenant = parseTenantAddress(domain, "test");
  const machine = {
    method: "client_credentials",
    authority: tenant,
    clientId: "machine",
    proof: "secret",
  } as const;
  return profileOf(domain, { ...machine, scopes: undefined, ...more });
}

/** What a sign-in an hour long keeps. */
export function recordFor(clock: { now(): number }, more: Partial<SessionRecord> = {}): SessionRecord {
  return {
    token: { value: "access-1", expiresAt: clock.now() + HOUR, scopes: ["read:clients"] },
    obtainedAt: clock.now(),
    renewal: { kind: "refresh_token", value: "refresh-1" },
    clockOffset: 0,
    ...more,
  };
}
