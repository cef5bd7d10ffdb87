import { asObject, asString, type Json, type JsonObject } from "../../src/lib/json.ts";
import type { ToolFacts } from "../../src/tools/define.ts";

/** One node of a tool's schema. */
export interface SchemaNode {
  /** As in `refresh_token.leeway` or `scopes[].value`; empty at the root. */
  readonly path: string;
  readonly schema: JsonObject;
  /** Whether it is a property of an object, and not the item of a list or the root. */
  readonly isProperty: boolean;
  /** Arguments in which a value stands at this node. */
  argumentsWith(value: Json): Json;
}

/** Every node of the schema of a tool's arguments, the root first. */
export function schemaNodes(tool: ToolFacts): SchemaNode[] {
  const root = {
    path: "",
    schema: tool.inputSchema,
    isProperty: false,
    argumentsWith: (value: Json) => value,
  };
  return below(root);
}

function below(node: SchemaNode): SchemaNode[] {
  const members = Object.entries(asObject(node.schema["properties"]) ?? {}).map(([name, schema]) => ({
    path: node.path === "" ? name : `${node.path}.${name}`,
    schema: asObject(schema) ?? {},
    isProperty: true,
    argumentsWith: (value: Json) => node.argumentsWith({ [name]: value }),
  }));
  const items = asObject(node.schema["items"]);
  const item = items === undefined ? [] : [itemOf(node, items)];
  return [node, ...[...members, ...item].flatMap(below)];
}

function itemOf(node: SchemaNode, schema: JsonObject): SchemaNode {
  return {
    path: `${node.path}[]`,
    schema,
    isProperty: false,
    argumentsWith: (value) => node.argumentsWith([value]),
  };
}

/** Everything a tool says to a model: its own words and those of its arguments. */
export function textsOf(tool: ToolFacts): string[] {
  const descriptions = schemaNodes(tool).map(({ schema }) => asString(schema["description"]) ?? "");
  return [tool.title, tool.description, ...descriptions];
}
