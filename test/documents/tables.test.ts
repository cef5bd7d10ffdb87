import { expect, test } from "bun:test";
import { clientTable } from "../../scripts/documents/clients.ts";
import { table } from "../../scripts/documents/markdown.ts";
import { optionTable } from "../../scripts/documents/options.ts";
import { toolSections, toolTable } from "../../scripts/documents/tools.ts";
import { clients } from "../../src/clients/table.ts";
import { options } from "../../src/config/options.ts";
import { asObject } from "../../src/lib/json.ts";
import { DRY_RUN } from "../../src/tools/dry-run.ts";
import { registry } from "../../src/tools/registry.ts";

const rowsOf = (text: string) => text.split("\n").slice(2);

test("a bar does not end a cell", () => {
  expect(table(["a"], [["x|y"]])).toBe("| a |\n|---|\n| x\\|y |");
});

test("every client has a row with its id, its files and what to do next", () => {
  const rows = rowsOf(clientTable());
  expect(rows).toHaveLength(clients.length);
  for (const [index, { id, next, files }] of clients.entries()) {
    expect(rows[index]).toContain(`\`${id}\``);
    expect(rows[index]).toContain(next);
    for (const file of files.project ?? []) expect(rows[index]).toContain(`\`${file}\``);
  }
});

test("files are told as each system writes them, and once where they are the same", () => {
  const rowOf = (id: string) => rowsOf(clientTable()).find((row) => row.startsWith(`| \`${id}\``));
  expect(rowOf("cursor")).toContain("| `~/.cursor/mcp.json`<br>project: `.cursor/mcp.json` |");
  expect(rowOf("codex")).toContain("`~/.codex/config.toml`<br>moved by `CODEX_HOME`<br>");
  expect(rowOf("vscode")).toContain(
    "Linux: `~/.config/Code/User/mcp.json`<br>macOS: `~/Library/Application Support/Code/User/mcp.json`<br>Windows: `%APPDATA%\\Code\\User\\mcp.json`",
  );
});

test("every option has a row", () => {
  expect(rowsOf(optionTable())).toHaveLength(Object.keys(options).length);
});

test("every tool has a row and a section with each argument, but for the dry run that all writing tools have", () => {
  expect(rowsOf(toolTable())).toHaveLength(registry.length);
  const sections = toolSections().split(/^### /m).slice(1);
  expect(sections).toHaveLength(registry.length);
  for (const [index, { name, inputSchema, description }] of registry.entries()) {
    const section = sections[index] ?? "";
    expect(section.startsWith(`${name}\n`)).toBe(true);
    expect(section).toContain(description);
    for (const argument of Object.keys(asObject(inputSchema["properties"]) ?? {})) {
      expect({ argument, told: section.includes(`\n| \`${argument}\` |`) }).toEqual({
        argument,
        told: argument !== DRY_RUN,
      });
    }
  }
  expect(toolSections()).toContain("| `jwt_configuration.alg` |");
  expect(toolSections()).toMatch(/\| `scopes\[\]\.value` \| string \| yes \|/);
});
