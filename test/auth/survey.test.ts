import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { keepSignIn } from "../../src/auth/sign-in.ts";
import { survey } from "../../src/auth/survey.ts";
import { harness, json } from "./harness.ts";
import { newPlaces, profileOf, recordFor, type TestPlaces } from "./places.ts";

let places: TestPlaces;
beforeEach(() => {
  places = newPlaces();
});
afterEach(() => places.remove());

const KEPT = ["a.eu.auth0.com", "127.0.0.1:4000"];

async function signIn(): Promise<void> {
  const { context, clock } = harness(() => json({}));
  for (const domain of KEPT) await keepSignIn(context, places, profileOf(domain), recordFor(clock));
  await keepSignIn(context, places, profileOf("b.eu.auth0.com", { store: "keyring" }), recordFor(clock));
}

const names = (...files: readonly string[]) => {
  for (const name of files) writeFileSync(join(places.folder, name), "x");
};

test("a machine on which nobody ever signed in has nothing", async () => {
  expect(await survey(places)).toMatchObject({ domains: [], intact: false });
});

test("a list names its tenants; files that it does not name tell of themselves, whole or not", async () => {
  await signIn();
  names(
    "sessions/c.eu.auth0.com.json",
    "sessions/.d.eu.auth0.com.json.0b5f.tmp",
    "locks/old.eu.auth0.com.lock",
  );
  names("sessions/notes.json", "sessions/%zz.json", "sessions/A.eu.auth0.com.json", "sessions/readme");
  expect(await survey(places)).toEqual({
    domains: [...KEPT, "b.eu.auth0.com", "c.eu.auth0.com", "d.eu.auth0.com"],
    intact: true,
    scope: { listed: true, stores: ["file"] },
  });
});

test.each([
  ["lost", () => rmSync(places.tenants.path), true],
  ["damaged", () => writeFileSync(places.tenants.path, "{"), false],
  ["unreadable", () => replaceByFolder(places.tenants.path), false],
] as const)(
  "a list that is %s: locks tell of the tenants that the keyring may know",
  async (_, lose, listed) => {
    await signIn();
    names("locks/keyring-check.lock");
    lose();
    const { domains, ...rest } = await survey(places);
    expect([...domains].sort()).toEqual([...KEPT, "b.eu.auth0.com"].sort());
    expect(rest).toEqual({ intact: false, scope: { listed, stores: ["file", "keyring"] } });
  },
);

function replaceByFolder(path: string): void {
  rmSync(path);
  mkdirSync(path);
}
