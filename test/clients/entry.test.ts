import { describe, expect, test } from "bun:test";
import {
  entryFields,
  environmentOf,
  launchOf,
  nodeServerArguments,
  type Owner,
  ownerOf,
  passedOn,
  programOf,
  type Shape,
  startedBy,
} from "../../src/clients/entry.ts";
import type { JsonObject } from "../../src/lib/json.ts";
import { launch } from "./support.ts";

const { command } = launch;
const args = [...launch.args];

const shapes: readonly (readonly [Shape, JsonObject])[] = [
  ["plain", { command, args }],
  ["stdio", { type: "stdio", command, args }],
  ["codex", { command, args }],
  ["local", { type: "local", command: [command, ...args] }],
  ["goose", { name: "auth0", enabled: true, type: "stdio", cmd: command, args }],
];

describe("a new entry holds what was asked for and nothing else", () => {
  test.each(shapes)("%s", (shape, expected) => {
    expect(entryFields(shape, "auth0", launch, undefined, [])).toEqual(expected);
  });

  test("Codex passes variables on by name", () => {
    const fields = entryFields("codex", "auth0", launch, undefined, ["DBUS_SESSION_BUS_ADDRESS"]);
    expect(fields["env_vars"]).toEqual(["DBUS_SESSION_BUS_ADDRESS"]);
  });

  test.each([
    ["plain", "env"],
    ["stdio", "env"],
    ["codex", "env"],
    ["local", "environment"],
    ["goose", "envs"],
  ] as const)("variables of %s stand under %s", (shape, key) => {
    const fields = entryFields(shape, "auth0", { ...launch, env: { A: "1" } }, undefined, []);
    expect(fields[key]).toEqual({ A: "1" });
    expect(environmentOf(fields)).toEqual({ A: "1" });
  });
});

describe("an entry that is there", () => {
  test("keeps variables beside those that are set", () => {
    const existing = { command: "x", env: { A: "old", B: "kept" } };
    const fields = entryFields("plain", "auth0", { ...launch, env: { A: "new" } }, existing, []);
    expect(fields["env"]).toEqual({ A: "new", B: "kept" });
    expect(entryFields("plain", "auth0", launch, existing, [])).not.toHaveProperty("env");
  });

  test("keeps the names that Codex passes on, each once", () => {
    const existing = { command: "x", env_vars: ["HTTPS_PROXY", "DBUS_SESSION_BUS_ADDRESS"] };
    const fields = entryFields("codex", "auth0", launch, existing, ["DBUS_SESSION_BUS_ADDRESS"]);
    expect(fields["env_vars"]).toEqual(["HTTPS_PROXY", "DBUS_SESSION_BUS_ADDRESS"]);
    expect(passedOn(fields)).toEqual(["HTTPS_PROXY", "DBUS_SESSION_BUS_ADDRESS"]);
  });

  test("is not switched on again in goose", () => {
    const existing = { cmd: "x", enabled: false, name: "Auth0" };
    expect(entryFields("goose", "auth0", launch, existing, [])).toEqual({
      type: "stdio",
      cmd: command,
      args,
    });
  });
});

const owners: readonly (readonly [Owner, JsonObject])[] = [
  ["ours", { command: "/opt/auth0-mcp", args: ["run"] }],
  ["ours", { command: "C:\\Tools\\auth0-mcp.exe" }],
  ["ours", { command: ["/opt/auth0-mcp", "run"] }],
  ["ours", { cmd: "auth0-mcp" }],
  ["node-server", { command: "npx", args: ["-y", "@auth0/auth0-mcp-server", "run"] }],
  ["node-server", { command: "npx", args: ["@auth0/auth0-mcp-server@1.2.3", "run"] }],
  ["node-server", { command: "cmd", args: ["/c", "npx", "-y", "@auth0/auth0-mcp-server"] }],
  ["node-server", { command: ["bunx", "@auth0/auth0-mcp-server"] }],
  ["node-server", { command: "/usr/lib/node_modules/.bin/auth0-mcp-server" }],
  // Run from its source, and so in this test, this program is not called by its own name.
  ["ours", { command: process.execPath, args: [Bun.main, "run"] }],
  ["other", { command: process.execPath, args: ["/other/main.ts"] }],
  ["other", { command: "docker", args: ["run", "auth0"] }],
  ["other", { command: "/opt/auth0-mcp-proxy" }],
  ["remote", { type: "http", url: "https://example.com/mcp" }],
  ["remote", {}],
];

describe("whose server an entry starts", () => {
  test.each(owners)("%s", (owner, entry) => {
    expect(ownerOf(entry)).toBe(owner);
  });

  test("what it starts is read from every shape", () => {
    for (const shape of ["plain", "stdio", "codex", "local", "goose"] as const) {
      expect(launchOf(entryFields(shape, "auth0", launch, undefined, []))).toEqual(launch);
    }
  });
});

describe("what people are told that an entry starts", () => {
  const secret = "sk-canary";

  test("is all of it when it is ours", () => {
    expect(startedBy({ command: "/opt/auth0-mcp", args: ["run", "--read-only"] })).toBe(
      "/opt/auth0-mcp run --read-only",
    );
  });

  test("is what the Node.js server was given, but no secret", () => {
    const words = ["-y", "@auth0/auth0-mcp-server", "run", "--read-only", "--tools", "auth0_list_*"];
    expect(startedBy({ command: "npx", args: words })).toBe(`npx ${words.join(" ")}`);
    const server = "@auth0/auth0-mcp-server";
    expect(startedBy({ command: "npx", args: [server, "--client-secret", secret, "run"] })).toBe(
      `npx ${server} --client-secret … run`,
    );
    expect(startedBy({ command: "env", args: [`X=${secret}`, server, `--token=${secret}`] })).toBe(
      `env X=… ${server} --token=…`,
    );
  });

  test("the Node.js server's own arguments stand behind its name", () => {
    expect(nodeServerArguments({ command: ["npx", "-y", "@auth0/auth0-mcp-server", "run"] })).toEqual([
      "run",
    ]);
    expect(nodeServerArguments({ command: "/opt/auth0-mcp", args: ["run"] })).toBeUndefined();
  });

  test.each([
    [{ command: "/usr/bin/npx", args: ["--header", `Bearer ${secret}`] }, "/usr/bin/npx"],
    [{ command: ["docker", "run", "-e", `TOKEN=${secret}`] }, "docker"],
    [{ cmd: `npx other --client-secret ${secret}` }, "npx"],
    [{ command: `TOKEN=${secret} npx other` }, "TOKEN"],
    [{ command: `/opt/proxy ${secret}` }, "/opt/proxy"],
    [{ command: `C:\\Program Files\\nodejs\\npx.cmd ${secret}` }, "C:\\Program Files\\nodejs\\npx.cmd"],
    [{ url: `https://example.com/?key=${secret}` }, undefined],
  ])("is the program alone when it is another's: %j", (entry, told) => {
    expect(startedBy(entry)).toBe(told);
    expect(programOf(entry)).toBe(told);
  });
});
