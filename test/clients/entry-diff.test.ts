import { describe, expect, test } from "bun:test";
import { entryDiff } from "../../src/clients/entry-diff.ts";
import { planEntry } from "../../src/clients/plan.ts";
import { writeAt } from "./children.ts";
import { Home, launch } from "./support.ts";

const secret = "canary-of-another";

/** The diff of adding our entry to a client's file. */
async function diffOf(id: string, path: readonly string[], content: string | undefined): Promise<string[]> {
  using home = new Home();
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

  test("that replaces the Node.js server's does not show what that was started with", async () => {
    const former = `extensions:\n  auth0:\n    cmd: npx\n    args: ["@auth0/auth0-mcp-server", "--secret", "${secret}"]\n`;
    expect(await diffOf(...goose, former)).toEqual([
      "+    cmd: /opt/auth0-mcp",
      '+    args: ["run", "--read-only"]',
      "+    type: stdio",
    ]);
  });
});
