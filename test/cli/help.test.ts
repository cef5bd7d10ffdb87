import { describe, expect, test } from "bun:test";
import { stripVTControlCharacters } from "node:util";
import { strictArgs } from "../../src/cli/args.ts";
import type { Command } from "../../src/cli/command.ts";
import { renderHelp } from "../../src/cli/help.ts";
import { root } from "../../src/cli/root.ts";
import { resolveCommand } from "../../src/cli/tree.ts";
import { type Option, options } from "../../src/config/options.ts";
import { run } from "./harness.ts";

interface Found {
  readonly path: readonly string[];
  readonly command: Command;
}

async function everyCommand(command = root, path: readonly string[] = []): Promise<Found[]> {
  const children = Object.entries(command.children ?? {}).map(async ([name, load]) =>
    everyCommand(await load(), [...path, name]),
  );
  return [{ path, command }, ...(await Promise.all(children)).flat()];
}

const commands = await everyCommand();

describe.each(commands.map((found) => [found.path.join(" ") || "the root", found] as const))(
  "the help of %s",
  (_, { path, command }) => {
    test("says what it does, how to write it, and every flag", async () => {
      const help = stripVTControlCharacters(await renderHelp(command, path));
      expect(help).toContain(command.meta.description);
      expect(help).toContain(["auth0-mcp", ...path].join(" "));
      for (const [name, arg] of Object.entries(command.args)) {
        const negative = arg.type === "boolean" && arg.negativeDescription !== undefined;
        const flag = `--${negative ? "no-" : ""}${name}`;
        expect(help).toContain(arg.type === "positional" ? name.toUpperCase() : flag);
        expect(arg.description ?? "").not.toBe("");
      }
      for (const name of Object.keys(command.children ?? {})) expect(help).toContain(name);
      expect(help).not.toMatch(/undefined|\[object/);
    });

    test("is answered to --help, -h and help, on stdout, and nothing runs", async () => {
      const expected = stripVTControlCharacters(await renderHelp(command, path));
      for (const words of [
        [...path, "--help"],
        [...path, "-h"],
        ["help", ...path],
        [...path, "--unknown", "--help"],
      ]) {
        const { code, stdout, stderr } = await run(words);
        expect([code, stripVTControlCharacters(stdout), stderr]).toEqual([0, expected, ""]);
      }
    });

    test("gives examples that can be typed", async () => {
      for (const { type } of command.examples) {
        // What stands behind a redirection is the shell's.
        const typed = type.replace(/ [<|>] .*$/, "");
        const words = [...typed.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
          ([, a, b, c]) => a ?? b ?? c ?? "",
        );
        const resolved = await resolveCommand(root, words);
        expect(resolved.command.run).toBeDefined();
        expect(() => strictArgs(resolved.rest, resolved.command.args, "x")).not.toThrow();
      }
    });
  },
);

test("descriptions are sentences without a full stop, and names are the words that are typed", () => {
  for (const { path, command } of commands) {
    expect(command.meta.description).toMatch(/^[A-Z].*[^.]$/);
    if (path.length > 0) expect(command.meta.name).toBe(path.at(-1) ?? "");
    expect(command.run === undefined).toBe(command.children !== undefined);
  }
});

/** The variables that help names in a column of their own. */
async function variablesOf(path: readonly string[]): Promise<string[]> {
  const help = stripVTControlCharacters(await renderHelp((await resolveCommand(root, path)).command, path));
  return [...help.matchAll(/^ {2}([A-Z][A-Z0-9_]+) {2,}/gm)].map(([, name = ""]) => name);
}

test("the help of the program tells every variable that stands for no flag, and all that credentials take", async () => {
  const told = await variablesOf([]);
  for (const option of Object.values<Option>(options)) {
    if (option.flag === undefined) expect(told).toContain(option.variable ?? "nothing");
  }
  expect(told).toContain("AUTH0_CLIENT_SECRET");
  expect(told).toContain("AUTH0_CLIENT_PRIVATE_KEY_FILE");
  expect(new Set(told).size).toBe(told.length);
});

test.each([
  ["session", ["AUTH0_DOMAIN", "AUTH0_TOKEN", "AUTH0_CLIENT_ID", "AUTH0_CLIENT_SECRET"]],
  ["run", ["AUTH0_DOMAIN", "AUTH0_TOKEN", "AUTH0_CLIENT_PRIVATE_KEY_FILE", "AUTH0_AUDIENCE"]],
  ["tools call", ["AUTH0_DOMAIN", "AUTH0_TOKEN"]],
  ["tools list", ["AUTH0_DOMAIN", "AUTH0_TOKEN"]],
  ["doctor", ["AUTH0_DOMAIN", "AUTH0_TOKEN"]],
  ["login", ["AUTH0_MCP_LOGIN_DOMAIN", "AUTH0_MCP_STORE"]],
  ["init", ["AUTH0_MCP_LOGIN_DOMAIN", "AUTH0_MCP_STORE"]],
  ["upgrade", ["AUTH0_MCP_DOWNLOAD_URL"]],
  ["analytics", ["AUTH0_MCP_ANALYTICS", "DO_NOT_TRACK", "AUTH0_MCP_ANALYTICS_URL"]],
])("the help of %s tells the variables it heeds that have no flag there", async (words, expected) => {
  expect(await variablesOf(words.split(" "))).toEqual(expect.arrayContaining(expected));
});

test("the help of a command that heeds none has no place for them", async () => {
  expect(await variablesOf(["tenants", "list"])).toEqual([]);
});
