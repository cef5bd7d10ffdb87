import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { STORAGE_NAME } from "../../src/config/paths.ts";
import { asObjects, asString } from "../../src/lib/json.ts";
import { type Ran, run } from "./harness.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "auth0-mcp-init-"));
  mkdirSync(join(home, ".cursor"));
});
afterEach(() => rmSync(home, { recursive: true }));

/** Nothing listens where it would sign in: a request would be exit 4. */
function init(words: readonly string[], environment: Record<string, string> = {}): Promise<Ran> {
  const own = { HOME: home, XDG_CONFIG_HOME: join(home, ".config"), AUTH0_MCP_LOGIN_DOMAIN: "127.0.0.1:1" };
  return run(["init", ...words, "--no-interaction"], { ...own, AUTH0_MCP_STORE: "file", ...environment });
}

const files = () => readdirSync(home, { recursive: true }).map(String);
const cursor = ["--client", "cursor"];
const reading = ["--scopes", "read:clients"];

describe("every mistake in the flags is exit 2, with no request sent and nothing written", () => {
  const machine = ["--auth0-domain", "a.auth0.com", "--auth0-client-id", "x"];
  const mistakes: readonly (readonly [
    words: readonly string[],
    told: string,
    extra?: Record<string, string>,
  ])[] = [
    [reading, "--client is needed"],
    [["--client", "cursr", ...reading], "Did you mean cursor?"],
    [["--client", "cursor,", ...reading], "There is no client"],
    [["--client", "none,cursor", ...reading], 'There is no client "none"'],
    [["--client", "none", "--name", "auth0-two", ...reading], "--name says how to configure a client"],
    [["--client", "goose", "--scope", "project", ...reading], "goose has no files in projects"],
    [[...cursor, "--scope", "machine", ...reading], "--scope cannot be"],
    [[...cursor, "--project", "/nonexistent/project", ...reading], "is no folder"],
    [[...cursor, "--name", "my_server", ...reading], "--name cannot be"],
    [cursor, "--scopes is needed"],
    [[...cursor, "--read-only", "--login"], "--scopes is needed"],
    [[...cursor, "--scopes", "read:client"], "read:clients"],
    [[...cursor, "--scopes", "create:clients", "--read-only"], "only reads"],
    [[...cursor, "--tools", "auth0_lst_*", ...reading], "no tool matches"],
    [[...cursor, "--exclude-tools", "*", ...reading], "No tool is left"],
    [[...cursor, ...reading], "AUTH0_MCP_TOOLS", { AUTH0_MCP_TOOLS: "auth0_lst_*" }],
    [[...cursor, ...reading], "AUTH0_MCP_READ_ONLY", { AUTH0_MCP_READ_ONLY: "perhaps" }],
    [[...cursor, ...reading, "--read-only"], "AUTH0_MCP_READ_ONLY", { AUTH0_MCP_READ_ONLY: "banana" }],
    [[...cursor, "--tenant", "acme", ...reading], "--tenant is not a tenant domain"],
    [[...cursor, ...reading], "AUTH0_MCP_TENANT", { AUTH0_MCP_TENANT: "acme" }],
    [[...cursor, "--auth0-client-id", "x"], "--auth0-domain is missing"],
    [[...cursor, ...machine], "secret or key is missing"],
    [[...cursor, "--audience", "https://a.auth0.com/api/v2/"], "--auth0-domain is missing"],
    [[...cursor, ...machine, "--tenant", "a.auth0.com"], "--tenant is for signing in in the browser"],
    [
      [...cursor, "--auth0-domain", "acme", "--auth0-client-id", "x", "--auth0-client-secret", "s"],
      "bare word",
    ],
    [[...cursor, ...machine, "--auth0-private-key", "/nonexistent/key.pem"], "cannot be read"],
    [
      [...cursor, ...machine, "--auth0-client-secret", "s", "--auth0-client-secret-stdin"],
      "exclude each other",
    ],
    [[...cursor, ...machine], "holds only blanks", { AUTH0_CLIENT_SECRET: " " }],
    [[...cursor, ...reading, "extra"], "Unexpected argument"],
  ];
  test.each(mistakes.map(([words, told, extra = {}]) => [words, told, extra] as const))(
    "%j",
    async (words, told, extra) => {
      const before = files();
      const { code, stdout, stderr } = await init([...words, "--json"], extra);
      expect({ code, stdout, stderr }).toEqual({
        code: 2,
        stdout: "",
        stderr: expect.stringContaining(told),
      });
      expect(files().filter((file) => !before.includes(file) && file.endsWith(".json"))).toEqual([]);
    },
  );
});

describe("a dry run", () => {
  const dry = (words: readonly string[], environment?: Record<string, string>) =>
    init([...words, "--dry-run"], environment);

  test("shows every change, signs in nowhere and writes nothing", async () => {
    const before = files();
    const { code, stdout, stderr } = await dry(["--client", "cursor,codex", "--tenant", "acme.eu.auth0.com"]);
    expect(code).toBe(0);
    expect(stdout).toContain(`--- /dev/null\n+++ ${join(home, ".cursor", "mcp.json")}\n+{\n`);
    expect(stdout).toContain(
      `--- /dev/null\n+++ ${join(home, ".codex", "config.toml")}\n+[mcp_servers.auth0]\n`,
    );
    expect(stdout.match(/"--tenant", "acme\.eu\.auth0\.com"\]/g)).toHaveLength(2);
    expect(stderr).toContain("Would sign in to acme.eu.auth0.com.");
    expect(stderr).toContain("Nothing was changed.");
    expect(files()).toEqual(before);
  });

  test("says that the tenant is not known yet", async () => {
    const { stdout, stderr } = await dry(cursor);
    expect(stdout).toContain('"--tenant", "your-tenant.auth0.com"');
    expect(stderr).toContain("chosen at the sign-in");
  });

  test("shows no secret of another server, not even where the whole file is one line", async () => {
    const other = {
      command: "npx",
      args: ["--secret", "canary"],
      env: { API_KEY: "canary-of-another-server" },
    };
    writeFileSync(join(home, ".cursor", "mcp.json"), JSON.stringify({ mcpServers: { other } }));
    const { stdout } = await dry(cursor);
    expect(stdout).toContain('\n+…"auth0":{"command":');
    expect(stdout).not.toMatch(/canary|other/);
  });

  test("as JSON has the documented shape", async () => {
    const { code, json, stdout } = await dry([...cursor, "--json"]);
    expect({ code, lines: stdout.split("\n").length }).toEqual({ code: 0, lines: 1 });
    expect(json).toEqual({
      dry_run: true,
      tenant: null,
      session: "new",
      clients: [
        {
          id: "cursor",
          name: "auth0",
          scope: "user",
          file: join(home, ".cursor", "mcp.json"),
          change: "add",
          diff: expect.stringContaining('+    "auth0": {'),
        },
      ],
    });
  });

  test("a file that cannot be edited is exit 1 with the snippet", async () => {
    writeFileSync(join(home, ".cursor", "mcp.json"), "{");
    const { code, stdout, stderr } = await dry(cursor);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(`${join(home, ".cursor", "mcp.json")}:1 cannot be parsed`);
    expect(stderr).toContain('"auth0": {');
  });

  test("says that an entry of the Node.js server would be replaced, and by what it was started", async () => {
    const auth0 = { command: "npx", args: ["-y", "@auth0/auth0-mcp-server", "run", "--read-only"] };
    writeFileSync(join(home, ".cursor", "mcp.json"), JSON.stringify({ mcpServers: { auth0 } }));
    const { stderr } = await dry(cursor);
    expect(stderr).toContain(
      "starts the Node.js server and would start this one with the limits it had, --read-only;",
    );
    expect(stderr).toContain("It starts now: npx -y @auth0/auth0-mcp-server run --read-only");
    expect(stderr).not.toContain("now starts this one");
  });
});

describe("the snippet for a file that cannot be edited names the tenant", () => {
  beforeEach(() => writeFileSync(join(home, ".cursor", "mcp.json"), "{"));

  test.each([[[]], [["--dry-run"]]])("only where it is known: %j", async (more) => {
    const { code, stderr } = await init([...cursor, ...reading, ...more]);
    expect(code).toBe(1);
    expect(stderr).toContain('"auth0": {');
    expect(stderr).not.toContain("--tenant");
    expect(stderr).toEndWith("}\n\nNothing was changed.");
  });

  test.each([[[]], [["--dry-run"]]])("by the session that would be kept: %j", async (more) => {
    const domain = "acme.eu.auth0.com";
    const tenant = {
      ...{ domain, url: `https://${domain}`, method: "device", authority: "https://auth0.auth0.com" },
      ...{ client_id: "x", audience: `https://${domain}/api/v2/`, scopes: "read:clients" },
      ...{ signed_in_at: "2026-05-04T10:00:00.000Z", store: "file" },
    };
    const folder = join(home, ".config", STORAGE_NAME);
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, "tenants.json"),
      JSON.stringify({ version: 1, current: domain, tenants: [tenant] }),
    );
    const { stderr } = await init([...cursor, ...more]);
    expect(stderr).toContain(`"--tenant", "${domain}"`);
    expect(stderr).toContain("Nothing was changed.");
  });
});

test("of several clients none is done when one has a file that cannot be edited, which is said", async () => {
  mkdirSync(join(home, ".codex"));
  writeFileSync(join(home, ".codex", "config.toml"), "a = ");
  const before = files();
  const add = (ids: string) => run(["clients", "add", ids], { HOME: home, XDG_CONFIG_HOME: "" });
  const { code, stderr } = await add("cursor,codex");
  expect(code).toBe(1);
  expect(stderr).toContain("Not done: Cursor, Codex.");
  expect((await add("codex")).stderr).not.toContain("Not done");
  expect(files()).toEqual(before);
});

describe("what is written into an entry", () => {
  async function argumentsOf(
    words: readonly string[],
    environment?: Record<string, string>,
  ): Promise<string> {
    const tenant = ["--tenant", "acme.eu.auth0.com", "--dry-run", "--json"];
    const { json, stderr } = await init(["--client", "cursor", ...tenant, ...words], environment);
    const [client] = asObjects(json["clients"]);
    const [, args] = /"args": (\[[^\]]*\])/.exec(asString(client?.["diff"]) ?? "") ?? [];
    if (args === undefined) throw new Error(stderr);
    return JSON.parse(args)
      .slice(-20)
      .join(" ")
      .replace(/^.*?\brun /, "");
  }

  test("are exactly the limits that were chosen, by flag or by variable", async () => {
    const tenant = "--tenant acme.eu.auth0.com";
    expect(await argumentsOf([])).toBe(tenant);
    expect(await argumentsOf(["--tools", "*", "--read-only=false"])).toBe(tenant);
    expect(await argumentsOf(["--read-only", "--tools", "*log*"])).toBe(
      `${tenant} --tools *log* --read-only`,
    );
    const variables = { AUTH0_MCP_READ_ONLY: "yes", AUTH0_MCP_EXCLUDE_TOOLS: "*log*" };
    expect(await argumentsOf([], variables)).toBe(`${tenant} --exclude-tools *log* --read-only`);
    expect(await argumentsOf(["--read-only=false"], variables)).toBe(`${tenant} --exclude-tools *log*`);
  });

  test("a client that hands on little is told where our folder is", async () => {
    const entryOf = async (id: string) => {
      const { stdout } = await init(["--client", id, "--dry-run"], { XDG_CONFIG_HOME: join(home, "cfg") });
      return stdout;
    };
    expect(await entryOf("cursor")).toContain(`"XDG_CONFIG_HOME": "${join(home, "cfg")}"`);
    expect(await entryOf("claude-code")).not.toContain("XDG_CONFIG_HOME");
    const { stdout } = await init([...cursor, "--dry-run"], { XDG_CONFIG_HOME: "" });
    expect(stdout).not.toContain("XDG_CONFIG_HOME");
  });
});

test("a failure before anything was done says so, and in JSON too", async () => {
  const { code, json, stderr } = await init([...cursor, ...reading, "--json"]);
  expect(code).toBe(4);
  expect(stderr).toContain("Nothing was changed.");
  const message = expect.stringContaining("127.0.0.1:1");
  expect(json).toMatchObject({
    dry_run: false,
    problem: message,
    error: { code: "authority_unreachable", message },
  });
  expect(json["clients"]).toEqual([{ id: "cursor", name: "auth0", scope: "user" }]);
});
