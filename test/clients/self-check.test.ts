import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findClient } from "../../src/clients/locate.ts";
import { type CheckOptions, clientEnvironment, selfCheck } from "../../src/clients/self-check.ts";
import { type Clock, systemClock } from "../../src/lib/clock.ts";
import type { JsonObject } from "../../src/lib/json.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "auth0-mcp-check-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const cursor = findClient("cursor");
const options: CheckOptions = {
  environment: { PATH: "/usr/bin:/bin", HOME: "/nonexistent" },
  platform: "linux",
  clock: systemClock,
  timeout: 60_000,
};

/** An entry that runs a program which answers line by line. */
function server(program: string): JsonObject {
  const file = join(folder, `${crypto.randomUUID()}.ts`);
  writeFileSync(file, program);
  return { command: process.execPath, args: [file] };
}

const replies = (initialized: string, listed: string) => `
for await (const line of console) {
  if (line === "") continue;
  const { id, method } = JSON.parse(line);
  if (method === "initialize") console.log('not json\\n' + JSON.stringify({ id, ${initialized} }));
  if (method === "tools/list") console.log(JSON.stringify({ id, ${listed} }));
}`;
const greeting = 'result: { serverInfo: { name: "auth0", version: "1.0" } }';

describe("an entry is started as its client would", () => {
  test("a server that answers is told with its tools", async () => {
    const entry = server(replies(greeting, 'result: { tools: [{ name: "a" }, { name: "b" }] }'));
    expect(await selfCheck(cursor, entry, options)).toEqual({ ok: true, server: "auth0 1.0", tools: 2 });
  });

  const failures: readonly (readonly [string, string, string, string])[] = [
    [
      "one that ends at once",
      'console.error("nobody is signed in"); process.exit(3);',
      "exit code 3",
      "nobody is signed in",
    ],
    [
      "one that refuses",
      replies('error: { code: -1, message: "no" }', "result: {}"),
      "refused to be initialised",
      "",
    ],
    ["one without tools", replies(greeting, "result: { tools: [] }"), "no tools", ""],
    ["one that dies when asked", replies(greeting, "...process.exit(7)"), "exit code 7", ""],
  ];
  test.each(failures)("%s fails", async (_, program, reason, stderr) => {
    const result = await selfCheck(cursor, server(program), options);
    expect(result).toMatchObject({ ok: false, reason: expect.stringContaining(reason), stderr });
  });

  test("a command that is not there fails", async () => {
    const result = await selfCheck(cursor, { command: join(folder, "none"), args: [] }, options);
    expect(result).toMatchObject({ ok: false, reason: expect.stringContaining("cannot be started") });
    expect(await selfCheck(cursor, {}, options)).toMatchObject({
      ok: false,
      reason: "the entry starts nothing",
    });
  });

  test("one that never answers is ended", async () => {
    const hasty: Clock = { now: () => 0, sleep: async () => Bun.sleep(0) };
    const result = await selfCheck(cursor, server("await Bun.sleep(600_000);"), { ...options, clock: hasty });
    expect(result).toMatchObject({ ok: false, reason: "it did not answer within 60 s" });
  });

  test("an interrupt ends the check", async () => {
    const interrupt = new AbortController();
    const checking = selfCheck(cursor, server("await Bun.sleep(600_000);"), {
      ...options,
      signal: interrupt.signal,
    });
    interrupt.abort();
    expect(await checking).toMatchObject({ ok: false, reason: "the check was interrupted" });
  });
});

describe("what a server sees of its client's environment", () => {
  const environment = {
    HOME: "/home/ann",
    PATH: "/bin",
    AUTH0_MCP_TOOLS: "*",
    MY_SECRET: "x",
    DBUS_SESSION_BUS_ADDRESS: "unix:path=/x",
    EDITOR: "vi",
  };
  const seenBy = (id: string, entry: JsonObject) =>
    Object.keys(clientEnvironment(findClient(id), entry, { environment, platform: "linux" })).sort();

  test("Claude Code hands everything on", () => {
    expect(seenBy("claude-code", {})).toEqual(Object.keys(environment).sort());
  });

  test("Gemini keeps back what sounds secret, unless the entry sets it", () => {
    expect(seenBy("gemini", {})).toEqual(["DBUS_SESSION_BUS_ADDRESS", "EDITOR", "HOME", "PATH"]);
    expect(seenBy("gemini", { env: { AUTH0_MCP_TOOLS: "x" } })).toContain("AUTH0_MCP_TOOLS");
  });

  test("Codex hands on no more than the essentials and what the entry names", () => {
    expect(seenBy("codex", {})).toEqual(["HOME", "PATH"]);
    expect(seenBy("codex", { env_vars: ["DBUS_SESSION_BUS_ADDRESS"] })).toEqual([
      "DBUS_SESSION_BUS_ADDRESS",
      "HOME",
      "PATH",
    ]);
  });

  test("names are compared as Windows does", () => {
    const seen = clientEnvironment(
      cursor,
      {},
      { environment: { Path: "C:\\", UserProfile: "C:\\U" }, platform: "win32" },
    );
    expect(seen).toEqual({ Path: "C:\\", UserProfile: "C:\\U" });
  });
});
