import { describe, expect, test } from "bun:test";
import { registry } from "../../src/tools/registry.ts";
import { operations, steps } from "./operations.ts";

/** HTTP methods that a kind of tool may use beside GET; the change it is named for comes first. */
const METHODS: Readonly<Record<string, readonly string[]>> = {
  read: [],
  create: ["POST"],
  update: ["PATCH"],
  deploy: ["POST", "PATCH"],
  delete: ["DELETE"],
};

describe.each(registry.map((tool) => [tool.name, tool] as const))("%s", (name, tool) => {
  const used = steps[name] ?? [];

  test("names its steps in test/rules/operations.ts, all of them operations of the API", () => {
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((step) => operations[step] === undefined)).toEqual([]);
  });

  test("names exactly the scopes that its steps need", () => {
    const needed = new Set(used.map((step) => operations[step]?.[0] ?? step));
    expect([...tool.scopes].sort()).toEqual([...needed].sort());
  });

  test("uses only the methods of its kind", () => {
    const methods = new Set(
      used.map((step) => step.split(" ")[0] ?? "").filter((method) => method !== "GET"),
    );
    expect([...methods].filter((method) => !METHODS[tool.kind]?.includes(method))).toEqual([]);
    if (tool.kind !== "read") expect([...methods]).toContain(METHODS[tool.kind]?.[0] ?? "a known method");
  });
});

test("the table has no step of a tool that does not exist", () => {
  const names = registry.map(({ name }) => name);
  expect(Object.keys(steps).filter((name) => !names.includes(name))).toEqual([]);
  const used = new Set(Object.values(steps).flat());
  expect(Object.keys(operations).filter((operation) => !used.has(operation))).toEqual([]);
});
