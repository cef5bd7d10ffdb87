import { describe, expect, test } from "bun:test";
import type { Json } from "../../src/lib/json.ts";
import { ApiFault } from "../../src/sandbox/fault.ts";
import { checkBody, checkPath, checkQuery, nullable, type Schema } from "../../src/sandbox/validation.ts";

function refusal(check: () => unknown): { message: string; code: string | undefined } | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiFault)) throw error;
    expect(error.status).toBe(400);
    return { message: error.message, code: error.errorCode };
  }
}

const schema: Schema = {
  type: "object",
  required: ["name"],
  minProperties: 1,
  properties: {
    name: { type: "string", pattern: /^[^<>]+$/, description: "The name" },
    kind: { type: "string", enum: ["a", "b"] },
    label: { type: "string", minLength: 2, maxLength: 4 },
    age: { type: "integer", minimum: 0, maximum: 9 },
    rate: { type: "number" },
    site: { type: "string", format: "url" },
    tags: { type: "array", minItems: 1, maxItems: 2, uniqueItems: true, items: { type: "string" } },
    map: { type: "object", maxProperties: 1, additionalProperties: { type: "string" } },
    free: { type: "object" },
    inner: {
      type: "object",
      properties: { list: { type: "array", items: { type: "object", properties: { x: {} } } } },
    },
    clear: nullable({ type: "string", enum: ["on"] }),
  },
};

describe("bodies", () => {
  const cases: [Json, string][] = [
    [{}, "'Missing required property: name', 'Too few properties defined (0), minimum 1'"],
    [{ name: "n", foo: 1, bar: 2 }, "'Additional properties not allowed: foo,bar'"],
    [{ name: "n", constructor: 1 }, "'Additional properties not allowed: constructor'"],
    [{ name: 3 }, "'Expected type string but found type integer' on property name (The name)"],
    [{ name: null }, "'Expected type string but found type null' on property name (The name)"],
    [{ name: "<b>" }, "'String does not match pattern ^[^<>]+$: <b>' on property name (The name)"],
    [{ name: "n", kind: "c" }, "'No enum match for: c' on property kind"],
    [{ name: "n", label: "x" }, "'String is too short (1 chars), minimum 2' on property label"],
    [{ name: "n", label: "xxxxx" }, "'String is too long (5 chars), maximum 4' on property label"],
    [{ name: "n", age: 1.5 }, "'Expected type integer but found type number' on property age"],
    [{ name: "n", age: -1 }, "'Value -1 is less than minimum 0' on property age"],
    [{ name: "n", age: 10 }, "'Value 10 is greater than maximum 9' on property age"],
    [{ name: "n", site: "x" }, "'Object didn't pass validation for format url: x' on property site"],
    [{ name: "n", tags: [] }, "'Array is too short (0), minimum 1' on property tags"],
    [{ name: "n", tags: ["a", "b", "c"] }, "'Array is too long (3), maximum 2' on property tags"],
    [{ name: "n", tags: ["a", "a"] }, "'Array items are not unique (indexes 0 and 1)' on property tags"],
    [{ name: "n", tags: [1] }, "'Expected type string but found type integer' on property tags[0]"],
    [{ name: "n", map: { k: 1 } }, "'Expected type string but found type integer' on property map.k"],
    [{ name: "n", map: { k: "", l: "" } }, "'Too many properties defined (2), maximum 1' on property map"],
    [
      { name: "n", inner: { list: [{ x: 1 }, { y: 1 }] } },
      "'Additional properties not allowed: y' on property inner.list[1]",
    ],
    [{ name: "n", clear: "off" }, "'No enum match for: off' on property clear"],
  ];
  test.each(cases)("%j", (body, expected) => {
    expect(refusal(() => checkBody(schema, body))).toEqual({
      message: `Payload validation error: ${expected}.`,
      code: "invalid_body",
    });
  });

  test.each([
    [{ name: "n" }],
    [{ name: "n", kind: "a", label: "äöü€", age: 9, rate: 1, site: "https://a.b", tags: ["a", "b"] }],
    [{ name: "n", map: { k: "v" }, free: { any: [1, { thing: null }] }, clear: null }],
  ])("accepted: %j", (body: Json) => {
    expect(refusal(() => checkBody(schema, body))).toBeUndefined();
  });
});

describe("queries", () => {
  const parameters = {
    page: { type: "integer", minimum: 0 },
    totals: { type: "boolean" },
    ids: { type: "array", maxItems: 2, items: { type: "string" } },
    text: { type: "string" },
  } as const;
  const check = (query: string) => checkQuery(parameters, new URLSearchParams(query));

  test("are read as their types", () => {
    expect(check("page=2&totals=true&ids=a&ids=b&text=7")).toEqual({
      page: 2,
      totals: true,
      ids: ["a", "b"],
      text: "7",
    });
    expect(check("ids=a")).toEqual({ ids: ["a"] });
    expect(check("")).toEqual({});
  });

  test.each([
    ["foo=1", "'Additional properties not allowed: foo'"],
    ["page=-1", "'Value -1 is less than minimum 0' on property page"],
    ["page=1.5", "'Expected type integer but found type number' on property page"],
    ["page=x", "'Expected type integer but found type string' on property page"],
    ["page=", "'Expected type integer but found type string' on property page"],
    ["page=1&page=2", "'Expected type integer but found type array' on property page"],
    ["totals=1", "'Expected type boolean but found type string' on property totals"],
    ["ids=a&ids=b&ids=c", "'Array is too long (3), maximum 2' on property ids"],
  ])("%s", (query, expected) => {
    expect(refusal(() => check(query))).toEqual({
      message: `Query validation error: ${expected}.`,
      code: "invalid_query_string",
    });
  });
});

test("path parameters are named as such", () => {
  const refused = refusal(() => checkPath({ id: { type: "string", format: "uuid" } }, { id: "x" }));
  expect(refused).toEqual({
    message: "Path validation error: 'Object didn't pass validation for format uuid: x' on property id.",
    code: "invalid_uri",
  });
});

describe("formats", () => {
  const matches = (format: Schema["format"], value: string) =>
    refusal(() => checkBody({ type: "string", ...(format ? { format } : {}) }, value)) === undefined;

  test.each([
    ["callback-url", "https://a.example.com/cb?x=1", true],
    ["callback-url", "http://localhost:3000", true],
    ["callback-url", "com.example.app://callback", true],
    ["callback-url", "https://*.example.com/cb", true],
    ["callback-url", "https://{organization_name}.example.com/cb", true],
    ["callback-url", "https://a.example.com,https://b.example.com", false],
    ["callback-url", "a.example.com/cb", false],
    ["callback-url", "javascript:alert(1)", false],
    ["callback-url", "", false],
    ["url-with-placeholders", "https://a.example.com", true],
    ["url-with-placeholders", "nonsense", false],
    ["absolute-https-uri-with-placeholders-or-empty", "", true],
    ["absolute-https-uri-with-placeholders-or-empty", "https://a.example.com/login", true],
    ["absolute-https-uri-with-placeholders-or-empty", "http://localhost:3000/login", false],
    ["absolute-uri-or-empty", "http://a.example.com/logo.png", true],
    ["absolute-uri-or-empty", "logo.png", false],
    ["organization-id", "org_abcDEF0123456789", true],
    ["organization-id", "org_1", false],
  ] as const)("%s %s: %p", (format, value, expected) => expect(matches(format, value)).toBe(expected));
});
