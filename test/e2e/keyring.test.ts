import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  haveSecretService,
  type SecretService,
  startSecretService,
} from "../../scripts/support/secret-service.ts";
import { type ServedTenant, serveTenant } from "../../scripts/support/tenants.ts";
import { STORAGE_NAME } from "../../src/config/paths.ts";
import { PRODUCT } from "../../src/config/product.ts";
import { asObject, asObjects, parseJson } from "../../src/lib/json.ts";
import { connect } from "../support/client.ts";
import { run } from "../support/executable.ts";

const LIFE = 3_000;
const available = haveSecretService();
let first: ServedTenant;
let second: ServedTenant;
beforeAll(async () => {
  const options = { tokenTtl: LIFE, rateLimit: 0, signIn: { decision: "approve" } } as const;
  [first, second] = await Promise.all([serveTenant(options), serveTenant(options)]);
});
afterAll(() => Promise.all([first.stop(), second.stop()]));

let service: SecretService | undefined;
afterEach(async () => {
  await service?.stop();
  service = undefined;
});

function login({ tenant }: ServedTenant, env: Record<string, string>) {
  return run(["login", "--scopes", "*:clients", "--no-interaction"], {
    env: { ...env, AUTH0_MCP_LOGIN_DOMAIN: tenant.domain },
  });
}

const told = (text: string) => parseJson(text);

test("without a temporary folder its module cannot be loaded, and doctor says what to do about that", async () => {
  const { stdout } = await run(["doctor", "--json"], { env: { TMPDIR: "/nonexistent" } });
  const checks = asObjects(asObject(told(stdout))?.["checks"]);
  const { status, remedy } = checks.find(({ id }) => id === "keyring") ?? {};
  expect({ status, remedy }).toEqual({
    status: "fail",
    remedy: expect.stringContaining("TMPDIR names another one"),
  });
});

describe.skipIf(!available)("with a real Secret Service", () => {
  test("sign in, look, serve across three token expiries, switch tenants, sign out, and leave nothing", async () => {
    service = await startSecretService();
    const { env } = service;

    const signedIn = await login(first, env);
    expect(signedIn).toMatchObject({ code: 0, stdout: expect.stringContaining(first.tenant.domain) });
    expect(service.search(PRODUCT)).toContain(first.tenant.domain);
    expect(service.search(STORAGE_NAME)).toBe("");

    const looked = await run(["session", "--json"], { env });
    expect(looked.code).toBe(0);
    expect(told(looked.stdout)).toMatchObject({
      authenticated: true,
      domain: first.tenant.domain,
      method: "device",
      store: "keyring",
      renewable: true,
    });

    const { client, call } = await connect(["run"], env);
    const tokensBefore = [...first.tenant.state.refreshTokens].length;
    const end = performance.now() + 3.5 * LIFE;
    let slowest = 0;
    while (performance.now() < end) {
      const started = performance.now();
      const { isError, data } = await call("auth0_list_applications", { per_page: 1 });
      expect({ isError, data }).toMatchObject({ isError: false });
      slowest = Math.max(slowest, performance.now() - started);
      await Bun.sleep(50);
    }
    // The sandbox counts: every renewal spends one refresh token and issues another.
    expect([...first.tenant.state.refreshTokens].length - tokensBefore).toBeGreaterThanOrEqual(3);
    expect(slowest).toBeLessThan(LIFE);

    expect((await login(second, env)).code).toBe(0);
    expect(told((await run(["session", "--json"], { env })).stdout)).toMatchObject({
      domain: second.tenant.domain,
    });
    // The running server stays where it is.
    expect((await call("auth0_list_applications", { per_page: 1 })).isError).toBe(false);
    await client.close();

    expect((await run(["tenants", "use", first.tenant.domain], { env })).code).toBe(0);
    expect(told((await run(["session", "--json"], { env })).stdout)).toMatchObject({
      domain: first.tenant.domain,
    });
    expect(told((await run(["tenants", "list", "--json"], { env })).stdout)).toMatchObject({
      tenants: [
        { domain: first.tenant.domain, current: true, store: "keyring", method: "device" },
        { domain: second.tenant.domain, current: false, store: "keyring", method: "device" },
      ],
    });

    const out = await run(["logout", "--all"], { env });
    expect({ code: out.code, stderr: out.stderr }).toEqual({ code: 0, stderr: "" });
    expect(out.stdout).toContain("refresh token is revoked");
    expect(first.tenant.state.refreshTokens.size).toBe(0);
    expect(service.search(PRODUCT)).toBe("");
    expect((await run(["session"], { env })).code).toBe(3);
    const again = await run(["logout"], { env });
    expect(again).toMatchObject({ code: 0, stderr: "" });
    expect(again.stdout.trim().split("\n")).toHaveLength(1);
  });

  test("sign-ins at the same time do not get in each other's way, and leave no trial entry", async () => {
    service = await startSecretService();
    const { env } = service;
    const { domain, clientId, clientSecret } = first.tenant;
    const words = ["login", "--auth0-domain", domain, "--auth0-client-id", clientId];
    for (let round = 0; round < 2; round++) {
      const signIn = () => run(words, { env: { ...env, AUTH0_CLIENT_SECRET: clientSecret } });
      const ended = await Promise.all([signIn(), signIn(), signIn(), signIn()]);
      expect(ended.map(({ code, stderr }) => [code, stderr])).toEqual(ended.map(() => [0, ""]));
    }
    expect((await run(["logout", "--all"], { env })).code).toBe(0);
    expect(service.search(PRODUCT)).toBe("");
  });

  test("a locked keyring is exit 1 and never 'not signed in'; with no tenant listed it is plainly 3", async () => {
    service = await startSecretService();
    const { env } = service;
    expect((await login(first, env)).code).toBe(0);
    service.lock();
    const looked = await run(["session", "--json"], { env });
    expect(looked.code).toBe(1);
    expect(told(looked.stdout)).toMatchObject({
      authenticated: false,
      reason: expect.stringContaining("keyring"),
    });
    for (const words of [["run"], ["logout"], ["tools", "call", "auth0_list_applications"]]) {
      const { code, stdout, stderr } = await run(words, { env });
      expect({ words, code, stdout }).toEqual({ words, code: 1, stdout: "" });
      expect(stderr).toContain("keyring");
    }
    const listed = await run(["tools", "list"], { env });
    expect(listed).toMatchObject({ code: 0, stderr: expect.stringContaining("keyring") });
    const config = mkdtempSync(join(tmpdir(), "auth0-mcp-"));
    expect((await run(["session"], { env: { ...env, XDG_CONFIG_HOME: config } })).code).toBe(3);
    const refused = await login(first, { ...env, XDG_CONFIG_HOME: config });
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toContain("AUTH0_MCP_STORE=file");
    rmSync(config, { recursive: true });
  });

  test("a keyring that waits for a person is given up after some seconds", async () => {
    service = await startSecretService({ waitsForPerson: true });
    const { env } = service;
    expect((await login(first, env)).code).toBe(0);
    service.lock();
    const started = performance.now();
    const looked = await run(["session"], { env });
    expect(looked.code).toBe(1);
    expect(looked.stderr).toContain("locked");
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test("what is kept in the keyring stands in no file", async () => {
    service = await startSecretService();
    expect((await login(first, service.env)).code).toBe(0);
    const [value = ""] = first.tenant.state.refreshTokens.keys();
    const listed = readFileSync(join(service.home, ".config", PRODUCT, "tenants.json"), "utf8");
    expect(listed).toContain('"store": "keyring"');
    expect(listed).not.toContain(value);
    expect(listed).not.toContain("eyJ");
  });
});

describe("without a session bus", () => {
  test("signing in names the way out; the file store works, and is found again without the variable", async () => {
    const home = mkdtempSync(join(tmpdir(), "auth0-mcp-"));
    const env = { HOME: home };
    const refused = await login(first, env);
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toContain("AUTH0_MCP_STORE=file");
    expect(refused.stderr).not.toContain("activate");
    const forbidden = await login(first, { ...env, AUTH0_MCP_STORE: "keyring" });
    expect(forbidden.code).toBe(1);
    expect((await login(first, { ...env, AUTH0_MCP_STORE: "flie" })).code).toBe(2);
    expect((await login(first, { ...env, AUTH0_MCP_STORE: "file" })).code).toBe(0);
    expect((await run(["session"], { env })).code).toBe(0);
    expect((await run(["session"], { env: { ...env, AUTH0_MCP_STORE: "keyring" } })).code).toBe(0);
    expect((await run(["logout"], { env })).code).toBe(0);
    rmSync(home, { recursive: true });
  });
});
