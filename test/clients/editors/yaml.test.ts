import { test } from "bun:test";
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
