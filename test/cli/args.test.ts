import { describe, expect, test } from "bun:test";
import type { ArgsDef } from "citty";
import fc from "fast-check";
import { strictArgs } from "../../src/cli/args.ts";
import { defineCommand } from "../../src/cli/command.ts";
import { AppError, Exit } from "../../src/lib/errors.ts";
import { fakeInvocation } from "./harness.ts";

const definitions = {
  name: { type: "positional", required: true },
  tools: { type: "string", valueHint: "patterns" },
  "exclude-tools": { type: "string" },
  "read-only": { type: "boolean" },
  "dry-run": { type: "boolean" },
  seed: { type: "enum", options: ["demo", "empty"] },
} as const satisfies ArgsDef;

/** What a command is handed when these words are typed behind it. */
async function parse(words: readonly string[]): Promise<Record<string, unknown>> {
  let seen: Record<string, unknown> = {};
  const command = defineCommand({
    meta: { name: "x", description: "X" },
    args: definitions,
    run: async (args) => {
      seen = Object.fromEntries(Object.keys(definitions).map((name) => [name, args[name]]));
      return Exit.done;
    },
  });
  const { invocation } = fakeInvocation();
  await command.run?.(strictArgs(words, definitions, "auth0-mcp x"), invocation);
  return Object.fromEntries(Object.entries(seen).filter(([, value]) => value !== undefined));
}

describe("what is typed is what a command is handed", () => {
  test.each([
    [["one"], { name: "one" }],
    [["one", "--tools", "a,b"], { name: "one", tools: "a,b" }],
    [["--tools=a,b", "one"], { name: "one", tools: "a,b" }],
    [["--tools=a=b", "one"], { name: "one", tools: "a=b" }],
    [["--tools=-x", "one"], { name: "one", tools: "-x" }],
    [["--tools=--read-only", "one"], { name: "one", tools: "--read-only" }],
    [["one", "--read-only"], { name: "one", "read-only": true }],
    [["--read-only", "one"], { name: "one", "read-only": true }],
    [["one", "--read-only=no"], { name: "one", "read-only": false }],
    [["one", "--read-only=ON", "--dry-run=0"], { name: "one", "read-only": true, "dry-run": false }],
    [["one", "--seed", "empty"], { name: "one", seed: "empty" }],
    [["-"], { name: "-" }],
    [["--tools", "-", "one"], { name: "one", tools: "-" }],
    [["--", "--tools"], { name: "--tools" }],
    [["--read-only", "--", "-v"], { name: "-v", "read-only": true }],
    [["one", "--"], { name: "one" }],
    [["--tools", "*", "--exclude-tools", "!x", "one"], { name: "one", tools: "*", "exclude-tools": "!x" }],
    [["1", "--tools", "007"], { name: "1", tools: "007" }],
    [["true", "--tools", "false"], { name: "true", tools: "false" }],
    [["__proto__", "--tools", "constructor"], { name: "__proto__", tools: "constructor" }],
  ])("%j", async (words, expected) => {
    expect(await parse(words)).toEqual(expected);
  });

  test("any value, in either way of writing", async () => {
    const value = fc.string({ minLength: 1 }).filter((text) => !text.startsWith("-"));
    await fc.assert(
      fc.asyncProperty(
        value,
        fc.string({ minLength: 1 }),
        value,
        fc.boolean(),
        async (tools, exclude, name, readOnly) => {
          const words = [
            "--tools",
            tools,
            `--exclude-tools=${exclude}`,
            `--read-only=${readOnly}`,
            "--",
            name,
          ];
          expect(await parse(words)).toEqual({
            name,
            tools,
            "exclude-tools": exclude,
            "read-only": readOnly,
          });
        },
      ),
    );
  });
});

describe("refused with exit 2", () => {
  test.each([
    ["an unknown flag", ["one", "--reed-only"], "Unknown flag --reed-only", "--read-only"],
    ["a flag without its dash", ["one", "--readonly"], "Unknown flag --readonly", "--read-only"],
    ["capitals", ["one", "--Read-Only"], "Unknown flag --Read-Only", "--read-only"],
    ["camel case", ["one", "--readOnly"], "Unknown flag --readOnly", "--read-only"],
    ["a negation", ["one", "--no-read-only"], "Unknown flag --no-read-only", undefined],
    ["one dash", ["one", "-read-only"], "Unknown flag -read-only", undefined],
    ["a short flag", ["one", "-r"], "Unknown flag -r", undefined],
    ["the name of a place as a flag", ["one", "--name", "x"], "Unknown flag --name", undefined],
    ["an unknown flag with a value", ["one", "--x=1"], "Unknown flag --x ", undefined],
    ["three dashes", ["one", "---tools", "x"], "Unknown flag ---tools", undefined],
    ["names that every object has", ["one", "--constructor"], "Unknown flag --constructor", undefined],
    ["a surplus argument", ["one", "two"], 'Unexpected argument "two"', "--help"],
    ["a value behind a boolean", ["one", "--read-only", "false"], 'Unexpected argument "false"', "--help"],
    ["a surplus argument behind --", ["one", "--", "two"], 'Unexpected argument "two"', "--help"],
    ["no argument", [], "NAME is missing", "--help"],
    ["an empty argument", [""], "NAME is empty", undefined],
    [
      "a flag without its value at the end",
      ["one", "--tools"],
      "--tools needs a value",
      "--tools <patterns>",
    ],
    [
      "a flag without its value before another",
      ["--tools", "--read-only", "one"],
      "--tools needs a value",
      "--tools=<patterns>",
    ],
    ["an empty value", ["one", "--tools", ""], "--tools is empty", "leave it out"],
    ["an empty value behind =", ["one", "--tools="], "--tools is empty", "leave it out"],
    ["a flag given twice", ["one", "--tools", "a", "--tools", "b"], "--tools is given twice", undefined],
    [
      "a boolean given twice",
      ["one", "--read-only", "--read-only=no"],
      "--read-only is given twice",
      undefined,
    ],
    ["a boolean that is none", ["one", "--read-only=maybe"], "--read-only must be a boolean", "true/false"],
    ["an empty boolean", ["one", "--read-only="], "--read-only must be a boolean", "true/false"],
    ["a choice that is none", ["one", "--seed", "dmeo"], '--seed cannot be "dmeo"', "demo"],
    ["a choice near nothing", ["one", "--seed", "zzzzzzzzz"], "--seed cannot be", "demo, empty"],
  ])("%s", (_, words, message, hint) => {
    let error: unknown;
    try {
      strictArgs(words, definitions, "auth0-mcp x");
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: "usage", exit: 2, message: expect.stringContaining(message) });
    if (hint !== undefined) expect(error).toMatchObject({ hint: expect.stringContaining(hint) });
  });

  test("whatever is typed: a usage error, or every word has found its place", async () => {
    const word = fc.oneof(
      fc.constantFrom(
        "--tools",
        "--tools=x",
        "--read-only",
        "--read-only=1",
        "--",
        "-",
        "one",
        "--seed",
        "demo",
        "--no-tools",
        "-h",
        "=",
        "--=",
        "--=x",
        "---",
        "",
      ),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 6, size: "max" }), async (words) => {
        let parsed: Record<string, unknown>;
        try {
          parsed = await parse(words);
        } catch (error) {
          expect(error).toMatchObject({ code: "usage", exit: 2 });
          return;
        }
        const used = Object.values(parsed).map(String);
        for (const typed of words) {
          const shown =
            typed === "--" || Object.keys(parsed).includes(typed.replace(/^--/, "").replace(/=.*$/s, ""));
          expect(shown || used.includes(typed)).toBe(true);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
