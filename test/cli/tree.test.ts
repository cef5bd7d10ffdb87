import { describe, expect, test } from "bun:test";
import { type Command, defineCommand, defineGroup } from "../../src/cli/command.ts";
import { resolveCommand } from "../../src/cli/tree.ts";
import { Exit } from "../../src/lib/errors.ts";

const loaded: string[] = [];

function leaf(name: string): () => Promise<Command> {
  return async () => {
    loaded.push(name);
    return defineCommand({ meta: { name, description: name }, args: {}, run: async () => Exit.done });
  };
}

const group = defineGroup({
  meta: { name: "tools", description: "Tools" },
  children: { list: leaf("list"), call: leaf("call") },
});
const root = defineGroup({
  meta: { name: "auth0-mcp", description: "Root" },
  children: { run: leaf("run"), tools: async () => group },
});

describe("resolveCommand", () => {
  test.each([
    [[], "auth0-mcp", [], []],
    [["run"], "run", ["run"], []],
    [["run", "--x", "y"], "run", ["run"], ["--x", "y"]],
    [["run", "list"], "run", ["run"], ["list"]],
    [["tools"], "tools", ["tools"], []],
    [["tools", "list", "a"], "list", ["tools", "list"], ["a"]],
    [["tools", "--help", "list"], "tools", ["tools"], ["--help", "list"]],
    [["--help"], "auth0-mcp", [], ["--help"]],
  ])("%j", async (words, name, path, rest) => {
    const resolved = await resolveCommand(root, words);
    expect({ name: resolved.command.meta.name, path: resolved.path, rest: resolved.rest }).toEqual({
      name,
      path,
      rest,
    });
  });

  test.each([
    [["rnu"], 'Unknown command "rnu"', "run"],
    [["tools", "lst"], 'Unknown command "lst"', "list"],
    [["tools", "zzzzzzz"], 'Unknown command "zzzzzzz"', "auth0-mcp tools --help"],
    [["RUN"], 'Unknown command "RUN"', "run"],
    [[""], 'Unknown command ""', undefined],
    [["constructor"], 'Unknown command "constructor"', undefined],
    [["__proto__"], 'Unknown command "__proto__"', undefined],
  ])("%j is exit 2", async (words, message, hint) => {
    const error = await resolveCommand(root, words).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "usage", exit: 2, message: expect.stringContaining(message) });
    if (hint !== undefined) expect(error).toMatchObject({ hint: expect.stringContaining(hint) });
  });

  test("only what is wanted is loaded", async () => {
    loaded.length = 0;
    await resolveCommand(root, ["tools", "call"]);
    expect(loaded).toEqual(["call"]);
  });
});
