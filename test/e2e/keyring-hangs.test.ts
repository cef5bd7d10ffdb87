import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  haveSecretService,
  type SecretService,
  startSecretService,
} from "../../scripts/support/secret-service.ts";
import { type ServedTenant, serveTenant } from "../../scripts/support/tenants.ts";
import { PRODUCT } from "../../src/config/product.ts";
import { connect } from "../support/client.ts";
import { bareEnvironment, executable, type Finished, run } from "../support/executable.ts";
import { type Manners, type SilentBus, startSilentBus } from "../support/silent-bus.ts";

/** What a command may take that meets a keyring which never answers, in milliseconds: two limits, and a slow machine. */
const LIMIT = 6_000;
/** How long something takes that does not wait for the keyring. */
const PROMPT = 1_000;

const onLinux = process.platform === "linux";
const TENANT = "acme.eu.auth0.com";

let home: string;
let bus: SilentBus | undefined;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "auth0-mcp-"));
});
afterEach(() => {
  bus?.stop();
  bus = undefined;
  rmSync(home, { recursive: true });
});

/** Lists tenants whose sessions are in the keyring, as a sign-in leaves them. */
function signedIn(...domains: readonly string[]): void {
  const folder = join(home, ".config", PRODUCT);
  mkdirSync(folder, { recursive: true });
  const tenants = domains.map((domain) => ({
    domain,
    url: `https://${domain}`,
    method: "device",
    authority: "https://auth0.auth0.com",
    client_id: "client",
    audience: `https://${domain}/api/v2/`,
    store: "keyring",
    signed_in_at: "2030-01-01T00:00:00.000Z",
  }));
  writeFileSync(join(folder, "tenants.json"), JSON.stringify({ version: 1, current: domains[0], tenants }));
}

async function spawn(words: readonly string[], env: Record<string, string>) {
  return Bun.spawn([await executable(), ...words], {
    env: bareEnvironment({ HOME: home, ...env }),
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    timeout: 12_000,
    killSignal: "SIGKILL",
  });
}

/** Runs a command to its end, which is brought about after a while where the command finds none. */
async function timed(
  words: readonly string[],
  env: Record<string, string>,
): Promise<Finished & { readonly took: number }> {
  const started = performance.now();
  const child = await spawn(words, env);
  const [stdout, stderr] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { code: await child.exited, stdout, stderr, took: performance.now() - started };
}

/** Starts a silent bus, and tells how it is found. */
function silentBus(manners: Manners, path = join(home, "bus")): Record<string, string> {
  bus = startSilentBus(path, manners);
  return { DBUS_SESSION_BUS_ADDRESS: `unix:path=${path}` };
}

function expectUnreachable({ code, stdout, stderr, took }: Awaited<ReturnType<typeof timed>>): void {
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain("The system's keyring cannot be used");
  expect(stderr).toContain("AUTH0_MCP_STORE=file");
  expect(took).toBeLessThan(LIMIT);
}

describe.skipIf(!onLinux)("a session bus that does not answer is given up after some seconds", () => {
  test.each(["accepts", "authenticates", "greets"] as const)(
    "one that %s and is silent then",
    async (manners) => {
      signedIn(TENANT);
      const env = silentBus(manners);
      const lines = ["session", "run", "logout --all", "login --scopes none --no-interaction"];
      const all = await Promise.all(lines.map((line) => timed(line.split(" "), env)));
      for (const finished of all) expectUnreachable(finished);
      const last = { accepts: "AUTH EXTERNAL", authenticates: "Hello", greets: "OpenSession" }[manners];
      expect(bus?.heard()).toContain(last);
    },
  );

  test("one that is found without the variable", async () => {
    signedIn(TENANT);
    silentBus("accepts", join(home, "bus"));
    expectUnreachable(await timed(["session"], { XDG_RUNTIME_DIR: home }));
    expect(bus?.heard()).not.toBe("");
  });

  test("one behind an address that nobody knows the kind of", async () => {
    signedIn(TENANT);
    const { DBUS_SESSION_BUS_ADDRESS: address } = silentBus("accepts");
    expectUnreachable(await timed(["session"], { DBUS_SESSION_BUS_ADDRESS: `pigeon:loft=1;${address}` }));
    expect(bus?.heard()).not.toBe("");
    const unknown = await timed(["session"], { DBUS_SESSION_BUS_ADDRESS: "pigeon:loft=1" });
    expectUnreachable(unknown);
    expect(unknown.took).toBeLessThan(PROMPT);
  });

  test("it is waited for once, however many sessions are in it", async () => {
    signedIn(TENANT, "beta.eu.auth0.com", "gamma.eu.auth0.com");
    const finished = await timed(["logout", "--all"], silentBus("accepts"));
    expectUnreachable(finished);
    expect(finished.stderr).toContain("gamma.eu.auth0.com");
  });

  test.each([
    ["session", "SIGINT", 130],
    ["session", "SIGTERM", 143],
    ["run", "SIGINT", 130],
    ["run", "SIGTERM", 143],
    ["logout --all", "SIGINT", 130],
    ["tenants remove acme.eu.auth0.com", "SIGINT", 130],
    ["login --read-only --scopes read:clients --no-interaction", "SIGINT", 130],
    ["doctor", "SIGINT", 130],
  ] as const)("%s: %s ends the waiting at once", async (line, signal, code) => {
    signedIn(TENANT);
    const env = silentBus("accepts");
    const child = await spawn(line.split(" "), env);
    await bus?.asked;
    const sent = performance.now();
    child.kill(signal);
    expect(await child.exited).toBe(code);
    expect(performance.now() - sent).toBeLessThan(PROMPT);
    expect(await new Response(child.stderr).text()).toBe("");
  });

  test("whoever needs no keyring does not notice, and does not load its module", async () => {
    const unpacked = join(home, "tmp");
    mkdirSync(unpacked);
    const env = { ...silentBus("accepts"), TMPDIR: unpacked };
    const finished = await timed(["session"], { ...env, AUTH0_DOMAIN: TENANT, AUTH0_TOKEN: "opaque" });
    expect(finished.code).toBe(0);
    expect(finished.took).toBeLessThan(PROMPT);
    expect({ heard: bus?.heard(), unpacked: readdirSync(unpacked) }).toEqual({ heard: "", unpacked: [] });
    signedIn(TENANT);
    expectUnreachable(await timed(["session"], env));
    expect(readdirSync(unpacked)).toEqual([expect.stringMatching(/\.node$/)]);
  });
});

describe.skipIf(!haveSecretService())("a Secret Service that stops answering", () => {
  const LIFE = 2_000;
  let served: ServedTenant;
  beforeAll(async () => {
    served = await serveTenant({ tokenTtl: LIFE, rateLimit: 0, signIn: { decision: "approve" } });
  });
  afterAll(() => served.stop());

  let started: SecretService | undefined;
  afterEach(async () => {
    await started?.stop();
    started = undefined;
  });

  async function signInThere(): Promise<SecretService> {
    started = await startSecretService();
    const env = { ...started.env, AUTH0_MCP_LOGIN_DOMAIN: served.tenant.domain };
    const { code } = await run(["login", "--scopes", "*:clients", "--no-interaction"], { env });
    expect(code).toBe(0);
    return started;
  }

  test.each(["keyring", "bus"] as const)(
    "commands give up on a halted %s, and find it again",
    async (part) => {
      const service = await signInThere();
      service.freeze(part);
      expectUnreachable(await timed(["session"], service.env));
      service.thaw();
      expect((await timed(["session"], service.env)).code).toBe(0);
    },
  );

  test.each(["keyring", "bus"] as const)("a server lives on with a halted %s", async (part) => {
    const service = await signInThere();
    const { client, call } = await connect(["run"], service.env);
    const list = () => call("auth0_list_applications", { per_page: 1 });
    expect((await list()).isError).toBe(false);
    service.freeze(part);
    await Bun.sleep(LIFE);
    // The token has ended by now, so that this call needs the keyring to renew it.
    const needing = took(list);
    let slowest = 0;
    for (let turn = 0; turn < 20; turn++) {
      slowest = Math.max(slowest, (await took(() => client.ping())).time);
      await Bun.sleep(50);
    }
    expect(slowest).toBeLessThan(PROMPT);
    const { result, time } = await needing;
    expect(result).toMatchObject({ isError: true, data: { error: { code: "store_unreachable" } } });
    expect(JSON.stringify(result.data)).toContain("keyring");
    expect(time).toBeLessThan(LIMIT);

    service.thaw();
    const end = performance.now() + LIMIT;
    while ((await list()).isError && performance.now() < end) await Bun.sleep(100);
    expect((await list()).isError).toBe(false);

    service.freeze(part);
    await Bun.sleep(LIFE);
    const unanswered = list().catch((error: Error) => error.message);
    await Bun.sleep(200);
    expect((await took(() => client.close())).time).toBeLessThan(PROMPT);
    expect(await unanswered).toContain("closed");
  });

  test("a write that was given up is not done later on", async () => {
    const { env, freeze, thaw } = await signInThere();
    freeze("bus");
    const child = Bun.spawn([process.execPath, join(import.meta.dir, "../support/abandoned-write.ts")], {
      env: bareEnvironment(env),
      stdout: "pipe",
    });
    let told = "";
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      told += text;
      if (told.split("\n").length === 3) thaw();
    }
    expect(told.split("\n")).toEqual([
      expect.stringContaining("timed out"),
      expect.stringContaining("still unanswered"),
      "holds undefined",
      "",
    ]);
  });
});

async function took<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly time: number }> {
  const started = performance.now();
  const result = await work();
  return { result, time: performance.now() - started };
}
