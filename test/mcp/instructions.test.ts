import { expect, test } from "bun:test";
import { instructions } from "../../src/mcp/instructions.ts";
import type { Tool } from "../../src/tools/define.ts";
import { registry } from "../../src/tools/registry.ts";
import { testTool } from "../policy/harness.ts";

function words(tools: readonly Tool[], lacking: readonly string[] = [], readOnly = false): string {
  return instructions({
    domain: "acme.eu.auth0.com",
    selection: { exposed: tools, leftOut: new Map() },
    readOnly,
    lackingScopes: new Map(lacking.length === 0 ? [] : tools.map((tool) => [tool, lacking])),
  });
}

test("they name the tenant and what is enabled", () => {
  const text = words([testTool()]);
  expect(text).toContain("acme.eu.auth0.com");
  expect(text).toContain("applications");
  expect(text).not.toContain("dry_run");
  expect(words([testTool({ kind: "create" })])).toContain("dry_run");
  expect(words([testTool()], [], true)).toContain("reading only");
});

test("scopes that the token lacks are told with the tools they stop", () => {
  const text = words([testTool({ name: "auth0_list_logs" })], ["read:logs"]);
  expect(text).toContain("lacks read:logs");
  expect(text).toContain("auth0_list_logs");
});

test("they never exceed 2,000 characters, and hide nothing", () => {
  const all = [...new Set(registry.flatMap(({ scopes }) => scopes))];
  for (const text of [
    words(registry),
    words(registry, all),
    words(
      Array.from({ length: 300 }, () => testTool()),
      all,
    ),
  ]) {
    expect(text.length).toBeLessThanOrEqual(2_000);
    expect(text).not.toMatch(/[^\x20-\x7e\n…]/);
  }
});
