import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import manifest from "../../package.json" with { type: "json" };
import { ROOT } from "../../scripts/build.ts";
import type { Command } from "../../src/cli/command.ts";
import { root } from "../../src/cli/root.ts";
import { resolveCommand } from "../../src/cli/tree.ts";
import { options } from "../../src/config/options.ts";
import { Exit } from "../../src/lib/errors.ts";
import {
  anchorsOf,
  blocksOf,
  type Document,
  documentAt,
  documents,
  linksOf,
  ownWords,
  shellLines,
} from "../support/documents.ts";

const read = (file: string) => readFileSync(join(ROOT, file), "utf8");

async function everyCommand(command: Command = root): Promise<Command[]> {
  const below = await Promise.all(
    Object.values(command.children ?? {}).map(async (load) => everyCommand(await load())),
  );
  return [command, ...below.flat()];
}

const flagsIn = (text: string) =>
  [...text.matchAll(/(?<![\w-])--([a-z][a-z0-9-]+)/g)].map(([, flag = ""]) => flag);

/** Every flag of the program, of the installer, and of the scripts that people start. */
async function everyFlag(): Promise<Set<string>> {
  const known = new Set(["help", "version"]);
  for (const command of await everyCommand()) {
    for (const [flag, definition] of Object.entries(command.args)) {
      known.add(flag);
      if ("negativeDescription" in definition) known.add(`no-${flag}`);
    }
  }
  for (const script of ["install.sh", "scripts/generate.ts", "scripts/bench.ts"]) {
    for (const flag of flagsIn(read(script))) known.add(flag);
  }
  return known;
}

/** Shell lines that no test runs as they stand, and where what they do is tested. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  "./install.sh --from-source": "test/release/install-source.test.ts",
  "curl -fsSL https://github.com/OWNER/auth0-mcp/releases/latest/download/install.sh | sh":
    "test/release/install-https.test.ts",
};

describe.each(documents.map((document) => [document.file, document] as const))("%s", (file, document) => {
  const text = ownWords(document);

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
    const known = await everyFlag();
    expect(flagsIn(text).filter((flag) => !known.has(flag))).toEqual([]);
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

  test("names only files of the repository that exist", () => {
    const named = [...text.matchAll(/`((?:src|test|scripts|docs)\/[\w./-]+)`/g)].map(([, path = ""]) => path);
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  test("links only to files and headings that exist", () => {
    expect(linksOf(document).filter((target) => !leadsSomewhere(document, target))).toEqual([]);
  });

  test("holds only JSON that is some", () => {
    for (const block of blocksOf(document).filter(({ language }) => language === "json")) {
      expect(() => JSON.parse(block.text)).not.toThrow();
    }
  });

  test("shows only shell lines that a test runs", () => {
    const lines = shellLines(document).filter((line) => !/^(auth0-mcp|npm) /.test(line));
    expect(lines.filter((line) => !existsSync(join(ROOT, ELSEWHERE[line] ?? "nowhere")))).toEqual([]);
  });
});

/** Addresses are taken for granted; nothing of the network is asked here. */
function leadsSomewhere(from: Pick<Document, "file" | "text">, target: string): boolean {
  if (/^https:\/\/[\w.-]+\.\w+(\/|$)/.test(target)) return true;
  const [path = "", anchor] = target.split("#");
  if (path === "") return anchor !== undefined && anchorsOf(from).has(anchor);
  const file = normalize(join(dirname(from.file), path));
  if (!existsSync(join(ROOT, file))) return false;
  return anchor === undefined || anchorsOf(documentAt(file)).has(anchor);
}

describe("the README", () => {
  const { text } = documentAt("README.md");

  test("tells every option and every exit code", () => {
    for (const option of Object.values(options)) {
      if ("flag" in option) expect(text).toContain(`--${option.flag}`);
      if ("variable" in option) expect(text).toContain(option.variable);
    }
    for (const code of Object.values(Exit)) expect(text).toMatch(new RegExp(`\\b${code} [a-z]`));
  });

  test("leads to every page", () => {
    const targets = linksOf({ text }).map((target) => target.split("#")[0]);
    expect(
      documents.map(({ file }) => file).filter((file) => file !== "README.md" && !targets.includes(file)),
    ).toEqual([]);
  });

  test("leads to a working client on its first screen", () => {
    const screen = text.split("\n").slice(0, 24).join("\n");
    for (const words of ["install.sh", "auth0-mcp init", "docs/terminal.svg"])
      expect(screen).toContain(words);
  });

  test("says where releases come from as the installer does", () => {
    const address = /https:\/\/github\.com\/OWNER\/auth0-mcp(\/\S+)\/install\.sh/.exec(text)?.[1];
    expect(read("install.sh")).toContain(`$REPOSITORY${address}\n`);
  });
});

test("the changelog has a section for this version", () => {
  expect(documentAt("CHANGELOG.md").text).toMatch(
    new RegExp(
      `^## \\[${manifest.version.replaceAll(".", "\\.")}\\] - (unreleased|\\d{4}-\\d\\d-\\d\\d)$`,
      "m",
    ),
  );
});

describe("these rules can fail", () => {
  const page = {
    file: "docs/page.md",
    text: "# One `two`, three\n\n```sh\nauth0-mcp session   # who\nrm -r x\n# no heading\n```\n\n[a](#one-two-three) [b](tools.md#none) [c](gone.md)\n",
  };

  test("links that lead nowhere are seen", () => {
    expect(linksOf(page).filter((target) => !leadsSomewhere(page, target))).toEqual([
      "tools.md#none",
      "gone.md",
    ]);
  });

  test("lines are read as a shell reads them", () => {
    expect(shellLines(page)).toEqual(["auth0-mcp session", "rm -r x"]);
  });

  test("a quoted file is none of the page's own words", () => {
    expect(ownWords({ text: "a\n```yaml\njq --argjson\n```\nb --json\n" })).toBe("a\n\nb --json\n");
  });
});
