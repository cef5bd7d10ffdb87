import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { chmodSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ANY_TENANT, keepSignIn, tenantOfToken } from "../../src/auth/sign-in.ts";
import { signOut } from "../../src/auth/sign-out.ts";
import { storeError } from "../../src/auth/store/secret-store.ts";
import { readRecord } from "../../src/auth/stored-session.ts";
import { parseTenantAddress } from "../../src/config/domain.ts";
import { findProfile, TenantFile } from "../../src/config/tenants.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { type AppError, Exit } from "../../src/lib/errors.ts";
import { withLock } from "../../src/lib/lock.ts";
import { SteppingClock } from "../lib/stepping-clock.ts";
import { rejection } from "../support/rejection.ts";
import { harness, json, never } from "./harness.ts";
import { machineOf, newPlaces, profileOf, recordFor, type TestPlaces } from "./places.ts";
import { jwt } from "./tokens.ts";

let places: TestPlaces;
beforeEach(() => {
  places = newPlaces(new SteppingClock());
});
afterEach(() => places.remove());

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
    expect(places.keyring.size).toBe(1);
    await keepSignIn(context, places, profileOf("a.eu.auth0.com", { store: "file" }), recordFor(clock));
    expect(places.keyring.size).toBe(0);
    expect(readdirSync(join(places.folder, "sessions"))).toEqual(["a.eu.auth0.com.json"]);
  });

  describe("in another store, while the former one cannot be reached", () => {
    const domain = "a.eu.auth0.com";
    const inFile = profileOf(domain, { store: "file" });
    const leftover = async () => findProfile(await places.tenants.read(), domain)?.leftIn;

    async function leaveBehind() {
      const said = harness(() => json({}));
      const { context, clock } = said;
      await keepSignIn(context, places, profileOf(domain, { store: "keyring" }), recordFor(clock));
      places.fault = storeError("The keyring is locked.", "unlock");
      await keepSignIn(context, places, inFile, recordFor(clock));
      return said;
    }

    test("says how both are ended, and notes what is left", async () => {
      const { warnings } = await leaveBehind();
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toContain("may still be in the keyring: The keyring is locked.");
      expect(warnings[0]).toEndWith(`: auth0-mcp logout --tenant ${domain}`);
      expect(await leftover()).toBe("keyring");
    });

    test("has the next sign-in remove what is left, or note it again", async () => {
      const { context, clock, warnings } = await leaveBehind();
      await keepSignIn(context, places, inFile, recordFor(clock));
      expect([warnings.length, await leftover(), places.keyring.size]).toEqual([2, "keyring", 1]);
      places.fault = undefined;
      await keepSignIn(context, places, inFile, recordFor(clock));
      expect([warnings.length, await leftover(), places.keyring.size]).toEqual([2, undefined, 0]);
    });

    test("has a sign-in to that store take its place", async () => {
      const { context, clock } = await leaveBehind();
      places.fault = undefined;
      await keepSignIn(context, places, profileOf(domain, { store: "keyring" }), recordFor(clock));
      expect([await leftover(), places.keyring.size]).toEqual([undefined, 1]);
      expect(readdirSync(join(places.folder, "sessions"))).toEqual([]);
    });

    test("has a sign-out look there, and fail until it can", async () => {
      const { context } = await leaveBehind();
      expect((await rejection(signOut(context, places, domain, never))).code).toBe("store_unreachable");
      expect(await leftover()).toBe("keyring");
      places.fault = undefined;
      expect(await signOut(context, places, domain, never)).toMatchObject({ stores: ["file", "keyring"] });
      expect([(await places.tenants.read()).profiles, places.keyring.size]).toEqual([[], 0]);
    });
  });

  test("that cannot be kept leaves the former session as it was", async () => {
    const { context, clock } = harness(() => json({}));
    await keepSignIn(context, places, profileOf("a.eu.auth0.com"), recordFor(clock));
    places.fault = storeError("locked", "unlock");
    const again = keepSignIn(
      context,
      places,
      profileOf("a.eu.auth0.com", { store: "keyring" }),
      recordFor(clock),
    );
    expect((await rejection(again)).code).toBe("store_unreachable");
    expect(findProfile(await places.tenants.read(), "a.eu.auth0.com")?.store).toBe("file");
    expect((await readRecord(places, "a.eu.auth0.com", "file"))?.renewal?.value).toBe("refresh-1");
  });

  test("a second sign-in without a refresh token keeps none of the first", async () => {
    const { context, clock } = harness(() => json({}));
    await keepSignIn(context, places, profileOf("a.eu.auth0.com"), recordFor(clock));
    await keepSignIn(context, places, profileOf("a.eu.auth0.com"), recordFor(clock, { renewal: undefined }));
    expect((await readRecord(places, "a.eu.auth0.com", "file"))?.renewal).toBeUndefined();
  });

  test("no secret stands in the list of tenants", async () => {
    const { context, clock } = harness(() => json({}));
    for (const kind of ["refresh_token", "client_secret", "private_key"] as const) {
      const record = recordFor(clock, { renewal: { kind, value: "secret-canary" } });
      await keepSignIn(context, places, profileOf("a.eu.auth0.com"), record);
      const text = readFileSync(places.tenants.path, "utf8");
      expect(text).not.toMatch(/canary|access-1/);
    }
  });
});

describe("a sign-in that cannot be listed", () => {
  const domain = "a.eu.auth0.com";
  const device = profileOf(domain);

  for (const kind of ["file", "keyring"] as const) {
    test(`leaves in the ${kind} what was there before`, async () => {
      const { context, clock } = harness(() => json({}));
      await keepSignIn(context, places, { ...device, store: kind }, recordFor(clock));
      const before = await (await places.openStore(kind)).read(domain);
      const error = await whileListIsHeld(() =>
        keepSignIn(
          context,
          places,
          machineOf(domain, { store: kind }),
          recordFor(clock, { renewal: { kind: "client_secret", value: "x" } }),
        ),
      );
      expect(error).toMatchObject({ code: "lock_unavailable", exit: Exit.failed });
      expect(await (await places.openStore(kind)).read(domain)).toBe(before);
      expect(findProfile(await places.tenants.read(), domain)?.method).toBe("device");
    });

    test(`leaves nothing in a ${kind} that held nothing`, async () => {
      const { context, clock } = harness(() => json({}));
      await whileListIsHeld(() => keepSignIn(context, places, { ...device, store: kind }, recordFor(clock)));
      expect(await (await places.openStore(kind)).read(domain)).toBeUndefined();
    });
  }

  test("puts back also what others could have read, now for the owner alone", async () => {
    const { context, clock } = harness(() => json({}));
    await keepSignIn(context, places, device, recordFor(clock));
    chmodSync(join(places.folder, "sessions", `${domain}.json`), 0o644);
    await whileListIsHeld(() => keepSignIn(context, places, machineOf(domain), recordFor(clock)));
    expect((await readRecord(places, domain, "file"))?.renewal?.value).toBe("refresh-1");
  });

  test("says so where that is impossible", async () => {
    const { context, clock } = harness(() => json({}));
    const profile = { ...device, store: "keyring" } as const;
    await keepSignIn(context, places, profile, recordFor(clock));
    const keyring = await places.openStore("keyring");
    let writes = 0;
    const write: typeof keyring.write = (...words) =>
      ++writes === 1 ? keyring.write(...words) : Promise.reject(storeError("It is locked.", "Unlock it."));
    const once = { ...places, openStore: async () => ({ ...keyring, write }) };
    const error = await whileListIsHeld(() => keepSignIn(context, once, profile, recordFor(clock)));
    expect(error.code).toBe("lock_unavailable");
    expect(error.message).toContain(
      `What the keyring held for ${domain} before could not be put back: It is locked.`,
    );
    expect(error.cause).toMatchObject({
      errors: [{ code: "lock_unavailable" }, { code: "store_unreachable", message: "It is locked." }],
    });
  });

  test("an interrupt while it waits for the list is exit 130, and changes nothing", async () => {
    const { context, clock } = harness(() => json({}));
    await keepSignIn(context, places, device, recordFor(clock));
    const stop = new AbortController();
    const waiting = { signal: stop.signal, onWait: () => stop.abort() };
    const interrupted = { ...places, tenants: new TenantFile(places.folder, new SteppingClock(), waiting) };
    const error = await whileListIsHeld(() =>
      keepSignIn(context, interrupted, machineOf(domain), recordFor(clock)),
    );
    expect(error).toMatchObject({ code: "cancelled", exit: Exit.interrupted });
    expect((await readRecord(places, domain, "file"))?.terms?.method).toBe("device");
  });
});

/** The error of work that another process keeps from changing the list, for longer than is waited. */
function whileListIsHeld(work: () => Promise<unknown>): Promise<AppError> {
  const lock = join(places.folder, "tenants.lock");
  return withLock(lock, { clock: systemClock, timeout: 1_000 }, () => rejection(work()));
}

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
