import { describe, expect, test } from "bun:test";
import { asObject, asStrings, isObject } from "../../src/lib/json.ts";
import { registry } from "../../src/tools/registry.ts";
import { refusal } from "../support/refusal.ts";
import { schemaNodes } from "./schema-nodes.ts";

const KEYWORDS = [
  ...["type", "description", "properties", "required", "additionalProperties", "items", "enum"],
  ...["minimum", "maximum", "minItems"],
];

const TYPE = /^(object|array|string|integer|number|boolean)$/;

/** Maps whose keys the tenant chooses. Every other object refuses members it does not know. */
const FREE_FORM = [
  "client_metadata",
  "jwt_configuration.scopes",
  "nodes[]",
  "translations",
  "messages.errors",
  "messages.custom",
];

describe.each(registry.map((tool) => [tool.name, tool] as const))("%s", (_, tool) => {
  const nodes = schemaNodes(tool);

  test("has a plain object at the root of its schema", () => {
    const [root] = nodes;
    expect(root?.schema).toMatchObject({ type: "object", additionalProperties: false });
    expect(isObject(root?.schema["properties"])).toBe(true);
  });

  test("keeps to one type and to the keywords that every client reads", () => {
    for (const { path, schema } of nodes) {
      expect({ path, type: schema["type"] }).toEqual({
        path,
        type: expect.stringMatching(TYPE),
      });
      expect({ path, keywords: Object.keys(schema).filter((key) => !KEYWORDS.includes(key)) }).toEqual({
        path,
        keywords: [],
      });
    }
  });

  test("closes every object that declares members, and requires only those", () => {
    for (const { path, schema } of nodes) {
      const properties = asObject(schema["properties"]);
      const closed = properties === undefined ? undefined : false;
      expect({ path, additionalProperties: schema["additionalProperties"] }).toEqual({
        path,
        additionalProperties: closed,
      });
      const required = asStrings(schema["required"]);
      expect({ path, unknown: required.filter((name) => !(name in (properties ?? {}))) }).toEqual({
        path,
        unknown: [],
      });
    }
  });

  test("types the items of every list, and lists texts only in an enum", () => {
    for (const { path, schema } of nodes) {
      expect({ path, items: isObject(schema["items"]) }).toEqual({ path, items: schema["type"] === "array" });
      const values = schema["enum"];
      if (values === undefined) continue;
      expect({ path, type: schema["type"] }).toEqual({ path, type: "string" });
      expect({ path, values }).toEqual({ path, values: asStrings(values) });
    }
  });

  test("describes every argument under a name that every client takes", () => {
    for (const { path, schema, isProperty } of nodes) {
      if (!isProperty) continue;
      expect(path.split(".").at(-1)).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
      expect({ path, description: schema["description"] }).toEqual({
        path,
        description: expect.stringMatching(/^\S.{0,199}$/u),
      });
    }
  });

  test("refuses an unknown member at every level", () => {
    for (const { path, schema, argumentsWith } of nodes) {
      if (schema["type"] !== "object" || FREE_FORM.includes(path)) continue;
      const args = argumentsWith({ surprise: 1 });
      const where = path === "" ? "" : ` in ${path.replaceAll("[]", "[0]")}`;
      expect({ path, told: refusal(tool, isObject(args) ? args : {}) }).toEqual({
        path,
        told: expect.stringContaining(`unknown argument${where}: surprise`),
      });
    }
  });

  test("refuses a value of another type everywhere", () => {
    for (const { path, schema, argumentsWith } of nodes) {
      // The pipeline takes dry_run away before the tool's own schema is asked.
      if (path === "" || path === "dry_run") continue;
      const wrong = schema["type"] === "string" ? 1 : "wrong";
      const args = argumentsWith(wrong);
      const name = path.replaceAll("[]", "[0]");
      expect({ path, told: refusal(tool, isObject(args) ? args : {}) }).toEqual({
        path,
        told: expect.stringContaining(`${name}: `),
      });
    }
  });
});

test("every free-form map is one of some tool", () => {
  const paths = new Set(registry.flatMap((tool) => schemaNodes(tool).map(({ path }) => path)));
  expect(FREE_FORM.filter((path) => !paths.has(path))).toEqual([]);
});
