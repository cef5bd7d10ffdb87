import { describe, expect, test } from "bun:test";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
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

  test.each([
    [VERSION, "Mend what it said."],
    ["9.9.9", "Sign in first with: auth0-mcp login\nWrite the entry anew with: auth0-mcp clients add cursor"],
  ])("another install, of version %s, that says nobody is signed in: %s", async (version, remedy) => {
    const file = program(VERSION);
    const lines = [
      "#!/bin/sh",
      `[ "$1" = --version ] && echo ${version} && exit`,
      "echo nobody >&2",
      "exit 3",
    ];
    writeFileSync(file, `${lines.join("\n")}\n`);
    write(".cursor/mcp.json", file);
    const found = await entryOf();
    expect(found).toMatchObject({ status: "fail", remedy: expect.stringContaining(remedy) });
    expect(found?.mend === undefined).toBe(version === VERSION);
  });

  test("a remedy keeps the limits that the entry has", async () => {
    mkdirSync(join(home(), ".cursor"), { recursive: true });
    const remedyFor = async (...args: string[]) => {
      const entry = { command: join(home(), "gone", "auth0-mcp"), args };
      writeFileSync(join(home(), ".cursor/mcp.json"), JSON.stringify({ mcpServers: { "auth0-two": entry } }));
      return (await entryOf())?.remedy?.split("\n")[0]?.split("clients add ")[1];
    };
    expect(await remedyFor("run", "--tenant", "acme.eu.auth0.com", "--read-only", "--tools", "*log*")).toBe(
      "cursor --name auth0-two --tenant acme.eu.auth0.com --read-only --tools '*log*'",
    );
    expect(await remedyFor("run", "--sandbox")).toBe("cursor --name auth0-two");
    expect(await remedyFor("serve", "--read-only")).toBe("cursor --name auth0-two");
  });

  test.if(process.platform === "linux")(
    "an entry that leads to the session bus of an earlier login",
    async () => {
      const BUS = "DBUS_SESSION_BUS_ADDRESS";
      const file = join(home(), ".cursor", "mcp.json");
      // This very program, as it is known while it is run from its source; so run it ends at once.
      const started = { command: process.execPath, args: [Bun.main, "run", "--read-only"] };
      const entryWith = (env: Record<string, string>) => {
        mkdirSync(join(home(), ".cursor"), { recursive: true });
        writeFileSync(file, JSON.stringify({ mcpServers: { auth0: { ...started, env } } }));
      };
      const found = (address: string) =>
        entryOf(examinationIn(home(), { [BUS]: address, XDG_CONFIG_HOME: "" }));
      const usual = `unix:path=/run/user/${process.getuid?.()}/bus`;
      for (const [address, env] of [
        [usual, { MINE: "1", [BUS]: usual }],
        ["unix:path=/now/bus", { MINE: "1", [BUS]: "unix:path=/now/bus" }],
      ] as const) {
        entryWith({ [BUS]: "unix:path=/then/bus", MINE: "1" });
        const stale = await found(address);
        expect(stale).toMatchObject({
          status: "fail",
          remedy:
            "Write the entry anew with: auth0-mcp clients add cursor --read-only\nOr run: auth0-mcp doctor --fix",
        });
        expect(await stale?.mend?.()).toContain("with the same limits");
        const { auth0 } = JSON.parse(readFileSync(file, "utf8")).mcpServers;
        expect(auth0).toEqual({ ...started, env: { ...env } });
        expect((await found(address))?.remedy).toStartWith("Mend what it said.");
      }
    },
  );

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
