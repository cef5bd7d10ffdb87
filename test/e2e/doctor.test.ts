import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import manifest from "../../package.json" with { type: "json" };
import {
  haveSecretService,
  type SecretService,
  startSecretService,
} from "../../scripts/support/secret-service.ts";
import { type ServedTenant, serveTenant } from "../../scripts/support/tenants.ts";
import { PRODUCT } from "../../src/config/product.ts";
import { asObject, asObjects, asString, type JsonObject, parseJson } from "../../src/lib/json.ts";
import { executable, type Finished, run } from "../support/executable.ts";

const available = haveSecretService();
let served: ServedTenant;
beforeAll(async () => {
  served = await serveTenant({ rateLimit: 50, signIn: { decision: "approve" } });
});
afterAll(() => served.stop());

let home: string;
/** A home folder whose PATH leads to the executable. */
let env: Record<string, string>;
let service: SecretService | undefined;
beforeEach(async () => {
  home = realpathSync(mkdtempSync(join(tmpdir(), "auth0-mcp-doctor-")));
  mkdirSync(join(home, "bin"));
  mkdirSync(join(home, "work"));
  symlinkSync(realpathSync(await executable()), join(home, "bin", PRODUCT));
  env = { HOME: home, PATH: `${join(home, "bin")}:/usr/bin:/bin` };
});
afterEach(async () => {
  await service?.stop();
  service = undefined;
  rmSync(home, { recursive: true });
});

function command(words: readonly string[], extra: Record<string, string> = {}): Promise<Finished> {
  return run(words, { env: { ...env, ...extra }, cwd: join(home, "work") });
}

interface Told {
  readonly code: number;
  /** Each check by its id. */
  readonly checks: Readonly<Record<string, JsonObject>>;
}

async function doctor(extra: Record<string, string> = {}, words: readonly string[] = []): Promise<Told> {
  const { code, stdout, stderr } = await command(["doctor", "--json", ...words], extra);
  expect(stderr).toBe("");
  const told = asObjects(asObject(parseJson(stdout))?.["checks"]);
  return { code, checks: Object.fromEntries(told.map((check) => [asString(check["id"]) ?? "", check])) };
}

describe("where everything works", () => {
  test("nothing fails, every entry starts, and what is told fits a terminal", async () => {
    expect((await command(["clients", "add", "goose", "--read-only"])).code).toBe(0);
    const { code, checks } = await doctor(served.env);
    expect(code).toBe(0);
    for (const id of ["version", "executable", "configuration", "session", "scopes", "tenant", "clients"]) {
      expect(checks[id]).toMatchObject({ id, status: "pass" });
    }
    expect(checks["executable"]?.["message"]).toBe("~/bin/auth0-mcp, found on the PATH");
    expect(checks["tenant"]?.["message"]).toMatch(/in \d+ ms; the clocks agree; \d+ of 50 requests/);
    const text = await command(["doctor"], served.env);
    expect({ code: text.code, stderr: text.stderr }).toEqual({ code: 0, stderr: "" });
    const columns = text.stdout.split("\n").filter((line) => line.trim().includes(" "));
    for (const line of columns) expect(line.length).toBeLessThanOrEqual(80);
    expect(text.stdout).not.toContain(home);
  });

  test("a client that hides variables from its server is told what that server says", async () => {
    expect((await command(["clients", "add", "cursor,goose"])).code).toBe(0);
    const { code, checks } = await doctor(served.env);
    expect(code).toBe(1);
    expect(checks["client.goose.user.auth0"]).toMatchObject({
      status: "pass",
      message: expect.stringContaining(`starts version ${manifest.version}`),
    });
    expect(checks["client.cursor.user.auth0"]).toMatchObject({
      status: "fail",
      message: expect.stringContaining("nobody is signed in"),
      remedy: expect.stringContaining("Cursor passes few variables on: sign in with auth0-mcp login"),
    });
  });
});

describe("--fix", () => {
  const cursorFile = () => join(home, ".cursor", "mcp.json");
  const stale = { command: "/opt/former/auth0-mcp", args: ["run", "--tools", "*log*", "--read-only"] };
  function writeEntry(file: string, entry: JsonObject): void {
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, JSON.stringify({ mcpServers: { auth0: entry } }));
  }
  const fix = (...words: string[]) => command(["doctor", "--fix", ...words]);

  test("makes session files private and entries start this executable, with their limits", async () => {
    const store = { AUTH0_MCP_STORE: "file", AUTH0_MCP_LOGIN_DOMAIN: served.tenant.domain };
    const login = ["login", "--scopes", "*", "--no-interaction"];
    expect((await command(login, store)).code).toBe(0);
    const sessions = join(home, ".config", PRODUCT, "sessions");
    const file = join(sessions, `${encodeURIComponent(served.tenant.domain)}.json`);
    chmodSync(sessions, 0o755);
    chmodSync(file, 0o644);
    writeEntry(cursorFile(), { ...stale, disabled: true });
    const before = await doctor();
    expect(before.code).toBe(1);
    for (const id of ["files", "client.cursor.user.auth0"]) {
      expect(before.checks[id]).toMatchObject({
        status: "fail",
        remedy: expect.stringContaining("Or run: auth0-mcp doctor --fix"),
      });
    }

    const { code, stdout, stderr } = await fix("--json");
    expect(code).toBe(0);
    expect(stderr).toContain("Mended: ~/.config/auth0-mcp/sessions, ");
    expect(stderr).toContain("Mended: Cursor: auth0 in ~/.cursor/mcp.json starts ~/bin/auth0-mcp now");
    const told = asObjects(asObject(parseJson(stdout))?.["checks"]);
    expect(told.filter(({ status }) => status === "fail")).toEqual([]);
    expect([sessions, file].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o600]);
    expect(JSON.parse(readFileSync(cursorFile(), "utf8")).mcpServers.auth0).toEqual({
      ...{ ...stale, disabled: true },
      command: join(home, "bin", PRODUCT),
    });
  });

  test("leaves alone what is a person's to decide, and says so", async () => {
    const project = join(home, "work", ".mcp.json");
    writeEntry(project, stale);
    const before = readFileSync(project, "utf8");
    const { code, stderr } = await fix();
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: "There is nothing that can be mended without a decision of yours.\n",
    });
    expect(readFileSync(project, "utf8")).toBe(before);
  });

  test("what cannot be mended is told, and the rest is mended", async () => {
    writeEntry(cursorFile(), stale);
    mkdirSync(join(home, ".local"));
    writeFileSync(join(home, ".local", "state"), "in the way of what is remembered of edits");
    const sessions = join(home, ".config", PRODUCT, "sessions");
    mkdirSync(sessions, { recursive: true, mode: 0o755 });
    const { code, stderr } = await fix();
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Not mended: Cursor: ~\/\.local\/state/m);
    expect(stderr).toContain("Mended: ~/.config/auth0-mcp/sessions can be read by nobody else now");
    expect(statSync(sessions).mode & 0o777).toBe(0o700);
    expect(JSON.parse(readFileSync(cursorFile(), "utf8")).mcpServers.auth0).toEqual(stale);
  });
});

describe("the executable", () => {
  test("not on the PATH, and another one on it", async () => {
    rmSync(join(home, "bin", PRODUCT));
    expect((await doctor(served.env)).checks["executable"]).toMatchObject({
      status: "warn",
      message: expect.stringContaining("not on the PATH"),
    });
    copyFileSync("/bin/true", join(home, "bin", PRODUCT));
    expect((await doctor(served.env)).checks["executable"]).toMatchObject({
      status: "warn",
      message: expect.stringContaining("leads to ~/bin/auth0-mcp"),
    });
  });
});

test("a folder with .env and bunfig.toml is told of, and steers nothing", async () => {
  const work = join(home, "work");
  writeFileSync(join(work, ".env"), "AUTH0_DOMAIN=evil.example\nAUTH0_TOKEN=canary\n");
  writeFileSync(join(work, "bunfig.toml"), 'preload = ["./evil.ts"]\n');
  writeFileSync(join(work, "evil.ts"), 'require("node:fs").writeFileSync("owned", "");');
  const { checks } = await doctor();
  expect(checks["folder"]).toMatchObject({
    status: "warn",
    message: ".env sets AUTH0_DOMAIN, AUTH0_TOKEN. bunfig.toml is there. None of it is read by this program.",
  });
  expect(checks["session"]?.["message"]).toContain("nobody is signed in");
  expect(existsSync(join(work, "owned"))).toBe(false);
});

test("a session that has ended fails with the command that mends it", async () => {
  const login = ["login", "--scopes", "read:clients", "--no-interaction"];
  const store = { AUTH0_MCP_STORE: "file", AUTH0_MCP_LOGIN_DOMAIN: served.tenant.domain };
  expect((await command(login, store)).code).toBe(0);
  const works = await doctor();
  expect(works.checks["session"]).toMatchObject({
    status: "pass",
    message: expect.stringContaining("kept in a file"),
  });
  expect(works.checks["keyring"]).toMatchObject({ status: "warn" });
  expect(works.checks["scopes"]).toMatchObject({ status: "warn", remedy: expect.stringContaining("login") });
  const readable = join(home, ".config", PRODUCT, "sessions");
  rmSync(readable, { recursive: true });
  const { code, checks } = await doctor();
  expect(code).toBe(1);
  expect(checks["session"]).toMatchObject({
    status: "fail",
    remedy: expect.stringContaining("auth0-mcp login"),
  });
});

describe.skipIf(!available)("with a real Secret Service", () => {
  test("the round trip passes and leaves nothing", async () => {
    service = await startSecretService();
    const { checks } = await doctor(service.env);
    expect(checks["keyring"]).toMatchObject({ status: "pass" });
    expect(service.search(PRODUCT)).toBe("");
  });

  test.each([
    [true, 0, "warn"],
    [false, 1, "fail"],
  ])("a locked one that waits for a person is given up (other session: %p)", async (other, code, status) => {
    service = await startSecretService({ waitsForPerson: true });
    service.lock();
    const told = await doctor({ ...(other ? served.env : {}), ...service.env });
    expect(told.code).toBe(code);
    expect(told.checks["keyring"]).toMatchObject({ status, message: expect.stringContaining("locked") });
    expect(told.checks["tenant"]).toMatchObject({ status: other ? "pass" : "warn" });
  });
});

test("nothing secret is told, followed step by step, whatever works and whatever does not", async () => {
  const { domain, clientId, clientSecret } = served.tenant;
  const secrets = [clientSecret, served.env["AUTH0_TOKEN"] ?? "", "canary-of-a-secret", "canary-of-an-entry"];
  const application = { AUTH0_DOMAIN: domain, AUTH0_CLIENT_ID: clientId };
  mkdirSync(join(home, ".cursor"));
  const entry = {
    command: join(home, "bin", PRODUCT),
    args: ["run"],
    env: { ...application, AUTH0_CLIENT_SECRET: "canary-of-an-entry" },
  };
  writeFileSync(join(home, ".cursor", "mcp.json"), JSON.stringify({ mcpServers: { auth0: entry } }));
  writeFileSync(join(home, "work", ".env"), "AUTH0_CLIENT_SECRET=canary-of-a-secret\n");
  const login = ["login", "--scopes", "read:clients", "--no-interaction"];
  const store = { AUTH0_MCP_STORE: "file", AUTH0_MCP_LOGIN_DOMAIN: domain };
  expect((await command(login, store)).code).toBe(0);
  const file = join(home, ".config", PRODUCT, "sessions", `${encodeURIComponent(domain)}.json`);
  const record = asObject(parseJson(readFileSync(file, "utf8"))) ?? {};
  for (const name of ["access_token", "refresh_token"]) secrets.push(asString(record[name]) ?? name);

  let seen = "";
  for (const extra of [
    {},
    served.env,
    { ...application, AUTH0_CLIENT_SECRET: clientSecret },
    { ...application, AUTH0_CLIENT_SECRET: "canary-of-a-secret" },
    { ...served.env, AUTH0_TOKEN: "canary-of-a-secret" },
    { AUTH0_DOMAIN: domain, AUTH0_TOKEN: "canary-of-a-secret\nx" },
  ]) {
    for (const words of [["doctor"], ["doctor", "--json"]]) {
      const { stdout, stderr } = await command(words, { ...extra, DEBUG: PRODUCT });
      expect(stdout).not.toBe("");
      seen += stdout + stderr;
    }
  }
  expect(seen).toContain("given, not shown");
  for (const secret of secrets) {
    expect(secret.length).toBeGreaterThan(12);
    expect(seen.includes(secret) ? `${secret.slice(0, 12)}… was told` : "").toBe("");
  }
});
