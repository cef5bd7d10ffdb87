import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { chmodSync, existsSync, readdirSync, readFileSync, renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { serializeRecord } from "../../src/auth/session-record.ts";
import { keepSignIn } from "../../src/auth/sign-in.ts";
import { signOut } from "../../src/auth/sign-out.ts";
import { storeError } from "../../src/auth/store/secret-store.ts";
import { readRecord, withSessionLock } from "../../src/auth/stored-session.ts";
import { parseTenantAddress } from "../../src/config/domain.ts";
import { Exit } from "../../src/lib/errors.ts";
import { rejection } from "../support/rejection.ts";
import { connectionCut, harness, never } from "./harness.ts";
import { newPlaces, profileOf, recordFor, type TestPlaces } from "./places.ts";

const DOMAIN = "a.eu.auth0.com";
const file = () => join(places.folder, "sessions", `${DOMAIN}.json`);

let places: TestPlaces;
beforeEach(() => {
  places = newPlaces();
});
afterEach(() => places.remove());

describe("signing out", () => {
  test("revokes the refresh token, removes the secrets and takes the tenant off the list", async () => {
    const { context, clock, sent } = harness(() => new Response(""));
    await keepSignIn(context, places, profileOf(DOMAIN), recordFor(clock));
    const done = await signOut(context, places, DOMAIN, never);
    expect(done).toMatchObject({ revocation: { kind: "revoked" }, stores: ["file"] });
    expect(sent).toEqual([
      {
        url: "https://auth0.auth0.com/oauth/revoke",
        form: { client_id: "2lhnuYMRQ8IpR5hNsOhDFQqrGQUQMRm5", token: "refresh-1" },
      },
    ]);
    expect(await places.tenants.read()).toEqual({ current: undefined, profiles: [] });
    expect(readdirSync(join(places.folder, "sessions"))).toEqual([]);
    expect(await signOut(context, places, DOMAIN, never)).toMatchObject({ stores: [] });
  });

  test("removes everything also when the revocation fails, and says so", async () => {
    const { context, clock } = harness(() => Promise.reject(connectionCut()));
    await keepSignIn(context, places, profileOf(DOMAIN), recordFor(clock));
    expect(await signOut(context, places, DOMAIN, never)).toMatchObject({
      revocation: { kind: "failed", problem: "the connection was closed" },
    });
    expect(readdirSync(join(places.folder, "sessions"))).toEqual([]);
  });

  test("a store that cannot be reached keeps the tenant on the list, so that it can be repeated", async () => {
    const { context, clock } = harness(() => new Response(""));
    await keepSignIn(context, places, profileOf(DOMAIN, { store: "keyring" }), recordFor(clock));
    places.fault = storeError("locked", "unlock");
    expect((await rejection(signOut(context, places, DOMAIN, never))).code).toBe("store_unreachable");
    expect((await places.tenants.read()).profiles).toHaveLength(1);
  });

  test("a store that cannot be changed after the revocation: the error tells that the refresh token is revoked", async () => {
    const { context, clock } = harness(() => new Response(""));
    await keepSignIn(context, places, profileOf(DOMAIN, { store: "keyring" }), recordFor(clock));
    const remove = () => Promise.reject(storeError("It is read-only.", "Make it writable."));
    const keyring = { ...(await places.openStore("keyring")), remove };
    const fixed = { ...places, openStore: async () => keyring };
    expect(await rejection(signOut(context, fixed, DOMAIN, never))).toMatchObject({
      code: "store_unreachable",
      message: "It is read-only. Its refresh token is revoked already.",
      hint: "Make it writable.",
      cause: { message: "It is read-only." },
    });
  });

  test("goes by what the record says of itself, also where the list is one sign-in behind", async () => {
    const { context, clock, sent } = harness(() => new Response(""));
    await keepSignIn(context, places, profileOf(DOMAIN), recordFor(clock));
    const authority = parseTenantAddress("login.example.com", "test");
    const terms = profileOf(DOMAIN, { authority, clientId: "newer" });
    await (await places.openStore("file")).write(DOMAIN, serializeRecord(recordFor(clock, { terms })));
    expect(await signOut(context, places, DOMAIN, never)).toMatchObject({ revocation: { kind: "revoked" } });
    expect(sent).toEqual([
      {
        url: "https://login.example.com/oauth/revoke",
        form: { client_id: "newer", token: "refresh-1" },
      },
    ]);
  });

  test("takes what a process left in a file that was killed while it moved the session to the keyring", async () => {
    const { context, clock, sent } = harness(() => new Response(""));
    await keepSignIn(context, places, profileOf(DOMAIN, { store: "keyring" }), recordFor(clock));
    const left = recordFor(clock, {
      renewal: { kind: "refresh_token", value: "refresh-left" },
      terms: profileOf(DOMAIN),
    });
    await (await places.openStore("file")).write(DOMAIN, serializeRecord(left));
    expect(await signOut(context, places, DOMAIN, never)).toMatchObject({ stores: ["keyring", "file"] });
    expect(sent.map(({ form }) => form["token"])).toEqual(["refresh-1", "refresh-left"]);
    expect(readdirSync(join(places.folder, "sessions"))).toEqual([]);
  });

  test("an interrupt ends the waiting for another process, and changes nothing", async () => {
    const { context, clock } = harness(() => new Response(""));
    await keepSignIn(context, places, profileOf(DOMAIN), recordFor(clock));
    const stop = new AbortController();
    const interrupted = { ...places, waiting: () => ({ signal: stop.signal, onWait: () => stop.abort() }) };
    await withSessionLock(places, DOMAIN, context, async () => {
      const error = await rejection(signOut(context, interrupted, DOMAIN, stop.signal));
      expect(error).toMatchObject({ code: "cancelled", exit: Exit.interrupted });
    });
    expect((await places.tenants.read()).profiles).toHaveLength(1);
    expect((await readRecord(places, DOMAIN, "file"))?.renewal?.value).toBe("refresh-1");
  });
});

describe("a session that others may have read is worth nothing to them afterwards", () => {
  const cases: readonly (readonly [string, () => void])[] = [
    ["a file that others may read", () => chmodSync(file(), 0o644)],
    ["a folder that others may enter", () => chmodSync(join(places.folder, "sessions"), 0o755)],
  ];
  for (const [name, expose] of cases) {
    test(`${name}: its refresh token is revoked`, async () => {
      const { context, clock, sent } = harness(() => new Response(""));
      await keepSignIn(context, places, profileOf(DOMAIN), recordFor(clock));
      expose();
      expect(await signOut(context, places, DOMAIN, never)).toMatchObject({
        revocation: { kind: "revoked" },
      });
      expect(sent.map(({ form }) => form["token"])).toEqual(["refresh-1"]);
      expect(existsSync(file())).toBe(false);
    });
  }

  test("a link in its place is removed, and what it leads to is neither read nor touched", async () => {
    const { context, clock, sent } = harness(() => new Response(""));
    await keepSignIn(context, places, profileOf(DOMAIN), recordFor(clock));
    const elsewhere = join(places.folder, "elsewhere");
    renameSync(file(), elsewhere);
    symlinkSync(elsewhere, file());
    expect(await signOut(context, places, DOMAIN, never)).toMatchObject({ revocation: { kind: "failed" } });
    expect(sent).toEqual([]);
    expect(existsSync(file())).toBe(false);
    expect(readFileSync(elsewhere, "utf8")).toContain("refresh-1");
  });
});

describe("a tenant that is not listed", () => {
  test("is looked for in both stores, and revoked by what the records say", async () => {
    const { context, clock, sent } = harness(() => new Response(""));
    for (const kind of ["file", "keyring"] as const) {
      const terms = profileOf(DOMAIN, { clientId: `client of ${kind}` });
      const record = recordFor(clock, {
        renewal: { kind: "refresh_token", value: `refresh of ${kind}` },
        terms,
      });
      await (await places.openStore(kind)).write(DOMAIN, serializeRecord(record));
    }
    expect(await signOut(context, places, DOMAIN, never)).toMatchObject({
      stores: ["file", "keyring"],
      revocation: { kind: "revoked" },
    });
    expect(sent.map(({ form }) => form)).toEqual([
      { client_id: "client of file", token: "refresh of file" },
      { client_id: "client of keyring", token: "refresh of keyring" },
    ]);
    expect(places.keyring.size).toBe(0);
    expect(readdirSync(join(places.folder, "sessions"))).toEqual([]);
  });

  test("whose record is of an older version: nobody is guessed to whom its refresh token could go", async () => {
    const { context, clock, sent } = harness(() => new Response(""));
    await (await places.openStore("file")).write(DOMAIN, serializeRecord(recordFor(clock)));
    expect(await signOut(context, places, DOMAIN, never)).toMatchObject({
      stores: ["file"],
      revocation: { kind: "failed", problem: "nothing says which authority issued it" },
    });
    expect(sent).toEqual([]);
  });

  test("says what a keyring that cannot be reached leaves unknown", async () => {
    const { context, clock } = harness(() => new Response(""));
    places.fault = storeError("It is locked.", "Unlock it.");
    const terms = profileOf(DOMAIN);
    await (await places.openStore("file")).write(DOMAIN, serializeRecord(recordFor(clock, { terms })));
    expect(await signOut(context, places, DOMAIN, never)).toMatchObject({
      stores: ["file"],
      unknown: "It is locked.",
    });
    expect(await signOut(context, places, DOMAIN, never)).toMatchObject({ stores: [] });
  });

  test("leaves no trace of a name that was mistyped", async () => {
    const { context } = harness(() => new Response(""));
    expect(await signOut(context, places, "mistyped.eu.auth0.com", never)).toMatchObject({ stores: [] });
    expect(readdirSync(places.folder)).toEqual([]);
  });
});
