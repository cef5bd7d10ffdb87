import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { haveSecretService, startSecretService } from "../../scripts/support/secret-service.ts";
import { PRODUCT } from "../../src/config/product.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { parseJson } from "../../src/lib/json.ts";
import { withLock } from "../../src/lib/lock.ts";
import { bareEnvironment, executable, run } from "../support/executable.ts";
import { type GatedTenant, serveGatedTenant, tokenRefused } from "../support/gated-tenant.ts";
import { type Home, newHome } from "../support/home.ts";
import { untilOpenedBy } from "../support/open-files.ts";

/** The authority's clock. Tokens of one second are the same, so it goes on between two of them. */
let ahead = 0;
const clock = { now: () => Date.now() + ahead, sleep: systemClock.sleep };

let served: GatedTenant;
beforeAll(async () => {
  served = await serveGatedTenant({ clock });
});
afterAll(() => served.stop());

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  served.gate = (_request, pass) => pass();
  await Promise.all(cleanups.splice(0).map((cleanUp) => cleanUp()));
});

const device = ["login", "--scopes", "*:clients", "--no-interaction"];

function machine(): string[] {
  const { domain, clientId } = served.tenant;
  return ["login", "--auth0-domain", domain, "--auth0-client-id", clientId, "--auth0-client-secret-stdin"];
}

function home(): Home {
  const made = newHome();
  cleanups.push(made.remove);
  return made;
}

/** Signs in as an application, and ends it by a signal at the moment when the store holds the session and no list does. */
async function endedBeforeListing(
  env: Record<string, string>,
  configuration: string,
  signal: NodeJS.Signals,
): Promise<number> {
  const lock = join(configuration, "tenants.lock");
  return withLock(lock, { clock: systemClock, timeout: 1_000 }, async () => {
    const child = Bun.spawn([await executable(), ...machine()], {
      env: bareEnvironment(env),
      stdio: [Buffer.from(served.tenant.clientSecret), "ignore", "ignore"],
    });
    // This process holds it; the other has it open as soon as it wants to change the list.
    await untilOpenedBy(2, lock);
    child.kill(signal);
    return child.exited;
  });
}

/** Lets the tenant take no token any more that it has given until now, so that a call renews the session. */
function refuseOldTokens(): void {
  ahead += 1_000;
  let refused: string | undefined;
  served.tokenRequests.length = 0;
  served.gate = (request, pass) => {
    const token = request.headers.get("authorization") ?? undefined;
    refused ??= token;
    return token !== undefined && token === refused ? tokenRefused() : pass();
  };
}

const LIST = ["tools", "call", "auth0_list_applications", "--args", '{"per_page":1}'];

async function expectWorkingApplication(env: Record<string, string>): Promise<void> {
  const looked = await run(["session", "--json"], { env });
  expect(parseJson(looked.stdout)).toMatchObject({ authenticated: true, method: "client_credentials" });
  refuseOldTokens();
  expect(await run(LIST, { env })).toMatchObject({ code: 0, stderr: "" });
  expect(served.tokenRequests.map((form) => form.get("grant_type"))).toEqual(["client_credentials"]);
  expect((await run(["logout"], { env })).code).toBe(0);
}

describe("kill -9 between the store and the list leaves a session that says itself how it renews", () => {
  test("in a file", async () => {
    const { env, folder, run: runHere } = home();
    expect((await runHere(device, { env: served.env })).code).toBe(0);
    const configuration = join(folder, ".config", PRODUCT);
    expect(await endedBeforeListing(env, configuration, "SIGKILL")).not.toBe(0);
    expect(readFileSync(join(configuration, "tenants.json"), "utf8")).toContain('"method": "device"');
    await expectWorkingApplication(env);
  });

  test.skipIf(!haveSecretService())("in the system's keyring", async () => {
    const service = await startSecretService();
    cleanups.push(service.stop);
    expect((await run(device, { env: { ...service.env, ...served.env } })).code).toBe(0);
    const configuration = join(service.home, ".config", PRODUCT);
    expect(await endedBeforeListing(service.env, configuration, "SIGKILL")).not.toBe(0);
    expect(readFileSync(join(configuration, "tenants.json"), "utf8")).toContain('"method": "device"');
    await expectWorkingApplication(service.env);
    expect(service.search(PRODUCT)).toBe("");
  });
});

test("Ctrl+C at that moment is 130, and puts the former session back", async () => {
  const { env, folder, run: runHere, sessionFile } = home();
  expect((await runHere(device, { env: served.env })).code).toBe(0);
  const before = readFileSync(sessionFile(served.tenant.domain), "utf8");
  expect(await endedBeforeListing(env, join(folder, ".config", PRODUCT), "SIGINT")).toBe(130);
  expect(readFileSync(sessionFile(served.tenant.domain), "utf8")).toBe(before);
  refuseOldTokens();
  expect(await runHere(LIST)).toMatchObject({ code: 0, stderr: "" });
  expect(served.tokenRequests.map((form) => form.get("grant_type"))).toEqual(["refresh_token"]);
});

test("a folder that others may enter is told before anybody approves, and its session stays", async () => {
  const { run: runHere, sessionFile } = home();
  expect((await runHere(device, { env: served.env })).code).toBe(0);
  const file = sessionFile(served.tenant.domain);
  const before = readFileSync(file, "utf8");
  chmodSync(dirname(file), 0o755);
  const { code, stdout, stderr } = await runHere(device, { env: served.env });
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain("chmod 700");
  expect(stderr).not.toContain("activate");
  expect(readFileSync(file, "utf8")).toBe(before);
});

test("a sign-in of an older version, whose record says nothing of itself, is shown, renewed and left", async () => {
  const { run: runHere, sessionFile, record, session } = home();
  const { domain, state } = served.tenant;
  state.refreshTokens.clear();
  expect((await runHere(device, { env: served.env })).code).toBe(0);
  const { terms, ...older } = record(domain);
  expect(terms).toMatchObject({ method: "device", client_id: expect.any(String) });
  writeFileSync(sessionFile(domain), JSON.stringify(older));
  expect((await session()).data).toMatchObject({ authenticated: true, method: "device" });
  refuseOldTokens();
  expect((await runHere(LIST)).code).toBe(0);
  expect(record(domain)["terms"]).toEqual(terms);
  expect(await runHere(["logout"])).toMatchObject({ code: 0, stdout: expect.stringContaining("is revoked") });
  expect(state.refreshTokens.size).toBe(0);
});
