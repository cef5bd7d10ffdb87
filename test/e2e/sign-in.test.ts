import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ServedTenant, serveTenant } from "../../scripts/support/tenants.ts";
import { isObject, type JsonObject, parseJson } from "../../src/lib/json.ts";
import { bareEnvironment, executable, type Finished, run } from "../support/executable.ts";

let approving: ServedTenant;
let denying: ServedTenant;
let asking: ServedTenant;
beforeAll(async () => {
  const serve = (decision: "approve" | "deny" | "ask") => serveTenant({ rateLimit: 0, signIn: { decision } });
  [approving, denying, asking] = await Promise.all([serve("approve"), serve("deny"), serve("ask")]);
});
afterAll(() => Promise.all([approving, denying, asking].map((served) => served.stop())));

let home: string;
let env: Record<string, string>;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "auth0-mcp-"));
  env = { HOME: home, AUTH0_MCP_STORE: "file" };
});
afterEach(() => rmSync(home, { recursive: true }));

const at = ({ tenant }: ServedTenant) => ({ ...env, AUTH0_MCP_LOGIN_DOMAIN: tenant.domain });
const device = ["login", "--scopes", "read:clients", "--no-interaction"];

function machine({ tenant }: ServedTenant, more: readonly string[] = []): string[] {
  return ["login", "--auth0-domain", tenant.domain, "--auth0-client-id", tenant.clientId, ...more];
}

const withSecret = (served: ServedTenant, stdin = served.tenant.clientSecret) =>
  run(machine(served, ["--auth0-client-secret-stdin"]), { env, stdin });

function nothingIsKept(): void {
  const kept = existsSync(join(home, ".config"))
    ? readdirSync(join(home, ".config"), { recursive: true })
    : [];
  expect(kept.filter((name) => String(name).endsWith(".json"))).toEqual([]);
}

async function sessionJson(more: readonly string[] = [], extra: Record<string, string> = {}) {
  const { code, stdout } = await run(["session", "--json", ...more], { env: { ...env, ...extra } });
  const data = parseJson(stdout);
  if (!isObject(data)) throw new Error(`no JSON object: ${stdout}`);
  return { code, data };
}

describe("device flow", () => {
  test("prints link and code on stderr, and ends signed in to the tenant of the token", async () => {
    const { code, stdout, stderr } = await run(device, { env: at(approving) });
    expect(code).toBe(0);
    expect(stdout).toContain(`Signed in to ${approving.tenant.domain}`);
    expect(stdout).toContain("current tenant");
    expect(stderr).toMatch(new RegExp(`${approving.tenant.url}/activate\\?user_code=([A-Z-]{9})\\n +\\1\\n`));
    expect((await sessionJson()).data).toMatchObject({
      authenticated: true,
      domain: approving.tenant.domain,
      scopes: ["read:clients", "offline_access"],
      method: "device",
      store: "file",
      renewable: true,
    });
  });

  test("denied: exit 3 with a sentence, and nothing is written", async () => {
    const { code, stdout, stderr } = await run(device, { env: at(denying) });
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toContain("denied");
    nothingIsKept();
  });

  test("an authority that cannot be reached: exit 4, and nothing is written", async () => {
    const { code, stderr } = await run(device, { env: { ...env, AUTH0_MCP_LOGIN_DOMAIN: "127.0.0.1:1" } });
    expect(code).toBe(4);
    expect(stderr).toContain("127.0.0.1:1");
    nothingIsKept();
  });

  test("another tenant than the one asked for: exit 3, and nothing is written", async () => {
    // An authority that gives a token of another tenant than it was asked for.
    const token = await approving.tenant.issueToken();
    const authority = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      fetch: (request) =>
        new URL(request.url).pathname === "/oauth/token"
          ? Response.json({ access_token: token, expires_in: 60 })
          : Response.json({
              device_code: "d",
              user_code: "U",
              verification_uri: "https://a.example/",
              interval: 1,
            }),
    });
    const { code, stderr } = await run([...device, "--tenant", "acme.eu.auth0.com"], {
      env: { ...env, AUTH0_MCP_LOGIN_DOMAIN: `127.0.0.1:${authority.port}` },
    });
    await authority.stop(true);
    expect(code).toBe(3);
    expect(stderr).toContain(approving.tenant.domain);
    expect(stderr).toContain("acme.eu.auth0.com");
    nothingIsKept();
  });

  test("Ctrl+C while waiting: exit 130, and nothing is written", async () => {
    const child = Bun.spawn([await executable(), ...device], {
      env: bareEnvironment(at(asking)),
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    for await (const chunk of child.stderr)
      if (String(new TextDecoder().decode(chunk)).includes("good for")) break;
    child.kill("SIGINT");
    expect(await child.exited).toBe(130);
    nothingIsKept();
  });

  test("the browser gets the link as one argument, without a shell and without our secrets", async () => {
    const browser = join(home, "browser");
    const seen = join(home, "seen");
    writeFileSync(browser, `#!/bin/sh\nprintf '%s|' "$#" "$1" > ${seen}\nenv >> ${seen}\n`);
    chmodSync(browser, 0o755);
    const secrets = { AUTH0_CLIENT_SECRET: "canary-secret" };
    const { code } = await run(device, { env: { ...at(approving), ...secrets, BROWSER: browser } });
    expect(code).toBe(0);
    const text = readFileSync(seen, "utf8");
    expect(text).toMatch(new RegExp(`^1\\|${approving.tenant.url}/activate\\?user_code=[A-Z-]{9}\\|`));
    expect(text).not.toContain("canary");
  });
});

describe("mistakes are exit 2 before any request", () => {
  const given = (...words: string[]) => ["login", ...words];
  const cases: readonly (readonly [string, readonly string[], Record<string, string>, string])[] = [
    ["no scopes and no terminal", given(), {}, "--scopes"],
    ["an unknown scope", given("--scopes", "read:client"), {}, "read:clients"],
    ["an empty scope", given("--scopes", "read:clients,"), {}, "empty"],
    [
      "a scope that writes with --read-only",
      given("--scopes", "create:clients", "--read-only"),
      {},
      "--read-only",
    ],
    ["a bare tenant name", given("--scopes", "none", "--tenant", "acme"), {}, "--tenant"],
    [
      "an authority with a path",
      given("--scopes", "none"),
      { AUTH0_MCP_LOGIN_DOMAIN: "a.b/c" },
      "LOGIN_DOMAIN",
    ],
    ["another word for the store", given("--scopes", "none"), { AUTH0_MCP_STORE: "disk" }, "AUTH0_MCP_STORE"],
    ["half the flags", given("--auth0-domain", "a.auth0.com"), {}, "--auth0-client-id"],
    ["the other half", given("--auth0-client-id", "x"), {}, "--auth0-domain"],
    ["only a secret", given("--auth0-client-secret", "x"), {}, "--auth0-domain"],
    ["no secret", given("--auth0-domain", "a.auth0.com", "--auth0-client-id", "x"), {}, "secret or key"],
    [
      "two sources",
      given(
        "--auth0-domain",
        "a.auth0.com",
        "--auth0-client-id",
        "x",
        "--auth0-client-secret",
        "s",
        "--auth0-client-secret-stdin",
      ),
      {},
      "exclude each other",
    ],
    [
      "a key that is not there",
      given(
        "--auth0-domain",
        "a.auth0.com",
        "--auth0-client-id",
        "x",
        "--auth0-private-key",
        "/nonexistent/key.pem",
      ),
      {},
      "cannot be read",
    ],
    [
      "a key that is none",
      given(
        "--auth0-domain",
        "a.auth0.com",
        "--auth0-client-id",
        "x",
        "--auth0-private-key",
        "/etc/hostname",
      ),
      {},
      "no private key",
    ],
    ["a tenant as well", given("--tenant", "a.auth0.com", "--auth0-domain", "a.auth0.com"), {}, "--tenant"],
    ["a time that is none", ["session", "--min-ttl", "soon"], {}, "--min-ttl"],
    ["all and one", ["logout", "--all", "--tenant", "a.auth0.com"], {}, "exclude each other"],
    [
      "sandbox and tenant",
      ["tools", "list", "--sandbox", "--tenant", "a.auth0.com"],
      {},
      "exclude each other",
    ],
  ];
  for (const [name, words, extra, told] of cases) {
    test(name, async () => {
      const { code, stdout, stderr } = await run(words, {
        env: { ...env, AUTH0_MCP_LOGIN_DOMAIN: "127.0.0.1:1", ...extra },
      });
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toContain(told);
      nothingIsKept();
    });
  }

  test("an empty secret on stdin", async () => {
    expect((await withSecret(approving, "\n")).code).toBe(2);
  });
});

describe("client credentials", () => {
  const kept = () => readFileSync(join(home, ".config", "auth0-mcp", "tenants.json"), "utf8");

  test("the secret comes from stdin, a flag with a warning, or the variable", async () => {
    const { clientSecret } = approving.tenant;
    const ways: readonly Finished[] = [
      await withSecret(approving),
      await run(machine(approving, ["--auth0-client-secret", clientSecret]), { env }),
      await run(machine(approving), { env: { ...env, AUTH0_CLIENT_SECRET: clientSecret } }),
    ];
    expect(ways.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(ways.map(({ stderr }) => stderr.includes("may be seen by others"))).toEqual([false, true, false]);
    expect((await sessionJson()).data).toMatchObject({ method: "client_credentials", renewable: true });
    expect(kept()).not.toContain(clientSecret);
  });

  test("a flag beats a variable of its sort, and the variable alone does not disturb a stored session", async () => {
    const wrong = { AUTH0_CLIENT_SECRET: "wrong-secret", AUTH0_CLIENT_PRIVATE_KEY_FILE: "/nonexistent" };
    const stdin = approving.tenant.clientSecret;
    const done = await run(machine(approving, ["--auth0-client-secret-stdin"]), {
      env: { ...env, ...wrong },
      stdin,
    });
    expect(done.code).toBe(0);
    expect((await sessionJson([], wrong)).code).toBe(0);
  });

  test("a refusal is exit 3 in the tenant's words, and nothing is written", async () => {
    const { code, stderr } = await withSecret(approving, "wrong-secret-canary");
    expect(code).toBe(3);
    expect(stderr).toContain("Unauthorized");
    expect(stderr).not.toContain("canary");
    nothingIsKept();
  });

  test("environment credentials are used in memory, and never by login", async () => {
    const { domain, clientId, clientSecret } = approving.tenant;
    const application = {
      AUTH0_DOMAIN: domain,
      AUTH0_CLIENT_ID: clientId,
      AUTH0_CLIENT_SECRET: clientSecret,
    };
    const { code, data } = await sessionJson([], application);
    expect(code).toBe(0);
    expect(data).toMatchObject({ domain, method: "environment", store: null, renewable: true });
    const called = await run(["tools", "call", "auth0_list_applications"], {
      env: { ...env, ...application },
    });
    expect(called.code).toBe(0);
    nothingIsKept();
    expect((await run(["login"], { env: { ...env, ...application } })).code).toBe(2);
  });

  test("environment credentials that are half set are exit 3, naming what is missing", async () => {
    const { domain, clientId } = approving.tenant;
    for (const [extra, told] of [
      [{ AUTH0_DOMAIN: domain, AUTH0_CLIENT_ID: clientId }, "AUTH0_CLIENT_SECRET"],
      [{ AUTH0_CLIENT_ID: clientId, AUTH0_CLIENT_SECRET: "x" }, "AUTH0_DOMAIN"],
      [{ AUTH0_DOMAIN: domain, AUTH0_CLIENT_ID: " ", AUTH0_CLIENT_SECRET: "x" }, "AUTH0_CLIENT_ID"],
    ] as const) {
      const { code, stderr } = await run(["session"], { env: { ...env, ...extra } });
      expect(code).toBe(3);
      expect(stderr).toContain(told);
    }
  });
});

describe("session", () => {
  const token = (more: JsonObject = {}) => ({ ...approving.env, ...more }) as Record<string, string>;

  test("nobody signed in: exit 3, in JSON with every member", async () => {
    const { code, data } = await sessionJson();
    expect(code).toBe(3);
    expect(data).toEqual({
      authenticated: false,
      domain: null,
      tenant: null,
      expires_at: null,
      expires_in: null,
      scopes: [],
      method: null,
      store: null,
      renewable: false,
      reason: "No tenant to work on: nobody is signed in.",
    });
  });

  test("a token of the environment: exit 0, and 3 where it does not last", async () => {
    const short = token({ AUTH0_TOKEN: await approving.tenant.issueToken({ ttl: 300_000 }) });
    expect((await sessionJson([], short)).data).toMatchObject({ authenticated: true, method: "environment" });
    expect((await sessionJson(["--min-ttl", "4m"], short)).code).toBe(0);
    const { code, data } = await sessionJson(["--min-ttl", "10m"], short);
    expect(code).toBe(3);
    expect(data).toMatchObject({ authenticated: false, reason: expect.stringContaining("4 minutes") });
    const text = await run(["session"], { env: { ...env, ...short } });
    expect(text.stdout).toContain("4 minutes");
  });

  test("a token of unknown expiry: exit 0, and 3 under --min-ttl", async () => {
    const opaque = token({ AUTH0_TOKEN: "opaque-token" });
    const { code, data } = await sessionJson([], opaque);
    expect(code).toBe(0);
    expect(data).toMatchObject({ expires_at: null, expires_in: null });
    expect((await sessionJson(["--min-ttl", "1s"], opaque)).code).toBe(3);
  });

  test("a tenant nobody is signed in to, and one that contradicts the environment", async () => {
    expect((await sessionJson(["--tenant", "acme.eu.auth0.com"])).code).toBe(3);
    const { code, stderr } = await run(["session", "--tenant", "acme.eu.auth0.com"], {
      env: { ...env, ...token() },
    });
    expect(code).toBe(2);
    expect(stderr).toContain("acme.eu.auth0.com");
  });

  test("damage, other people's files and links are exit 1 with the remedy", async () => {
    await withSecret(approving);
    const file = join(
      home,
      ".config",
      "auth0-mcp",
      "sessions",
      `${encodeURIComponent(approving.tenant.domain)}.json`,
    );
    chmodSync(file, 0o644);
    const readable = await run(["session"], { env });
    expect(readable.code).toBe(1);
    expect(readable.stderr).toContain("chmod 600");
    chmodSync(file, 0o600);
    writeFileSync(file, "{");
    expect((await run(["session"], { env })).code).toBe(1);
    writeFileSync(join(home, ".config", "auth0-mcp", "tenants.json"), "[]");
    const damaged = await run(["session"], { env });
    expect(damaged.code).toBe(1);
    expect(damaged.stderr).toContain("tenants.json");
  });

  test("run without a session says in two sentences what is wrong and what mends it", async () => {
    const { code, stdout, stderr } = await run(["run"], { env });
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr.trim().split("\n")).toHaveLength(2);
    expect(stderr).toContain("auth0-mcp login");
  });
});

describe("a place that cannot be written", () => {
  test("a home on a read-only file system is told before anybody is asked to sign in: exit 1", async () => {
    const { code, stdout, stderr } = await run(device, {
      env: { ...at(approving), XDG_CONFIG_HOME: "/proc/self" },
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("cannot be written");
    expect(stderr).not.toContain("activate");
  });

  test("an environment session needs no home at all", async () => {
    const { code } = await run(["session"], { env: { ...approving.env, HOME: "/nonexistent" } });
    expect(code).toBe(0);
  });

  test("a full disk: exit 1, and the former session is still there", async () => {
    expect((await withSecret(approving)).code).toBe(0);
    const limited = Bun.spawn(
      [
        "bash",
        "-c",
        'trap "" XFSZ; ulimit -f 0; exec "$@"',
        "bash",
        await executable(),
        ...machine(approving, ["--auth0-client-secret-stdin"]),
      ],
      {
        env: bareEnvironment(env),
        stdin: Buffer.from(approving.tenant.clientSecret),
        stdout: "pipe",
        stderr: "pipe",
      },
    );
    const told = await new Response(limited.stderr).text();
    expect(await limited.exited).toBe(1);
    expect(told).toContain("cannot be written");
    expect((await sessionJson()).code).toBe(0);
    expect(readdirSync(join(home, ".config", "auth0-mcp", "sessions"))).toHaveLength(1);
  });
});
