import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../../scripts/build.ts";
import type { Command } from "../../src/cli/command.ts";
import { SHELLS } from "../../src/cli/completion/shells.ts";
import { argumentSources, flagSources } from "../../src/cli/completion/sources.ts";
import { root } from "../../src/cli/root.ts";
import { clients } from "../../src/clients/table.ts";
import { configFolder } from "../../src/config/paths.ts";
import { registry } from "../../src/tools/registry.ts";
import { run } from "./harness.ts";

const home = mkdtempSync(join(tmpdir(), "auth0-mcp-"));
afterAll(() => rmSync(home, { recursive: true }));
const environment = { XDG_CONFIG_HOME: home, HOME: home, APPDATA: home };

const profile = (domain: string) => ({
  domain,
  url: `https://${domain}`,
  method: "device",
  authority: "https://auth0.auth0.com",
  client_id: "id",
  audience: `https://${domain}/api/v2/`,
  store: "file",
  signed_in_at: "2026-01-01T00:00:00.000Z",
});
await Bun.write(
  join(configFolder(environment), "tenants.json"),
  JSON.stringify({
    version: 1,
    current: "acme.eu.auth0.com",
    tenants: [profile("acme.eu.auth0.com"), profile("acme-dev.eu.auth0.com")],
  }),
);

/** The candidates for words of which the last is being typed, without what they mean. */
async function complete(...words: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await run(["complete", "--", ...words], environment);
  expect([code, stderr]).toEqual([0, ""]);
  return stdout === "" ? [] : stdout.split("\n").map((line) => line.split("\t")[0] ?? "");
}

const names = registry.map(({ name }) => name);

describe("commands", () => {
  test("all of them, and help, but never the callback itself", async () => {
    const found = await complete("");
    expect(found).toEqual([...Object.keys(root.children ?? {}), "help"]);
    expect(found).not.toContain("complete");
    expect((await run(["--help"])).stdout).not.toMatch(/^ +complete\b/m);
  });

  test.each([
    [["tenan"], ["tenants"]],
    [["tools", "sh"], ["show"]],
    [["help", "tools", "c"], ["call"]],
    [["nonsense", ""], []],
    [["constructor", ""], []],
    [["tools", "list", "x"], []],
    [["help", "run", ""], []],
    [["--v"], ["--version"]],
    [["tools", "-"], ["--help"]],
  ])("%j", async (words, expected) => {
    expect((await complete(...words)).filter((word) => word.startsWith(words.at(-1) ?? ""))).toEqual(
      expected,
    );
  });

  test("say what they do, behind a tab", async () => {
    const { stdout } = await run(["complete", "--", "sessio"]);
    expect(stdout).toMatch(/^session\tShow [^\t\n]+$/);
  });
});

describe("flags", () => {
  test("of the command, those that are not given yet, in the form that help shows", async () => {
    expect(await complete("run", "--")).toEqual([
      ...["--tools", "--exclude-tools", "--read-only", "--tenant", "--sandbox", "--help"],
    ]);
    expect(await complete("run", "--read-only", "--tools", "*", "--")).toEqual([
      ...["--exclude-tools", "--tenant", "--sandbox", "--help"],
    ]);
    expect(await complete("login", "--no")).toEqual(["--no-interaction"]);
    expect(await complete("login", "--no-interaction", "--no")).toEqual([]);
  });

  test("where no argument is left, without a dash as well", async () => {
    expect(await complete("session", "")).toEqual(["--json", "--min-ttl", "--tenant"]);
  });

  test("none behind --, and none in place of a value", async () => {
    expect(await complete("run", "--", "--")).toEqual([]);
    expect(await complete("session", "--min-ttl", "--")).toEqual([]);
  });

  test.each([
    [
      ["sandbox", "--seed", ""],
      ["demo", "empty"],
    ],
    [["sandbox", "--seed", "e"], ["empty"]],
    [["sandbox", "--seed=e"], ["--seed=empty"]],
    [
      ["run", "--read-only="],
      ["--read-only=true", "--read-only=false"],
    ],
    [["clients", "add", "cursor", "--scope", "p"], ["project"]],
    [["run", "--nonsense="], []],
    [["tools", "call", "auth0_get_form", "--args-file", ""], [":files"]],
    [["tools", "call", "auth0_get_form", "--args-file=a"], [":files"]],
    [["login", "--auth0-private-key", "k"], [":files"]],
    [["clients", "add", "cursor", "--project", ""], [":folders"]],
  ])("%j", async (words, expected) => {
    expect(await complete(...words)).toEqual(expected);
  });
});

describe("tools", () => {
  test("every one, for show and call", async () => {
    expect(await complete("tools", "show", "")).toEqual(names);
    expect(await complete("tools", "call", "auth0_deploy")).toEqual(["auth0_deploy_action"]);
  });

  test("by toolset, where nothing is typed yet", async () => {
    const offered = await complete("run", "--tools", "");
    for (const toolset of new Set(registry.map((tool) => tool.toolset))) {
      const names = registry.filter((tool) => tool.toolset === toolset).map(({ name }) => name.slice(5));
      expect(offered).toContain(names.map((name) => `*${name}`).join(","));
    }
  });

  test("with globs, and one after the other, for patterns", async () => {
    expect(await complete("run", "--tools", "auth0_li")).toEqual([
      "auth0_list_*",
      ...names.filter((name) => name.startsWith("auth0_list_")),
    ]);
    expect(await complete("run", "--exclude-tools", "auth0_get_*,auth0_deploy")).toEqual([
      "auth0_get_*,auth0_deploy_action",
    ]);
    expect(await complete("run", "--tools=auth0_get_form,auth0_get_f")).toEqual([]);
    expect(await complete("run", "--tools=auth0_get_log,auth0_get_f")).toEqual([
      "--tools=auth0_get_log,auth0_get_form",
    ]);
  });

  test("every pattern that is offered is one that run takes", async () => {
    for (const pattern of await complete("run", "--tools", "")) {
      expect((await run(["tools", "list", "--tools", pattern])).code).toBe(0);
    }
  });

  test("every scope that is offered is one that login takes", async () => {
    const { selectScopes } = await import("../../src/auth/scopes.ts");
    const declared = registry.flatMap((tool) => tool.scopes);
    for (const scope of await complete("login", "--scopes", "")) {
      expect(() => selectScopes(scope, { declared, needed: undefined, readOnly: false })).not.toThrow();
    }
  });
});

test("clients, one after the other", async () => {
  expect(await complete("clients", "add", "")).toEqual(clients.map(({ id }) => id));
  expect(await complete("clients", "remove", "cursor,claude-c")).toEqual(["cursor,claude-code"]);
  expect(await complete("clients", "remove", "cursor", "claude-c")).toEqual(["claude-code"]);
  expect(await complete("clients", "show", "cursor,")).toEqual([]);
  expect(await complete("clients", "show", "cursor", "c")).toEqual([]);
  expect(await complete("init", "--client", "cursor,claude-c")).toEqual(["cursor,claude-code"]);
  expect(await complete("init", "--client", "cursor,")).not.toContain("cursor,none");
  expect(await complete("init", "--client", "")).toEqual([...clients.map(({ id }) => id), "none"]);
});

test("tenants one is signed in to", async () => {
  const both = ["acme.eu.auth0.com", "acme-dev.eu.auth0.com"];
  for (const words of [
    ["tenants", "use"],
    ["tenants", "remove"],
    ["run", "--tenant"],
    ["logout", "--tenant"],
  ]) {
    expect(await complete(...words, "")).toEqual(both);
    expect(await complete(...words, "acme-")).toEqual(["acme-dev.eu.auth0.com"]);
  }
  const { stdout } = await run(["complete", "--", "tenants", "use", "acme."], environment);
  expect(stdout).toBe("acme.eu.auth0.com\tThe current tenant");
});

test("a damaged list of tenants prints no candidates and fails", async () => {
  const folder = mkdtempSync(join(tmpdir(), "auth0-mcp-"));
  const damaged = { XDG_CONFIG_HOME: folder, HOME: folder, APPDATA: folder };
  await Bun.write(join(configFolder(damaged), "tenants.json"), "{");
  expect(await run(["complete", "--", "tenants", "use", ""], damaged)).toMatchObject({ code: 1, stdout: "" });
  rmSync(folder, { recursive: true });
});

test("the callback wants its mark, and takes PowerShell's empty word", async () => {
  expect(await run(["complete", "tools"])).toMatchObject({ code: 2, stdout: "" });
  expect(await complete("tools", '""')).toEqual(await complete("tools", ""));
});

describe("completion", () => {
  test.each(SHELLS.map((shell) => [shell]))("%s: a script that calls back", async (shell) => {
    const { code, stdout, stderr } = await run(["completion", shell]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/complete -- /);
    expect(stdout).not.toMatch(/undefined|\/work|node_modules/);
  });

  test("of another shell is exit 2", async () => {
    expect(await run(["completion", "fsh"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("fish"),
    });
    expect(await run(["completion", "csh"])).toMatchObject({ code: 2, stdout: "" });
  });
});

/** Every argument and every flag of the tree, as the sources name them. */
async function places(command: Command = root, path: readonly string[] = []): Promise<string[]> {
  const own = Object.entries(command.args).map(([name, { type }]) =>
    type === "positional" ? [...path, name].join(" ") : `--${name}`,
  );
  const below = Object.entries(command.children ?? {}).map(async ([name, load]) =>
    places(await load(), [...path, name]),
  );
  return [...own, ...(await Promise.all(below)).flat()];
}

describe("the live tree", () => {
  test("every argument has a source, and no source is for a place that is gone", async () => {
    const all = await places();
    const positionals = all.filter((place) => !place.startsWith("--"));
    expect(positionals.filter((place) => !argumentSources.has(place))).toEqual([]);
    expect([...argumentSources.keys()].filter((place) => !all.includes(place))).toEqual([]);
    expect([...flagSources.keys()].filter((flag) => !all.includes(`--${flag}`))).toEqual([]);
  });

  test("neither zod nor the MCP SDK is loaded to complete", async () => {
    const lines = [
      ["run", "--tools", ""],
      ["tools", "show", ""],
      ["tools", "list", "--"],
      ["login", "--"],
      ["session", "--"],
      ["tenants", "use", ""],
      ["sandbox", "--"],
    ];
    const script = `
      const { runCli } = await import("${ROOT}/src/cli/root.ts");
      const output = { data: async () => {}, json: async () => {}, note() {}, progress() {}, stdoutIsTerminal: false };
      const invocation = { environment: { HOME: "/nonexistent" }, output, interrupt: new AbortController().signal };
      const heavy = () => Object.keys(require.cache).filter((file) => /node_modules\\/(zod|@modelcontextprotocol)\\//.test(file));
      for (const line of ${JSON.stringify(lines)}) await runCli(["complete", "--", ...line], invocation);
      const loaded = heavy();
      await import("zod");
      process.stdout.write(JSON.stringify({ loaded, seen: heavy().length > 0 }));`;
    const child = Bun.spawnSync([process.execPath, "-e", script], { cwd: ROOT, stderr: "pipe" });
    expect(child.stderr.toString()).toBe("");
    expect(JSON.parse(child.stdout.toString())).toEqual({ loaded: [], seen: true });
  });
});
