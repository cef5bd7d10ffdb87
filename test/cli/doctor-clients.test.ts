import { describe, expect, test } from "bun:test";
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { clients } from "../../src/cli/doctor/checks/clients.ts";
import { VERSION } from "../../src/config/product.ts";
import { examinationIn, freshHome, look } from "./doctor-harness.ts";

const home = freshHome();

describe("MCP clients", () => {
  /** A program of our name that speaks just enough of the protocol, and leaves a trace of having run. */
  function program(version: string): string {
    const file = join(home(), "auth0-mcp");
    const answer = (id: number, result: unknown) =>
      `echo '${JSON.stringify({ jsonrpc: "2.0", id, result })}'`;
    const lines = [
      "#!/bin/sh",
      `echo run >> '${home()}/trace'`,
      `read a; ${answer(1, { serverInfo: { name: "auth0", version } })}`,
      `read b; read c; ${answer(2, { tools: [{ name: "x" }] })}`,
    ];
    writeFileSync(file, `${lines.join("\n")}\n`);
    chmodSync(file, 0o755);
    return file;
  }
  function write(file: string, command: string): void {
    mkdirSync(join(home(), ".cursor"), { recursive: true });
    const entry = { command, args: ["run"], env: { AUTH0_TOKEN: "canary-of-a-token" } };
    writeFileSync(join(home(), file), JSON.stringify({ mcpServers: { auth0: entry } }));
  }
  const entryOf = async (place = examinationIn(home())) => (await look(clients, place))[1];

  test("none", async () => {
    const results = await look(clients, examinationIn(home()));
    expect(results).toHaveLength(1);
    expect(results[0]).toMatchObject({ status: "warn", remedy: expect.stringContaining("clients add") });
  });

  test.each([
    [VERSION, "pass"],
    ["9.9.9", "warn"],
  ])("an entry that starts version %s: %s", async (told, status) => {
    write(".cursor/mcp.json", program(told));
    expect(await entryOf()).toMatchObject({
      id: "client.cursor.user.auth0",
      title: "Cursor",
      status,
      message: expect.stringContaining(`~/.cursor/mcp.json starts version ${told}`),
    });
    expect(existsSync(join(home(), "trace"))).toBe(true);
  });

  test("one that is gone, and one that ends at once: what it said, without secrets", async () => {
    write(".cursor/mcp.json", join(home(), "gone", "auth0-mcp"));
    const gone = await entryOf();
    expect(gone).toMatchObject({
      status: "fail",
      remedy: "Write the entry anew with: auth0-mcp clients add cursor\nOr run: auth0-mcp doctor --fix",
    });
    const file = program(VERSION);
    writeFileSync(file, '#!/bin/sh\nread a\necho "nobody is signed in $AUTH0_TOKEN" >&2\nexit 3\n');
    write(".cursor/mcp.json", file);
    const ended = await entryOf();
    expect(ended?.message).toContain("nobody is signed in");
    expect(JSON.stringify([gone, ended])).not.toContain("canary");
  });

  test("an unreadable file fails, and the other clients are looked at", async () => {
    write(".cursor/mcp.json", program(VERSION));
    writeFileSync(join(home(), ".claude.json"), "{ not json");
    const results = await look(clients, examinationIn(home()));
    const of = (id: string) => results.find((result) => result.id === id);
    expect(of("client.claude-code.user")).toMatchObject({
      status: "fail",
      remedy: expect.stringContaining("Mend"),
    });
    expect(of("client.cursor.user.auth0")?.status).toBe("pass");
  });

  test("a project's entry is looked at and never started", async () => {
    const project = join(home(), "project");
    mkdirSync(project);
    const projectEntry = async () => entryOf({ ...examinationIn(home()), folder: project });
    write("project/.mcp.json", program(VERSION));
    expect(await projectEntry()).toMatchObject({
      id: "client.claude-code.project.auth0",
      status: "warn",
      remedy: expect.stringContaining("clients add claude-code --scope project"),
    });
    write("project/.mcp.json", "./auth0-mcp");
    expect((await projectEntry())?.status).toBe("warn");
    write("project/.mcp.json", join(home(), "gone", "auth0-mcp"));
    expect((await projectEntry())?.status).toBe("fail");
    expect(existsSync(join(home(), "trace"))).toBe(false);
  });
});
