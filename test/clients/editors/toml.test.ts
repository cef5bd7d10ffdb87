import { test } from "bun:test";
import { tomlEditor } from "../../../src/clients/editors/toml.ts";
import { checkLaws } from "./laws.ts";
import { randomToml } from "./random-toml.ts";

test("any TOML document keeps all of its bytes", () => {
  checkLaws(tomlEditor, { path: ["mcp_servers"], name: "auth0" }, randomToml, 1000);
}, 60_000);
