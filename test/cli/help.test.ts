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

test("the help of the program tells every variable that stands for no flag", async () => {
  const help = stripVTControlCharacters(await renderHelp(root, []));
  for (const option of Object.values<Option>(options)) {
    if (option.flag === undefined) expect(help).toContain(option.variable ?? "nothing");
  }
  expect(
    stripVTControlCharacters(await renderHelp((await resolveCommand(root, ["run"])).command, ["run"])),
  ).not.toContain("VARIABLES");
});
