import { describe, expect, test } from "bun:test";
import { z } from "zod";
import { isObject, type Json, type JsonObject } from "../../src/lib/json.ts";
import { issueWords } from "../../src/tools/issues.ts";
import { registry } from "../../src/tools/registry.ts";
import { schemaNodes } from "../rules/schema-nodes.ts";
import { refusal } from "../support/refusal.ts";

const words = (schema: z.ZodType, value: unknown) =>
  schema.safeParse(value, { error: issueWords }).error?.issues.map(({ message }) => message);

describe("what is wrong with an argument is said in words", () => {
  test.each<[string, z.ZodType, unknown, string]>([
    ["absent", z.string(), undefined, "is required"],
    ["no text", z.string(), 1, "must be a text"],
    ["no number", z.number(), "1", "must be a number"],
    ["no whole number", z.int(), 1.5, "must be a whole number"],
    ["no switch", z.boolean(), "yes", "must be true or false"],
    ["no list", z.array(z.string()), {}, "must be a list"],
    ["no object", z.strictObject({}), [], "must be an object"],
    ["no map", z.record(z.string(), z.string()), "x", "must be an object"],
    ["none of a few", z.enum(["spa", "native"]), "web", "must be one of spa, native"],
    ["empty", z.string().min(1), "", "must not be empty"],
    ["too short", z.string().min(3), "ab", "must have at least 3 characters"],
    ["too long", z.string().max(1), "ab", "must have at most 1 character"],
    ["too few", z.array(z.string()).min(2), ["a"], "must have at least 2 items"],
    ["too many", z.array(z.string()).max(1), ["a", "b"], "must have at most 1 item"],
    ["too small", z.int().min(1), 0, "must be at least 1"],
    ["too large", z.int().max(100), 101, "must be at most 100"],
    ["not positive", z.number().positive(), 0, "must be greater than 0"],
    ["of no form", z.string().regex(/^a$/), "b", "has a form that is not allowed"],
    ["no JSON", z.json(), () => 1, "must be a JSON value"],
  ])("%s", (_, schema, value, expected) => {
    expect(words(schema, value)).toEqual([expected]);
  });

  test("unless its schema has better ones", () => {
    expect(words(z.string().min(1, "must name somebody"), "")).toEqual(["must name somebody"]);
  });
});

describe.each(registry.map((tool) => [tool.name, tool] as const))("%s", (_, tool) => {
  test("speaks no schema language, whatever it is given", () => {
    const values: Json[] = [1, -1, 1.5, 1e12, "", "x", true, [], [1], {}, { x: 1 }, null, "x".repeat(9_000)];
    for (const { path, argumentsWith } of schemaNodes(tool)) {
      if (path === "dry_run") continue;
      for (const value of values) {
        const args = argumentsWith(value);
        const told = refusal(tool, isObject(args) ? args : {});
        expect({ path, told }).not.toMatchObject({
          told: expect.stringMatching(/invalid|expected|received|too (small|big)|undefined|[<>]=/i),
        });
      }
    }
  });

  test("names every argument that is required", () => {
    const { required = [] }: JsonObject = tool.inputSchema;
    for (const name of Array.isArray(required) ? required : []) {
      expect(refusal(tool, {})).toContain(`${String(name)}: is required`);
    }
  });
});
