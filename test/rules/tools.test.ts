import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../scripts/build.ts";
import { toolEntry } from "../../src/mcp/tool-entry.ts";
import { registry } from "../../src/tools/registry.ts";
import { textsOf } from "./schema-nodes.ts";

/** The most that `tools/list` may cost a model, in bytes. */
const BUDGET = 28_000;

const KIND_OF_VERB: Readonly<Record<string, string>> = {
  list: "read",
  get: "read",
  create: "create",
  update: "update",
  delete: "delete",
  deploy: "deploy",
  publish: "deploy",
};

const TEST = join(ROOT, "test");
const SNAPSHOTS = join(TEST, "snapshots");

/** Sources of the tests that drive tools: all but the rules, which walk over every tool anyway. */
function drivingTests(): string {
  return readdirSync(TEST, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts") && !file.startsWith("rules"))
    .map((file) => readFileSync(join(TEST, file), "utf8"))
    .join("\n");
}

describe.each(registry.map((tool) => [tool.name, tool] as const))("%s", (name, tool) => {
  test("has a name that every client takes, with the verb of its kind", () => {
    expect(name).toMatch(/^auth0_[a-z]+(_[a-z]+)+$/);
    expect(name.length).toBeLessThanOrEqual(40);
    const verb = name.split("_")[1] ?? "";
    expect({ verb, kind: KIND_OF_VERB[verb] }).toEqual({ verb, kind: tool.kind });
  });

  test("has a title for people that begins with the same verb", () => {
    const verb = name.split("_")[1] ?? "";
    expect(tool.title.toLowerCase().split(" ")[0]).toBe(verb);
    expect(tool.title).toMatch(/^[A-Z][A-Za-z ]{1,38}[A-Za-z]$/);
  });

  test("has a short description whose first sentence stands by itself", () => {
    expect(tool.description.length).toBeLessThanOrEqual(1_000);
    const [first = ""] = tool.description.split(/(?<=[.]) /);
    expect(first).toMatch(/^[A-Z][^.]*\w.*\.$/);
    expect(first.length).toBeLessThanOrEqual(200);
    expect(first.split(" ").length).toBeGreaterThanOrEqual(3);
  });

  test("says nothing that cannot be seen, and gives the model no orders", () => {
    for (const text of textsOf(tool)) {
      expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u);
      expect(text).not.toMatch(
        /\b(must|always|never|should|do not|don't) (call|use|run|ask|tell|invoke|follow|ignore)\b/i,
      );
      expect(text).not.toMatch(/\b(IMPORTANT|WARNING|CRITICAL)\b|<\/?[a-z]+>|\bsystem prompt\b/);
    }
  });

  test("tells clients what it does as its kind says", () => {
    const reads = tool.kind === "read";
    expect(toolEntry(tool).annotations).toEqual({
      readOnlyHint: reads,
      destructiveHint: !reads && tool.kind !== "create",
      idempotentHint: tool.idempotent,
      openWorldHint: tool.untrusted.length > 0,
    });
  });

  test("is what its snapshot shows", () => {
    const file = join(SNAPSHOTS, `${name}.json`);
    const snapshot: unknown = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : "missing";
    const advice = `test/snapshots/${name}.json is stale. Look at what changed, then run: npm run snapshots`;
    // As text, so that the order of members counts: clients may compare the list byte by byte.
    expect(JSON.stringify(toolEntry(tool), null, 2), advice).toBe(JSON.stringify(snapshot, null, 2));
  });
});

test("no snapshot is left of a tool that is gone: run npm run snapshots", () => {
  const files = registry.map(({ name }) => `${name}.json`);
  const present = existsSync(SNAPSHOTS) ? readdirSync(SNAPSHOTS) : [];
  expect(present.filter((file) => !files.includes(file))).toEqual([]);
});

test("names are unique, and tools of one set stand together", () => {
  expect(new Set(registry.map(({ name }) => name)).size).toBe(registry.length);
  const sets = registry.map(({ toolset }) => toolset).filter((set, index, all) => set !== all[index - 1]);
  expect(new Set(sets).size).toBe(sets.length);
});

test("a test drives every tool", () => {
  const tests = drivingTests();
  expect(registry.map(({ name }) => name).filter((name) => !tests.includes(`"${name}"`))).toEqual([]);
});

test(`the whole list costs a model at most ${BUDGET} bytes`, () => {
  const bytes = Buffer.byteLength(JSON.stringify({ tools: registry.map(toolEntry) }));
  expect(bytes).toBeLessThanOrEqual(BUDGET);
});
