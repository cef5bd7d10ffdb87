import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseTenantAddress } from "../../src/config/domain.ts";
import {
  TenantFile,
  type TenantProfile,
  withoutLeftover,
  withoutProfile,
  withProfile,
} from "../../src/config/tenants.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { withLock } from "../../src/lib/lock.ts";
import { SteppingClock } from "../lib/stepping-clock.ts";

let folder: string;
let file: TenantFile;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "auth0-mcp-"));
  file = new TenantFile(folder, systemClock);
});
afterEach(() => rmSync(folder, { recursive: true }));

function profileOf(address: string): TenantProfile {
  const tenant = parseTenantAddress(address, "test");
  return {
    tenant,
    method: "device",
    authority: parseTenantAddress("auth0.auth0.com", "test"),
    clientId: "client",
    audience: `${tenant.origin}/api/v2/`,
    store: "keyring",
    scopes: "read:*",
    signedInAt: "2026-05-04T10:00:00.000Z",
  };
}

test("what is kept comes back, in a file of this user's only", async () => {
  const profiles = ["acme.eu.auth0.com", "127.0.0.1:4000", "https://127.0.0.1:4001"].map(profileOf);
  for (const profile of profiles) await file.update((list) => withProfile(list, profile));
  expect(await file.read()).toEqual({ current: "127.0.0.1:4001", profiles });
  expect(statSync(file.path).mode & 0o777).toBe(0o600);
});

test("what is left in another store is noted until it is gone", async () => {
  const profile = profileOf("acme.eu.auth0.com");
  await file.update((list) => withProfile(list, { ...profile, store: "file", leftIn: "keyring" }));
  expect((await file.read()).profiles[0]?.leftIn).toBe("keyring");
  await file.update((list) => withoutLeftover(list, "acme.eu.auth0.com"));
  expect(await file.read()).toEqual({
    current: "acme.eu.auth0.com",
    profiles: [{ ...profile, store: "file" }],
  });
  expect(readFileSync(file.path, "utf8")).not.toContain("left_in");
});

test("what a killed process left half-written goes with the next change", async () => {
  const left = join(folder, ".tenants.json.11111111-1111-4111-8111-111111111111.tmp");
  writeFileSync(left, "{");
  await file.update((list) => withProfile(list, profileOf("acme.eu.auth0.com")));
  expect(existsSync(left)).toBe(false);
  writeFileSync(left, "{");
  await file.reset();
  expect(existsSync(left)).toBe(false);
});

test("changes made at once are all kept", async () => {
  const names = Array.from({ length: 20 }, (_, index) => `t${index}.auth0.com`);
  await Promise.all(names.map((name) => file.update((list) => withProfile(list, profileOf(name)))));
  const { profiles } = await file.read();
  expect(profiles.map(({ tenant }) => tenant.domain).sort()).toEqual(names.sort());
});

test("leaving the current tenant makes no other one current", async () => {
  for (const name of ["a.auth0.com", "b.auth0.com"])
    await file.update((list) => withProfile(list, profileOf(name)));
  await file.update((list) => withoutProfile(list, "a.auth0.com"));
  expect((await file.read()).current).toBe("b.auth0.com");
  await file.update((list) => withProfile(list, profileOf("c.auth0.com")));
  await file.update((list) => withoutProfile(list, "c.auth0.com"));
  expect((await file.read()).current).toBeUndefined();
});

test("its version changes when it is written", async () => {
  const versions = [await file.version()];
  for (const name of ["a.auth0.com", "b.auth0.com"]) {
    await file.update((list) => withProfile(list, profileOf(name)));
    versions.push(await file.version());
  }
  expect(new Set(versions).size).toBe(3);
});

test("how an application proved who it is comes back", async () => {
  const profile = { ...profileOf("acme.eu.auth0.com"), proof: "key", keyFile: "/home/me/key.pem" } as const;
  await file.update((list) => withProfile(list, profile));
  expect((await file.read()).profiles).toEqual([profile]);
});

test("a list can be begun anew, whatever it was", async () => {
  await file.update((list) => withProfile(list, profileOf("acme.eu.auth0.com")));
  writeFileSync(file.path, "{");
  await file.reset();
  expect(await file.read()).toEqual({ current: undefined, profiles: [] });
});

test("an interrupt ends the waiting for another process that changes it", async () => {
  const stop = new AbortController();
  const waiting = { signal: stop.signal, onWait: () => stop.abort() };
  const interrupted = new TenantFile(folder, new SteppingClock(), waiting);
  await withLock(join(folder, "tenants.lock"), { clock: systemClock, timeout: 1_000 }, async () => {
    await expect(interrupted.update((list) => list)).rejects.toMatchObject({ code: "cancelled", exit: 130 });
  });
});

describe("damage is an error and the file stays as it is", () => {
  const tampered: readonly (readonly [string, (text: string) => string])[] = [
    ["half a file", (text) => text.slice(0, 50)],
    ["another version", (text) => text.replace('"version": 1', '"version": 2')],
    ["an authority without TLS", (text) => text.replace("https://auth0.auth0.com", "http://auth0.auth0.com")],
    ["a tenant elsewhere", (text) => text.replace('"url": "https://acme', '"url": "https://evil')],
    ["another store", (text) => text.replace('"keyring"', '"pocket"')],
    ["a tenant that is none", (text) => text.replace('"tenants": [', '"tenants": [7,')],
  ];
  for (const [name, change] of tampered) {
    test(name, async () => {
      await file.update((list) => withProfile(list, profileOf("acme.eu.auth0.com")));
      const text = change(readFileSync(file.path, "utf8"));
      writeFileSync(file.path, text);
      await expect(file.read()).rejects.toMatchObject({
        code: "tenants_unreadable",
        exit: 1,
        hint: expect.stringContaining("auth0-mcp logout --all"),
      });
      await expect(file.update((list) => list)).rejects.toMatchObject({ code: "tenants_unreadable" });
      expect(readFileSync(file.path, "utf8")).toBe(text);
    });
  }
});
