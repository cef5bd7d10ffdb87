import { describe, expect, test } from "bun:test";
import { entryDiff } from "../../src/clients/entry-diff.ts";
import { planEntry } from "../../src/clients/plan.ts";
import { writeAt } from "./children.ts";
import { Home, launch } from "./support.ts";

const secret = "canary-of-another";

/** The diff of adding our entry to a client's file. */
async function diffOf(
  id: string,
  path: readonly string[],
  content: string | undefined,
  environment: Record<string, string> = {},
): Promise<string[]> {
  using home = new Home(environment);
  if (content !== undefined) writeAt(home.file(...path), content);
  return entryDiff(await planEntry(home.address(id), launch, home.workshop));
}

const cursor = ["cursor", [".cursor", "mcp.json"]] as const;
const codex = ["codex", [".codex", "config.toml"]] as const;
const goose = ["goose", [".config", "goose", "config.yaml"]] as const;

describe("the diff of an entry", () => {
  test("in a new file is the file", async () => {
    expect(await diffOf(...cursor, undefined)).toEqual([
      "+{",
      '+  "mcpServers": {',
      '+    "auth0": {',
      '+      "command": "/opt/auth0-mcp",',
      '+      "args": ["run", "--read-only"]',
      "+    }",
      "+  }",
      "+}",
    ]);
    const continued = await diffOf("continue", [".continue", "config.yaml"], undefined);
    expect(continued.slice(0, 5)).toEqual([
      ...["+name: Local Assistant", "+version: 1.0.0", "+schema: v1", "+mcpServers:", "+  - name: auth0"],
    ]);
  });

  test("beside others shows none of them, whatever shares a line with it", async () => {
    const other = `"other": { "command": "npx", "args": ["--header", "Bearer ${secret}"] }`;
    expect(await diffOf(...cursor, `{"mcpServers": { ${other} }}`)).toEqual([
      '+…"auth0": { "command": "/opt/auth0-mcp", "args": ["run", "--read-only"] } }}',
    ]);
    expect(await diffOf(...cursor, `{\n  "mcpServers": {\n    ${other}\n  }\n}\n`)).toEqual([
      '+    "auth0": {',
      '+      "command": "/opt/auth0-mcp",',
      '+      "args": ["run", "--read-only"]',
      "+    }",
    ]);
    const yaml = await diffOf(...goose, `extensions: {other: {cmd: npx, args: [${secret}]}} # ${secret}\n`);
    expect(yaml).toHaveLength(1);
    expect(yaml[0]).toMatch(/^\+….*"auth0".*…$/);
    expect(yaml[0]).not.toContain(secret);
    const toml = await diffOf(...codex, `mcp_servers = { other = { args = ["${secret}"] } } # ${secret}\n`);
    expect(toml.join("\n")).toContain('auth0 = { command = "/opt/auth0-mcp"');
    expect(toml.join("\n")).not.toContain(secret);
  });

  test("that is ours shows what it was", async () => {
    const former = '[mcp_servers.auth0]\ncommand = "/old/auth0-mcp"\nargs = ["run"]\n\n[other]\nkey = "x"\n';
    expect(await diffOf(...codex, former)).toEqual([
      '-command = "/old/auth0-mcp"',
      '-args = ["run"]',
      '+command = "/opt/auth0-mcp"',
      '+args = ["run", "--read-only"]',
      '+env_vars = ["DBUS_SESSION_BUS_ADDRESS"]',
    ]);
  });

  test("shows what the Node.js server in whose place it comes was started with, but no secret", async () => {
    const former = `extensions:\n  auth0:\n    cmd: npx\n    args: ["@auth0/auth0-mcp-server", "--secret", "${secret}"]\n`;
    expect(await diffOf(...goose, former)).toEqual([
      "-    cmd: npx",
      '-    args: ["@auth0/auth0-mcp-server", "--secret", "…"]',
      "+    cmd: /opt/auth0-mcp",
      '+    args: ["run", "--read-only"]',
      "+    type: stdio",
    ]);
  });

  const own = { DB_URL: secret, PORT: 7 };
  const ours = { command: "/old/auth0-mcp", args: ["run"], disabled: true, note: secret, env: own };

  test("shows no value of the entry that we do not write, on a line of its own or not", async () => {
    const former = { mcpServers: { auth0: { ...ours, list: [secret] }, z: { env: own } } };
    const bus = { DBUS_SESSION_BUS_ADDRESS: "unix:path=/bus" };
    for (const indent of [0, 2]) {
      const lines = await diffOf(...cursor, JSON.stringify(former, null, indent), bus);
      expect(lines.join("\n")).not.toContain(secret);
      expect(lines.join("\n")).toContain("/old/auth0-mcp");
      expect(lines.join("\n")).toContain("/opt/auth0-mcp");
      expect(lines.join("\n")).toMatch(/"PORT": ?"…"/);
      expect(lines.join("\n")).toMatch(/"DBUS_SESSION_BUS_ADDRESS": ?"unix:path=\/bus"/);
    }
  });

  test("shows no value on a line that only gains a comma", async () => {
    const former = `{\n  "mcpServers": {\n    "auth0": {\n      "command": "/opt/auth0-mcp",\n      "env": { "DB_URL": "${secret}" }\n    }\n  }\n}\n`;
    expect(await diffOf(...cursor, former)).toEqual([
      "-      }",
      "+      },",
      '+      "args": ["run", "--read-only"]',
    ]);
  });

  test("is shown as one sign where its values cannot be taken out", async () => {
    const former = `[mcp_servers.auth0]\ncommand = "/old/auth0-mcp"\nargs = []\n\n[[mcp_servers.auth0.more]]\nkey = "${secret}"\n`;
    expect((await diffOf(...codex, former)).join("\n")).not.toContain(secret);
  });
});
