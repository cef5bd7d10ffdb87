import { expect, test } from "bun:test";
import { toolEntry } from "../../src/mcp/tool-entry.ts";
import type { ToolKind } from "../../src/tools/kinds.ts";
import { registry } from "../../src/tools/registry.ts";
import { testTool } from "../policy/harness.ts";

test.each([
  ["read", { readOnlyHint: true, destructiveHint: false }],
  ["create", { readOnlyHint: false, destructiveHint: false }],
  ["update", { readOnlyHint: false, destructiveHint: true }],
  ["delete", { readOnlyHint: false, destructiveHint: true }],
  ["deploy", { readOnlyHint: false, destructiveHint: true }],
] satisfies [ToolKind, object][])("the hints of a tool that may %s follow from that", (kind, hints) => {
  expect(toolEntry(testTool({ kind })).annotations).toMatchObject(hints);
});

test("an entry is plain data that survives the wire", () => {
  for (const tool of registry) {
    const entry = toolEntry(tool);
    expect(JSON.parse(JSON.stringify(entry))).toEqual(entry);
    expect(Object.keys(entry)).toEqual(["name", "title", "description", "inputSchema", "annotations"]);
  }
});
