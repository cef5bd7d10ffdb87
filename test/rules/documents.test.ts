import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import manifest from "../../package.json" with { type: "json" };
import { ROOT } from "../../scripts/build.ts";
import type { Command } from "../../src/cli/command.ts";
import { root } from "../../src/cli/root.ts";
import { resolveCommand } from "../../src/cli/tree.ts";
import { options } from "../../src/config/options.ts";

const documents = readdirSync(ROOT).filter((file) => file.endsWith(".md"));
const read = (file: string) => readFileSync(join(ROOT, file), "utf8");

async function everyCommand(command: Command = root): Promise<Command[]> {
  const below = await Promise.all(
    Object.values(command.children ?? {}).map(async (load) => everyCommand(await load())),
  );
  return [command, ...below.flat()];
}

describe.each(documents)("%s", (file) => {
  const text = read(file);

  test("names only commands that exist", async () => {
    for (const [, words = ""] of text.matchAll(/auth0-mcp ((?:[a-z]+ ?)+)/g)) {
      const [first] = words.trim().split(" ");
      if (first === undefined || !Object.hasOwn(root.children ?? {}, first)) continue;
      await resolveCommand(root, words.trim().split(" "));
    }
    for (const [, command = ""] of text.matchAll(/`auth0-mcp ([a-z]+)/g)) {
      expect({ file, command, known: Object.hasOwn(root.children ?? {}, command) }).toMatchObject({
        known: true,
      });
    }
  });

  test("names only flags that exist", async () => {
    const known = new Set(["help", "version", "from-source"]);
    for (const command of await everyCommand()) for (const flag of Object.keys(command.args)) known.add(flag);
    const named = [...text.matchAll(/(?<![\w-])--([a-z][a-z0-9-]+)/g)].map(([, flag = ""]) => flag);
    expect(named.filter((flag) => !known.has(flag))).toEqual([]);
  });

  test("names only variables that exist", () => {
    const known = new Set(
      Object.values(options).flatMap((option) => ("variable" in option ? [option.variable] : [])),
    );
    const named = [...text.matchAll(/\bAUTH0_[A-Z_]+\b/g)].map(([variable]) => variable);
    expect(named.filter((variable) => ![...known].some((name) => name === variable))).toEqual([]);
  });

  test("names only npm scripts that exist", () => {
    for (const [, script = ""] of text.matchAll(/npm (?:run )?(test|(?<=run )[a-z]+)/g)) {
      expect(Object.keys(manifest.scripts)).toContain(script);
    }
  });

  test("links only to files that exist", () => {
    for (const [, target = ""] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
      expect({ target, exists: existsSync(join(ROOT, target)) }).toEqual({ target, exists: true });
    }
  });
});

test("the README tells every option and every exit code", () => {
  const text = read("README.md");
  for (const option of Object.values(options)) {
    if ("flag" in option) expect(text).toContain(`--${option.flag}`);
    if ("variable" in option) expect(text).toContain(option.variable);
  }
  for (const code of [0, 1, 2, 3, 4, 5, 130, 143]) expect(text).toMatch(new RegExp(`\\b${code} [a-z]`));
});
