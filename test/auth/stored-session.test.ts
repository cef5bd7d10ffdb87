import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SessionRecord } from "../../src/auth/session-record.ts";
import { ANY_TENANT, keepSignIn, tenantOfToken } from "../../src/auth/sign-in.ts";
import { signOut } from "../../src/auth/sign-out.ts";
import { storeOpener } from "../../src/auth/store/open.ts";
import { type SecretStore, storeError } from "../../src/auth/store/secret-store.ts";
import { readRecord, type SessionPlaces, storedSession } from "../../src/auth/stored-session.ts";
import { parseTenantAddress } from "../../src/config/domain.ts";
import { findProfile, TenantFile, type TenantProfile } from "../../src/config/tenants.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { AppError, Exit } from "../../src/lib/errors.ts";
import { connectionCut, harness, json, never } from "./harness.ts";
import { jwt } from "./tokens.ts";

const HOUR = 3_600_000;
let folder: string;
let places: SessionPlaces;
let keyring: Map<string, string>;
let keyringFault: AppError | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "auth0-mcp-"));
  keyring = new Map();
  keyringFault = undefined;
  const openFile = storeOpener(folder, systemClock);
  places = {
    folder,
    tenants: new TenantFile(folder, systemClock),
    openStore: async (kind) => (kind === "file" ? openFile(kind) : memoryStore()),
  };
});
afterEach(() => rmSync(folder, { recursive: true }));

function memoryStore(): SecretStore {
  const guarded = async <T>(work: () => T): Promise<T> => {
    if (keyringFault) throw keyringFault;
    return work();
  };
  return {
    kind: "keyring",
    check: () => guarded(() => undefined),
    read: (domain) => guarded(() => keyring.get(domain)),
    write: (domain, secret) => guarded(() => void keyring.set(domain, secret)),
    remove: (domain) => guarded(() => keyring.delete(domain)),
  };
}

function profileOf(domain: string, more: Partial<TenantProfile> = {}): TenantProfile {
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

function recordFor(clock: { now(): number }, more: Partial<SessionRecord> = {}): SessionRecord {
  return {
    token: { value: "access-1", expiresAt: clock.now() + HOUR, scopes: ["read:clients"] },
    obtainedAt: clock.now(),
    refreshToken: "refresh-1",
    clockOffset: 0,
    ...more,
  };
}

async function failure(work: Promise<unknown>): Promise<AppError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error("it did not fail");
}

describe("signing in", () => {
  test("keeps several tenants side by side; the newest is the current one", async () => {
    const { context, clock } = harness(() => json({}));
    for (const domain of ["a.eu.auth0.com", "b.eu.auth0.com"]) {
      await keepSignIn(context, places, profileOf(domain), recordFor(clock));
    }
    const list = await places.tenants.read();
    expect(list.current).toBe("b.eu.auth0.com");
    expect(list.profiles.map(({ tenant }) => tenant.domain)).toEqual(["a.eu.auth0.com", "b.eu.auth0.com"]);
    expect(findProfile(list, "a.eu.auth0.com")).toEqual(profileOf("a.eu.auth0.com"));
  });

  test("in another store leaves nothing in the former one", async () => {
    const { context, clock } = harness(() => json({}));
    await keepSignIn(context, places, profileOf("a.eu.auth0.com", { store: "keyring" }), recordFor(clock));
    expect(keyring.size).toBe(1);
    await keepSignIn(context, places, profileOf("a.eu.auth0.com", { store: "file" }), recordFor(clock));
    expect(keyring.size).toBe(0);
    expect(readdirSync(join(folder, "sessions"))).toEqual(["a.eu.auth0.com.json"]);
  });

  test("that cannot be kept leaves the former session as it was", async () => {
    const { context, clock } = harness(() => json({}));
    await keepSignIn(context, places, profileOf("a.eu.auth0.com"), recordFor(clock));
    keyringFault = storeError("locked", "unlock");
    const again = keepSignIn(
      context,
      places,
      profileOf("a.eu.auth0.com", { store: "keyring" }),
      recordFor(clock),
    );
    expect((await failure(again)).code).toBe("store_unreachable");
    expect(findProfile(await places.tenants.read(), "a.eu.auth0.com")?.store).toBe("file");
    expect((await readRecord(places, "a.eu.auth0.com", "file"))?.refreshToken).toBe("refresh-1");
  });

  test("a second sign-in without a refresh token keeps none of the first", async () => {
    const { context, clock } = harness(() => json({}));
    await keepSignIn(context, places, profileOf("a.eu.auth0.com"), recordFor(clock));
    await keepSignIn(
      context,
      places,
      profileOf("a.eu.auth0.com"),
      recordFor(clock, { refreshToken: undefined }),
    );
    expect((await readRecord(places, "a.eu.auth0.com", "file"))?.refreshToken).toBeUndefined();
  });

  test("no secret stands in the list of tenants", async () => {
    const { context, clock } = harness(() => json({}));
    const record = recordFor(clock, { clientSecret: "secret-canary", privateKey: "key-canary" });
    await keepSignIn(context, places, profileOf("a.eu.auth0.com"), record);
    const text = readFileSync(places.tenants.path, "utf8");
    expect(text).not.toMatch(/canary|access-1|refresh-1/);
  });
});

describe("the tenant of a token", () => {
  const wanted = parseTenantAddress("acme.eu.auth0.com", "test");
  const audience = "https://acme.eu.auth0.com/api/v2/";

  test("is the first Management API among its audiences", () => {
    for (const aud of [audience, ["https://acme.eu.auth0.com/userinfo", audience]]) {
      expect(tenantOfToken(jwt({ aud }), wanted)).toEqual(wanted);
      expect(tenantOfToken(jwt({ aud }), undefined)).toEqual(wanted);
    }
  });

  test("that is not the one asked for is exit 3, naming both", () => {
    const other = jwt({ aud: "https://other.eu.auth0.com/api/v2/" });
    expect(() => tenantOfToken(other, wanted)).toThrow(/other\.eu\.auth0\.com.*acme\.eu\.auth0\.com/);
  });

  test("must be told, and by an address that is safe to send it to", () => {
    for (const aud of [
      ANY_TENANT,
      "http://acme.eu.auth0.com/api/v2/",
      `${audience}x`,
      "https://acme.eu.auth0.com",
      7,
    ]) {
      expect(() => tenantOfToken(jwt({ aud }), undefined)).toThrow("does not say which tenant");
    }
    expect(() => tenantOfToken("opaque", wanted)).toThrow("does not say which tenant");
  });
});

describe("a stored session", () => {
  test("renews by its refresh token, and keeps the new one", async () => {
    const { context, clock, sent } = harness(() =>
      json({ access_token: "access-2", refresh_token: "refresh-2", expires_in: 3600 }),
    );
    await keepSignIn(context, places, profileOf("a.eu.auth0.com"), recordFor(clock));
    const { tokens } = storedSession(context, places, profileOf("a.eu.auth0.com"));
    clock.time += HOUR;
    expect((await tokens.get(never)).value).toBe("access-2");
    expect(sent).toEqual([
      {
        url: "https://auth0.auth0.com/oauth/token",
        form: {
          grant_type: "refresh_token",
          client_id: "2lhnuYMRQ8IpR5hNsOhDFQqrGQUQMRm5",
          refresh_token: "refresh-1",
        },
      },
    ]);
    expect((await readRecord(places, "a.eu.auth0.com", "file"))?.refreshToken).toBe("refresh-2");
  });

  test("renews by its client secret, at its own tenant, for its own audience", async () => {
    const { context, clock, sent } = harness(() => json({ access_token: "access-2", expires_in: 3600 }));
    const tenant = parseTenantAddress("login.acme.com", "test");
    const profile = profileOf("login.acme.com", {
      method: "client_credentials",
      authority: tenant,
      clientId: "machine",
      audience: "https://acme.eu.auth0.com/api/v2/",
      scopes: undefined,
    });
    await keepSignIn(
      context,
      places,
      profile,
      recordFor(clock, { refreshToken: undefined, clientSecret: "hush-hush" }),
    );
    const { tokens } = storedSession(context, places, profile);
    clock.time += HOUR;
    await tokens.get(never);
    expect(sent).toEqual([
      {
        url: "https://login.acme.com/oauth/token",
        form: {
          grant_type: "client_credentials",
          client_id: "machine",
          audience: "https://acme.eu.auth0.com/api/v2/",
          client_secret: "hush-hush",
        },
      },
    ]);
    expect((await readRecord(places, "login.acme.com", "file"))?.clientSecret).toBe("hush-hush");
  });

  test("names the command that signs in again the same way", async () => {
    const { context, clock } = harness(() => json({ error: "invalid_grant" }, 403));
    const profile = profileOf("a.eu.auth0.com", { authority: parseTenantAddress("127.0.0.1:4000", "test") });
    await keepSignIn(context, places, profile, recordFor(clock));
    const { tokens } = storedSession(context, places, profile);
    clock.time += HOUR;
    const error = await failure(tokens.get(never));
    expect(error).toMatchObject({ exit: Exit.signedOut });
    expect(error.hint).toContain(
      "AUTH0_MCP_LOGIN_DOMAIN=127.0.0.1:4000 auth0-mcp login --tenant a.eu.auth0.com --scopes 'read:*'",
    );
    expect(tokens.grantHint(["create:clients"])).toContain("--scopes 'read:*,create:clients'");
  });

  test("stays with its tenant, whatever becomes the current one", async () => {
    const { context, clock } = harness(() => json({}));
    await keepSignIn(context, places, profileOf("a.eu.auth0.com"), recordFor(clock));
    const { tenant, tokens } = storedSession(context, places, profileOf("a.eu.auth0.com"));
    await tokens.get(never);
    const other = { token: { value: "access-b", expiresAt: undefined, scopes: undefined } };
    await keepSignIn(context, places, profileOf("b.eu.auth0.com"), recordFor(clock, other));
    expect((await tokens.get(never)).value).toBe("access-1");
    expect(tenant.domain).toBe("a.eu.auth0.com");
  });

  test("that is damaged is exit 1 with the remedy", async () => {
    const { context, clock } = harness(() => json({}));
    await keepSignIn(context, places, profileOf("a.eu.auth0.com"), recordFor(clock));
    writeFileSync(join(folder, "sessions", "a.eu.auth0.com.json"), '{"version":1,"access_tok');
    const { tokens } = storedSession(context, places, profileOf("a.eu.auth0.com"));
    expect(await failure(tokens.get(never))).toMatchObject({ code: "store_unreachable", exit: Exit.failed });
  });
});

describe("signing out", () => {
  test("revokes the refresh token, removes the secrets and takes the tenant off the list", async () => {
    const { context, clock, sent } = harness(() => new Response(""));
    await keepSignIn(context, places, profileOf("a.eu.auth0.com"), recordFor(clock));
    const done = await signOut(context, places, "a.eu.auth0.com", never);
    expect(done).toMatchObject({ revocation: "revoked", store: "file" });
    expect(sent).toEqual([
      {
        url: "https://auth0.auth0.com/oauth/revoke",
        form: { client_id: "2lhnuYMRQ8IpR5hNsOhDFQqrGQUQMRm5", token: "refresh-1" },
      },
    ]);
    expect(await places.tenants.read()).toEqual({ current: undefined, profiles: [] });
    expect(readdirSync(join(folder, "sessions"))).toEqual([]);
    expect(await signOut(context, places, "a.eu.auth0.com", never)).toBeUndefined();
  });

  test("removes everything also when the revocation fails, and says so", async () => {
    const { context, clock } = harness(() => Promise.reject(connectionCut()));
    await keepSignIn(context, places, profileOf("a.eu.auth0.com"), recordFor(clock));
    expect(await signOut(context, places, "a.eu.auth0.com", never)).toMatchObject({
      revocation: "failed",
      problem: "the connection was closed",
    });
    expect(readdirSync(join(folder, "sessions"))).toEqual([]);
  });

  test("a store that cannot be reached keeps the tenant on the list, so that it can be repeated", async () => {
    const { context, clock } = harness(() => new Response(""));
    await keepSignIn(context, places, profileOf("a.eu.auth0.com", { store: "keyring" }), recordFor(clock));
    keyringFault = storeError("locked", "unlock");
    expect((await failure(signOut(context, places, "a.eu.auth0.com", never))).code).toBe("store_unreachable");
    expect((await places.tenants.read()).profiles).toHaveLength(1);
  });

  test("a store that cannot be changed after the revocation: the error tells that the refresh token is revoked", async () => {
    const { context, clock } = harness(() => new Response(""));
    await keepSignIn(context, places, profileOf("a.eu.auth0.com", { store: "keyring" }), recordFor(clock));
    const remove = () => Promise.reject(storeError("It is read-only.", "Make it writable."));
    const fixed = { ...places, openStore: async () => ({ ...memoryStore(), remove }) };
    expect(await failure(signOut(context, fixed, "a.eu.auth0.com", never))).toMatchObject({
      code: "store_unreachable",
      message: "It is read-only. Its refresh token is revoked already.",
      hint: "Make it writable.",
    });
  });

  test("a file that others could read is removed all the same", async () => {
    const { context, clock } = harness(() => new Response(""));
    await keepSignIn(context, places, profileOf("a.eu.auth0.com"), recordFor(clock));
    chmodSync(join(folder, "sessions", "a.eu.auth0.com.json"), 0o644);
    expect(await signOut(context, places, "a.eu.auth0.com", never)).toMatchObject({ revocation: "failed" });
    expect(readdirSync(join(folder, "sessions"))).toEqual([]);
  });
});
