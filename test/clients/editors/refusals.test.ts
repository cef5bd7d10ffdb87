import { describe, expect, test } from "bun:test";
import { DocumentError } from "../../../src/clients/document.ts";
import type { Editor, Place } from "../../../src/clients/editors/editor.ts";
import { jsonEditor } from "../../../src/clients/editors/json.ts";
import { tomlEditor } from "../../../src/clients/editors/toml.ts";
import { yamlEditor } from "../../../src/clients/editors/yaml.ts";

const fields = { command: "/opt/auth0-mcp", args: ["run"] };
const map: Place = { path: ["servers"], name: "auth0" };
const list: Place = { ...map, list: true };

type Case = readonly [text: string, line: number | undefined, reason: string, place?: Place];

function refuses(name: string, editor: Editor, cases: readonly Case[]): void {
  describe(name, () => {
    test.each(cases)("%j", (text, line, reason, place = map) => {
      let error: unknown;
      try {
        editor.set(text, place, fields);
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toBeInstanceOf(DocumentError);
      expect(error).toMatchObject({ line, reason: expect.stringContaining(reason) });
    });
  });
}

refuses("JSON", jsonEditor, [
  ["{\n  'a': 1\n}", 2, "cannot be parsed as JSON"],
  ['{\n  "a": 1\n  "b": 2\n}', 3, "comma expected"],
  ['{\n  "a": 1', 2, "close brace expected"],
  ["{} {}", 1, "end of file expected"],
  ['{\n "a": 01 }', 2, "cannot be parsed"],
  ["/* open", 1, "cannot be parsed"],
  ["[]", 1, "holds no JSON object"],
  ["\n7", 2, "holds no JSON object"],
  ['{\n\n"servers": []}', 3, 'no JSON object at "servers"'],
  ['{"servers": null}', 1, 'no JSON object at "servers"'],
  ['{"servers": {\n"auth0": "x"}}', 2, 'no JSON object at "auth0"'],
  ['{"servers": {},\n"servers": {}}', 2, '"servers" twice'],
  ['{"servers": {"auth0": {},\n"auth0": {}}}', 2, '"auth0" twice'],
  ["[".repeat(200_000), undefined, "nested too deeply"],
]);

refuses("TOML", tomlEditor, [
  ["a = 1\nb = ", 2, "cannot be parsed as TOML"],
  ["a = \nb = 1\n", 1, "cannot be parsed as TOML"],
  ["a = # none\r\n\r\nb = 1\r\n", 1, "cannot be parsed as TOML"],
  ["[a\nb = 1\n", 1, "must be on the same line"],
  ["a = 1\nb\n\nc = 1\n", 2, "must be on the same line"],
  ["a = 1\nb\n", 2, "expected equal"],
  ["a = [1,\n", 1, "cannot be parsed as TOML"],
  ["a = [1,\nb = 1\n", 2, "cannot be parsed as TOML"],
  ["# a =\n!\n", 2, "cannot be parsed as TOML"],
  ["a = 1\na = 2", 2, "defining a key multiple times"],
  ["[a]\n[a]", 2, "cannot be parsed"],
  ["a", 1, "cannot be parsed"],
  ["x = 1\n[[servers]]\n", 2, 'no table at "servers"'],
  ["servers = []", 1, 'no table at "servers"'],
  ["[servers]\nauth0 = 'x'", 2, 'no table at "servers.auth0"'],
  ["[servers.auth0.args]\nx = 1", 1, 'a table at "servers.auth0.args"'],
]);

refuses("YAML", yamlEditor, [
  ["a: [1\nb: 2\n", 2, "cannot be parsed as YAML"],
  ["a: 1\n b: 2\n", 1, "cannot be parsed as YAML"],
  ["a:\n\t- b\n", 2, "Tabs are not allowed"],
  ["a: 1\nb: 2\na: 3\n", 3, '"a" twice'],
  ["a: *nobody\n", undefined, "aliases"],
  ["- 1\n", 1, "holds no mapping"],
  ["just text\n", 1, "holds no mapping"],
  ["x: 1\nservers: text\n", 2, 'no mapping at "servers"'],
  ["servers: ~\n", 1, 'no mapping at "servers"'],
  ["servers: []\n", 1, 'no mapping at "servers"'],
  ["servers: {}\n", 1, 'no list at "servers"', list],
  ["servers:\n  auth0:\n", undefined, 'no mapping at "auth0"'],
  ["a: 1\n---\nb: 2\n", undefined, "more than one YAML document"],
]);

test("a key named __proto__ reaches no other object", () => {
  const empty: Record<string, unknown> = {};
  tomlEditor.parse("[__proto__]\npolluted = 1\n[a.__proto__.b]\npolluted = 2\n");
  tomlEditor.parse("__proto__.polluted = 1\nx = { __proto__ = { polluted = 1 } }\n");
  yamlEditor.parse("__proto__:\n  polluted: 1\n");
  jsonEditor.parse('{"__proto__": {"polluted": 1}}');
  expect(empty["polluted"]).toBeUndefined();
});

test("a large YAML file does not take minutes", () => {
  const members = Array.from({ length: 20_000 }, (_, index) => `  k${index}: {x: 1}\n`).join("");
  const before = `servers:\n${members}`;
  const { text, footprint } = yamlEditor.set(before, map, fields);
  expect(text.startsWith(before.trimEnd())).toBe(true);
  expect(yamlEditor.remove(text, map, footprint)).toBe(before);
}, 60_000);

test("what a parser threw is the cause", () => {
  expect(() => tomlEditor.set("a = 1\na = 2", map, fields)).toThrow(
    expect.objectContaining({ name: "DocumentError", cause: expect.any(Error) }),
  );
});
