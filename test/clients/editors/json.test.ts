import { test } from "bun:test";
import { jsonEditor } from "../../../src/clients/editors/json.ts";
import { checkLaws } from "./laws.ts";
import { randomJson } from "./random-json.ts";

test("any JSON document keeps all of its bytes", () => {
  checkLaws(jsonEditor, { path: ["mcpServers"], name: "auth0" }, randomJson, 1500);
  checkLaws(jsonEditor, { path: ["mcpServers", "a"], name: "auth0" }, randomJson, 300);
  checkLaws(jsonEditor, { path: [], name: "auth0" }, randomJson, 300);
}, 60_000);
