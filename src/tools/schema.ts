import { z } from "zod";
import { isObject, type Json, type JsonObject } from "../lib/json.ts";
import { DRY_RUN } from "./dry-run.ts";
import type { ToolKind } from "./kinds.ts";

const dryRunProperty: JsonObject = {
  type: "boolean",
  description: "Preview only",
};

/**
 * Keywords that some clients reject or misread, and that a model needs only in words: the descriptions say them. The
 * limits behind them are checked here, whatever a client makes of the schema.
 */
const LEFT_OUT = new Set([
  ...["$schema", "pattern", "format", "propertyNames", "default"],
  ...["minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum"],
]);

/** The JSON Schema of a tool's arguments, in the profile that every known MCP client accepts. */
export function inputSchema(input: z.ZodObject, kind: ToolKind): JsonObject {
  const generated: unknown = z.toJSONSchema(input, { target: "draft-7", io: "input" });
  const schema = plain(generated);
  if (!isObject(schema)) throw new TypeError("a tool's input must be an object schema");
  const properties = isObject(schema["properties"]) ? schema["properties"] : {};
  return {
    type: "object",
    properties: kind === "read" ? properties : { ...properties, [DRY_RUN]: dryRunProperty },
    ...(Array.isArray(schema["required"]) ? { required: schema["required"] } : {}),
    additionalProperties: false,
  };
}

/** Rewrites one schema node, and below `properties` every property's. */
function plain(node: unknown): Json {
  if (Array.isArray(node)) return node.map(plain);
  if (!isObject(node)) return isScalar(node) ? node : null;
  const result: JsonObject = {};
  for (const [key, value] of Object.entries(node)) {
    // A typed map is outside the profile; `type: object` alone says that it is free-form.
    const typedMap = key === "additionalProperties" && isObject(value);
    if (LEFT_OUT.has(key) || typedMap) continue;
    result[key] = key === "properties" && isObject(value) ? plainMembers(value) : plain(value);
  }
  return result;
}

/** The names below `properties` are no keywords, whatever they are called. */
function plainMembers(properties: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(properties).map(([name, child]) => [name, plain(child)]));
}

function isScalar(value: unknown): value is null | boolean | number | string {
  return value === null || ["boolean", "number", "string"].includes(typeof value);
}
