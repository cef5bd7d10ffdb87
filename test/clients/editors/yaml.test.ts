import { expect, test } from "bun:test";
import { yamlEditor } from "../../../src/clients/editors/yaml.ts";
import { checkLaws } from "./laws.ts";
import { randomYaml } from "./random-yaml.ts";

test("any YAML document keeps all of its bytes, entries being a mapping", () => {
  checkLaws(yamlEditor, { path: ["extensions"], name: "auth0" }, randomYaml("extensions", false), 700);
}, 60_000);

test("any YAML document keeps all of its bytes, entries being a list", () => {
  const place = { path: ["servers"], name: "auth0", list: true };
  checkLaws(yamlEditor, place, randomYaml("servers", true), 700);
}, 60_000);

test("comments inside an entry go with it where they would become part of the block text before it", () => {
  const place = { path: ["extensions"], name: "auth0" };
  const text = "extensions:\n  a: |\n    one\n  auth0:\n    cmd: x\n    # inside\n\n  # outside\n  b: 1\n";
  expect(yamlEditor.remove(text, place)).toBe("extensions:\n  a: |\n    one\n  # outside\n  b: 1\n");
  const plain = text.replace("|\n    one", "one");
  expect(yamlEditor.remove(plain, place)).toBe(
    "extensions:\n  a: one\n    # inside\n\n  # outside\n  b: 1\n",
  );
});
