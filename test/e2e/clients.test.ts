import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonObject } from "../../src/lib/json.ts";
import { bareEnvironment, executable, type Finished, run } from "../support/executable.ts";

let home: string;
let program: string;
beforeEach(async () => {
  program = realpathSync(await executable());
  home = realpathSync(mkdtempSync(join(tmpdir(), "auth0-mcp-home-")));
  mkdirSync(join(home, ".cursor"));
});
afterEach(() => rmSync(home, { recursive: true }));

function clients(...words: string[]): Promise<Finished> {
  return run(["clients", ...words], { env: { HOME: home }, cwd: home });
}

const read = (...path: string[]) => readFileSync(join(home, ...path), "utf8");
const cursorFile = [".cursor", "mcp.json"] as const;

describe("clients add", () => {
  test("writes the absolute path, run and exactly the flags given", async () => {
    const flags = ["--read-only", "--tenant", "https://acme.eu.auth0.com/", "--tools=auth0_{list,get}_*"];
    const { code, stdout, stderr } = await clients(
      "add",
      "cursor",
      ...flags,
      "--exclude-tools",
      "auth0_get_log",
    );
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect(stderr).toContain("Cursor: added auth0 in ~/.cursor/mcp.json");
    const args = [
      ...["run", "--tenant", "acme.eu.auth0.com", "--tools", "auth0_{list,get}_*"],
      ...["--exclude-tools", "auth0_get_log", "--read-only"],
    ];
    expect(JSON.parse(read(...cursorFile))).toEqual({ mcpServers: { auth0: { command: program, args } } });
  });

  test("writes nothing that is a default", async () => {
    await clients("add", "cursor", "--tools", "*", "--read-only=false", "--scope", "user");
    expect(JSON.parse(read(...cursorFile)).mcpServers.auth0).toEqual({ command: program, args: ["run"] });
  });

  test("hands on what its client withholds and its server needs", async () => {
    const env = { HOME: home, XDG_CONFIG_HOME: join(home, "elsewhere") };
    await run(["clients", "add", "cursor,codex,claude-code"], { env, cwd: home });
    const { XDG_CONFIG_HOME } = env;
    expect(JSON.parse(read(...cursorFile)).mcpServers.auth0.env).toEqual({ XDG_CONFIG_HOME });
    expect(read(".codex", "config.toml")).toContain(
      'env_vars = ["DBUS_SESSION_BUS_ADDRESS", "XDG_CONFIG_HOME"]',
    );
    expect(read(".claude.json")).not.toContain("XDG_CONFIG_HOME");
    const { stdout } = await run(["clients", "show", "cursor"], { env, cwd: home });
    expect(stdout).toContain(`"XDG_CONFIG_HOME": "${XDG_CONFIG_HOME}"`);
  });

  test("tells of the session bus of this login", async () => {
    const BUS = "DBUS_SESSION_BUS_ADDRESS";
    const addWith = async (address: string) => {
      const ran = await run(["clients", "add", "cursor,codex"], {
        env: { HOME: home, [BUS]: address },
        cwd: home,
      });
      expect(ran.code).toBe(0);
      expect(read(".codex", "config.toml")).toContain(`env_vars = ["${BUS}"]`);
      return JSON.parse(read(...cursorFile)).mcpServers.auth0.env;
    };
    expect(await addWith("unix:path=/elsewhere/bus")).toEqual({ [BUS]: "unix:path=/elsewhere/bus" });
    expect(await addWith("unix:abstract=/tmp/dbus-x")).toEqual({ [BUS]: "unix:abstract=/tmp/dbus-x" });
    await clients("remove", "cursor,codex");
    expect(existsSync(join(home, ".codex"))).toBe(false);
  });

  test("puts what variables limit into the entry, and a flag beats them", async () => {
    const env = { HOME: home, AUTH0_MCP_READ_ONLY: "1", AUTH0_MCP_TENANT: "acme.eu.auth0.com" };
    const argsOf = async (...flags: string[]) => {
      expect((await run(["clients", "add", "cursor", ...flags], { env, cwd: home })).code).toBe(0);
      return JSON.parse(read(...cursorFile)).mcpServers.auth0.args;
    };
    expect(await argsOf()).toEqual(["run", "--tenant", "acme.eu.auth0.com", "--read-only"]);
    expect(await argsOf("--read-only=false", "--tenant", "other.eu.auth0.com")).toEqual([
      ...["run", "--tenant", "other.eu.auth0.com"],
    ]);
    const refused = await run(["clients", "add", "cursor"], { env: { ...env, AUTH0_MCP_TENANT: "acme" } });
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("AUTH0_MCP_TENANT") });
  });

  test("takes the path that is on the PATH, where that leads to this executable", async () => {
    mkdirSync(join(home, "bin"));
    symlinkSync(program, join(home, "bin", "auth0-mcp"));
    const env = bareEnvironment({ HOME: home, PATH: `${join(home, "bin")}:/usr/bin:/bin` });
    await run(["clients", "add", "cursor"], { env, cwd: home });
    expect(JSON.parse(read(...cursorFile)).mcpServers.auth0.command).toBe(join(home, "bin", "auth0-mcp"));
  });

  test("a second time changes nothing, and other flags are an update", async () => {
    await clients("add", "cursor");
    const before = read(...cursorFile);
    expect((await clients("add", "cursor")).stderr).toContain("already");
    expect(read(...cursorFile)).toBe(before);
    const { stderr } = await clients("add", "cursor", "--read-only");
    expect(stderr).toContain("Cursor: updated auth0");
    expect(stderr).toContain(`It started before: ${program} run\n`);
  });

  test("several clients, projects and names", async () => {
    mkdirSync(join(home, "app"));
    const { code } = await clients(
      "add",
      "claude-code,vscode",
      "--project",
      "app",
      "--name",
      "auth0-staging",
    );
    expect(code).toBe(0);
    expect(JSON.parse(read("app", ".mcp.json")).mcpServers["auth0-staging"].type).toBe("stdio");
    expect(JSON.parse(read("app", ".vscode", "mcp.json")).servers["auth0-staging"].command).toBe(program);
  });

  test("replaces the Node.js server's entry, keeps its env and says so", async () => {
    const args = ["-y", "@auth0/auth0-mcp-server", "run"];
    const entry = { command: "npx", args, env: { DEBUG: "auth0-mcp" }, disabled: true };
    writeFileSync(join(home, ...cursorFile), JSON.stringify({ mcpServers: { auth0: entry } }));
    const { stderr } = await clients("add", "cursor");
    expect(stderr).toContain("replaces the entry of the Node.js server");
    expect(stderr).toContain("It started before: npx -y @auth0/auth0-mcp-server run\n");
    expect(JSON.parse(read(...cursorFile)).mcpServers.auth0).toEqual({
      command: program,
      args: ["run"],
      env: { DEBUG: "auth0-mcp" },
      disabled: true,
    });
  });

  test("keeps the limits that the Node.js server had, and a flag beats them", async () => {
    const limited = ["-y", "@auth0/auth0-mcp-server", "run", "--read-only", "--tools", "auth0_list_*"];
    const addWith = async (args: readonly string[], ...flags: string[]) => {
      const text = JSON.stringify({ mcpServers: { auth0: { command: "npx", args } } });
      writeFileSync(join(home, ...cursorFile), text);
      const ran = await clients("add", "cursor", ...flags);
      return { ...ran, text, args: JSON.parse(read(...cursorFile)).mcpServers.auth0.args };
    };
    const kept = await addWith(limited);
    expect(kept.args).toEqual(["run", "--tools", "auth0_list_*", "--read-only"]);
    expect(kept.stderr).toContain("Its limits hold on: --read-only --tools auth0_list_*\n");
    expect(kept.stderr).toContain(`It started before: npx ${limited.join(" ")}\n`);
    expect((await addWith(limited, "--read-only=false", "--tools", "*log*")).args).toEqual([
      ...["run", "--tools", "*log*"],
    ]);
    for (const tools of [["--tools", "no_such_tool"], ["--tools="], ["--tools"]]) {
      const refused = await addWith(["@auth0/auth0-mcp-server", "run", ...tools]);
      expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("--tools") });
      expect(read(...cursorFile)).toBe(refused.text);
    }
  });

  test("a project's file works here, and what is one person's own in it is told", async () => {
    mkdirSync(join(home, "team"));
    const env = { HOME: home, XDG_CONFIG_HOME: join(home, "elsewhere") };
    const { stderr } = await run(["clients", "add", "cursor", "--project", "team"], { env, cwd: home });
    const { XDG_CONFIG_HOME } = env;
    expect(JSON.parse(read("team", ".cursor", "mcp.json")).mcpServers.auth0).toEqual({
      ...{ command: program, args: ["run"], env: { XDG_CONFIG_HOME } },
    });
    expect(stderr).toContain("others of the project need the program there");
    expect(stderr).toContain("It sets XDG_CONFIG_HOME as you have it");
  });

  test("says of a client that is not there that it is not, once and again", async () => {
    const missing = "Zed does not seem to be installed here.";
    expect((await clients("add", "zed,cursor")).stderr.match(/does not seem/g)).toHaveLength(1);
    const again = await clients("add", "zed", "--read-only");
    expect(again.stderr).toContain(missing);
    expect((await clients("list")).stdout).toMatch(/^zed +no +yes /m);
    writeFileSync(join(home, ".config", "zed", "keymap.json"), "[]");
    expect((await clients("add", "zed")).stderr).not.toContain(missing);
    expect((await clients("list")).stdout).toMatch(/^zed +yes +yes /m);
  });

  test("says what a client asks for in a project", async () => {
    expect((await clients("add", "codex", "--scope", "project")).stderr).toContain(
      "Trust the project in Codex",
    );
    expect((await clients("add", "codex", "--name", "auth0-two")).stderr).not.toContain("Trust");
  });

  test("tells scripts what was done, or what was not and why", async () => {
    const { stdout, stderr } = await clients("add", "cursor,codex", "--json");
    expect({ stdout: JSON.parse(stdout), stderr }).toEqual({
      stdout: {
        clients: [
          {
            ...{ id: "cursor", name: "auth0", scope: "user", file: join(home, ...cursorFile), change: "add" },
            ...{ installed: true, next: expect.stringContaining("Cursor") },
          },
          {
            ...{ id: "codex", name: "auth0", scope: "user", file: join(home, ".codex", "config.toml") },
            ...{ change: "add", installed: false, next: expect.stringContaining("Codex") },
          },
        ],
      },
      stderr: "",
    });
    expect(stdout.trim().split("\n")).toHaveLength(1);
    writeFileSync(join(home, ".claude.json"), "{");
    const failed = await clients("add", "cursor,claude-code", "--read-only", "--json");
    expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining("cannot be parsed") });
    expect(JSON.parse(failed.stdout)).toEqual({
      clients: [
        { id: "cursor", name: "auth0", scope: "user" },
        { id: "claude-code", name: "auth0", scope: "user" },
      ],
      error: {
        code: "client_file",
        message: expect.stringContaining(".claude.json:1"),
        hint: expect.stringContaining("Nothing was written"),
      },
    });
    const removed = await clients("remove", "cursor,codex,zed", "--json");
    const { clients: gone }: { clients: JsonObject[] } = JSON.parse(removed.stdout);
    expect(gone.map(({ change }) => change)).toEqual(["remove", "remove", "nothing"]);
    expect(removed.stderr).toBe("");
  });

  test("what it writes is a server that a client can start", async () => {
    await clients("add", "cursor", "--read-only");
    const { command, args } = JSON.parse(read(...cursorFile)).mcpServers.auth0;
    const listed = Bun.spawnSync([command, "tools", "list", ...args.slice(1)], { env: bareEnvironment() });
    expect(listed.exitCode).toBe(0);
  });
});

describe("clients remove", () => {
  test("gives the original bytes back, and removes files that hold nothing else", async () => {
    const before = '// mine\r\n{\r\n\t"theme": "dark", // no comma\r\n}';
    mkdirSync(join(home, ".config", "zed"), { recursive: true });
    writeFileSync(join(home, ".config", "zed", "settings.json"), before);
    await clients("add", "zed,codex,goose");
    expect(read(".config", "zed", "settings.json")).not.toBe(before);
    const { code, stderr } = await clients("remove", "zed,codex,goose");
    expect(code).toBe(0);
    expect(read(".config", "zed", "settings.json")).toBe(before);
    expect(stderr).toContain("Zed: removed auth0 from ~/.config/zed/settings.json");
    expect(stderr).toContain("Codex: removed ~/.codex/config.toml, which held nothing else");
    expect(await Bun.file(join(home, ".codex")).exists()).toBe(false);
  });

  test("nothing to remove is told in one plain line, and is no failure", async () => {
    const finished = await clients("remove", "cursor");
    expect(finished).toEqual({
      code: 0,
      stdout: "",
      stderr: "Cursor: there is no auth0 in ~/.cursor/mcp.json\n",
    });
  });
});

describe("an entry that is not ours", () => {
  const secret = "sk-canary-of-another";
  const entries: readonly (readonly [owner: string, command: string | null, entry: unknown])[] = [
    ["other", "npx", { command: "npx", args: ["--header", `Bearer ${secret}`], env: { KEY: secret } }],
    ["other", "docker", { command: `docker run -e KEY=${secret} image` }],
    ["remote", null, { url: `https://example.com/?key=${secret}` }],
  ];

  test.each(entries)(
    "%s: is not touched by any command, and its secrets are not told",
    async (owner, command, entry) => {
      const before = JSON.stringify({ mcpServers: { auth0: entry } });
      writeFileSync(join(home, ...cursorFile), before);
      for (const words of [["add"], ["remove"], ["add", "--json"], ["remove", "--json"]]) {
        const { code, stdout, stderr } = await clients(words[0] ?? "", "cursor,codex", ...words.slice(1));
        expect({ words, code }).toEqual({ words, code: 1 });
        expect(stderr).toContain('has an entry "auth0" that starts');
        expect(stderr.includes("--name auth0-mcp")).toBe(words[0] === "add");
        expect(stdout + stderr).not.toContain(secret);
        expect(read(...cursorFile)).toBe(before);
      }
      expect(existsSync(join(home, ".codex"))).toBe(false);
      const [text, json] = [await clients("list"), await clients("list", "--json")];
      expect(text.stdout + json.stdout).not.toContain(secret);
      expect(text.stdout).toMatch(/^cursor +yes +other +~\/\.cursor\/mcp\.json\n +auth0: \S/m);
      expect(json.stdout).toContain(JSON.stringify({ name: "auth0", owner, command, args: null }));
      expect((await clients("add", "cursor", "--name", "auth0-mcp")).code).toBe(0);
      await clients("remove", "cursor", "--name", "auth0-mcp");
      expect(read(...cursorFile)).toBe(before);
    },
  );
});

describe("clients list and show", () => {
  test("list tells what is installed, what is configured, where and how", async () => {
    await clients("add", "cursor", "--read-only");
    await clients("add", "codex", "--scope", "project", "--name", "auth0-two");
    const { code, stdout, stderr } = await clients("list");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^cursor +yes +yes +~\/\.cursor\/mcp\.json\n +auth0: run --read-only$/m);
    expect(stdout).toMatch(/^codex +no +yes +~\/\.codex\/config\.toml\n +auth0-two: run$/m);
    expect(stdout).toMatch(/^zed +no +no +~\/\.config\/zed\/settings\.json$/m);
  });

  test("list stays within 100 columns, whatever the entries hold", async () => {
    const globs = ["auth0_list_*", "auth0_get_*", "auth0_create_application", "auth0_update_application"];
    await clients("add", "roo,cursor", "--tenant", "acme.eu.auth0.com", "--tools", globs[0] ?? "");
    await clients("add", "roo", "--name", "auth0-two", "--exclude-tools", globs.join(","), "--read-only");
    const { stdout } = await clients("list");
    const long = stdout
      .split("\n")
      .filter((line) => line.length > 100 && !line.trim().includes(globs.join(",")));
    expect(long).toEqual([]);
    expect(stdout).toMatch(/^roo .* ~\/\.config\/Code\/.*\/…\/mcp_settings\.json$/m);
    expect(stdout).toContain("  auth0: run --tenant acme.eu.auth0.com --tools auth0_list_*\n");
  });

  test("list --json has the documented shape", async () => {
    await clients("add", "cursor");
    writeFileSync(join(home, ".claude.json"), "[");
    const { stdout } = await clients("list", "--json");
    const { clients: all }: { clients: JsonObject[] } = JSON.parse(stdout);
    expect(all).toHaveLength(17);
    expect(all.find(({ id }) => id === "cursor")).toEqual({
      id: "cursor",
      name: "Cursor",
      installed: true,
      configured: true,
      scopes: ["user", "project"],
      files: [
        {
          scope: "user",
          path: join(home, ...cursorFile),
          exists: true,
          entries: [{ name: "auth0", owner: "ours", command: program, args: ["run"] }],
        },
      ],
    });
    expect(all.find(({ id }) => id === "claude-code")).toMatchObject({
      configured: false,
      files: [
        { exists: true, entries: [], problem: expect.stringContaining("cannot be parsed") },
        { scope: "project" },
      ],
    });
  });

  test("show prints the snippet on stdout and writes nothing", async () => {
    const { code, stdout, stderr } = await clients("show", "codex", "--read-only");
    expect(code).toBe(0);
    expect(Bun.TOML.parse(stdout)).toMatchObject({
      mcp_servers: { auth0: { command: program, args: ["run", "--read-only"] } },
    });
    expect(stderr).toContain("~/.codex/config.toml");
    expect(await Bun.file(join(home, ".codex", "config.toml")).exists()).toBe(false);
  });

  test("show has what a new file needs beside the entry, and leaves it out for one that is there", async () => {
    const snippet = async () => (await clients("show", "continue")).stdout;
    expect(Bun.YAML.parse(await snippet())).toMatchObject({
      ...{ name: expect.any(String), version: expect.any(String), schema: "v1" },
      mcpServers: [{ name: "auth0", command: program }],
    });
    mkdirSync(join(home, ".continue"));
    writeFileSync(join(home, ".continue", "config.yaml"), "name: mine\n");
    expect(Object.keys(Bun.YAML.parse(await snippet()) ?? {})).toEqual(["mcpServers"]);
  });
});

describe("a mistake is exit 2, and nothing is written", () => {
  const mistakes: readonly (readonly [words: readonly string[], told: string])[] = [
    [["add"], "IDS is missing"],
    [["add", "curser"], "Did you mean cursor?"],
    [["add", "cursor,"], "There is no client"],
    [["add", "cursor,nothing"], 'There is no client "nothing"'],
    [["add", "cursor", "--scope", "machine"], "--scope cannot be"],
    [["add", "goose", "--scope", "project"], "goose has no files in projects"],
    [["add", "cursor,goose", "--scope", "project"], "goose has no files in projects"],
    [["add", "cursor", "--scope", "user", "--project", "."], "--project goes with --scope project"],
    [["add", "cursor", "--project", "nowhere"], "is no folder"],
    [["add", "cursor", "--name", "my_server"], "--name cannot be"],
    [["add", "cursor", "--name", "-x"], "--name needs a value"],
    [["add", "cursor", "--tools", "auth0_lst_*"], "no tool matches"],
    [["add", "cursor", "--tools", ","], "--tools"],
    [["add", "cursor", "--exclude-tools", "*"], "No tool is left"],
    [["add", "cursor", "--tools", "auth0_create_*", "--read-only"], "No tool is left"],
    [["add", "cursor", "--tenant", "acme"], "--tenant is not a tenant domain"],
    [["remove", "cursor", "--tools", "*"], "Unknown flag --tools"],
    [["show", "cursor,zed"], "takes one client"],
    [["lst"], "Did you mean list?"],
    [[], "USAGE"],
  ];
  test.each(mistakes)("%j", async (words, told) => {
    const { code, stdout, stderr } = await clients(...words);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(told);
    expect(await Bun.file(join(home, ...cursorFile)).exists()).toBe(false);
  });
});

test("a file that cannot be edited stops the command before any other is written", async () => {
  writeFileSync(join(home, ".claude.json"), '{\n  "a": 1,,\n}');
  const { code, stdout, stderr } = await clients("add", "cursor,claude-code", "--read-only");
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain(`${join(home, ".claude.json")}:2 cannot be parsed as JSON`);
  expect(stderr).toContain('"type": "stdio"');
  expect(stderr).toContain(program);
  expect(read(".claude.json")).toBe('{\n  "a": 1,,\n}');
  expect(await Bun.file(join(home, ...cursorFile)).exists()).toBe(false);
});
