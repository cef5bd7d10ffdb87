import { asObject, asString, asStrings, type JsonObject } from "../../src/lib/json.ts";
import type { ToolFacts } from "../../src/tools/define.ts";
import { DRY_RUN } from "../../src/tools/dry-run.ts";
import type { Toolset } from "../../src/tools/kinds.ts";
import { registry } from "../../src/tools/registry.ts";
import { code, table } from "./markdown.ts";

/** One row a tool, for the README; each leads to its section of docs/tools.md. */
export function toolTable(): string {
  const rows = registry.map(({ name, toolset, kind, scopes, title }) => [
    `[${code(name)}](docs/tools.md#${name})`,
    toolset,
    kind,
    scopeList(scopes),
    title,
  ]);
  return table(["tool", "toolset", "kind", "scopes", "what it does"], rows);
}

/** One section a toolset, and in it one a tool. */
export function toolSections(): string {
  const toolsets = Map.groupBy(registry, ({ toolset }) => toolset);
  return [...toolsets]
    .map(([toolset, tools]) => [heading(toolset), ...tools.map(section)].join("\n\n"))
    .join("\n\n");
}

function heading(toolset: Toolset): string {
  return `## Toolset ${toolset}`;
}

function section(tool: ToolFacts): string {
  const { name, title, kind, scopes, description, inputSchema } = tool;
  const rows = argumentRows(inputSchema);
  const hints = [
    `**${title}** · ${kind} · scopes: ${scopeList(scopes)}`,
    ...(kind === "deploy" && tool.idempotent ? ["Repeating a call changes nothing more."] : []),
    ...(tool.untrusted.length === 0
      ? []
      : [`Outsiders can write these fields of the answer: ${tool.untrusted.map(code).join(", ")}.`]),
  ];
  return [
    `### ${name}`,
    hints.join("\n\n"),
    description,
    ...(rows.length === 0 ? [] : [table(["argument", "type", "needed", "what it is"], rows)]),
  ].join("\n\n");
}

function scopeList(scopes: readonly string[]): string {
  return scopes.map(code).join(" ");
}

/** One row an argument, and one for each member of what it holds: `jwt_configuration.alg`, `scopes[].value`. */
function argumentRows(schema: JsonObject, prefix = ""): string[][] {
  const needed = asStrings(schema["required"]);
  return Object.entries(asObject(schema["properties"]) ?? {}).flatMap(([name, value]) => {
    const property = asObject(value) ?? {};
    if (prefix === "" && name === DRY_RUN) return [];
    const items = asObject(property["items"]);
    const path = prefix + name;
    return [
      [
        code(path),
        typeOf(property),
        needed.includes(name) ? "yes" : "",
        asString(property["description"]) ?? "",
      ],
      ...argumentRows(property, `${path}.`),
      ...(items === undefined ? [] : argumentRows(items, `${path}[].`)),
    ];
  });
}

function typeOf(schema: JsonObject): string {
  const items = asObject(schema["items"]);
  if (items !== undefined) return `list of ${typeOf(items)}`;
  const values = asStrings(schema["enum"]);
  if (values.length > 0) return values.map(code).join(", ");
  return asString(schema["type"]) ?? "any";
}
