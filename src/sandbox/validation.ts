import { isObject, type Json, type JsonObject, sameJson } from "../lib/json.ts";
import { ApiFault } from "./fault.ts";
import { type Format, matchesFormat } from "./formats.ts";

export type TypeName = "string" | "integer" | "number" | "boolean" | "array" | "object" | "null";

/**
 * What a value must be, as pure data: the part of JSON Schema that the Management API's own rules need.
 * An object that declares `properties` refuses all others unless `additionalProperties` says otherwise.
 */
export interface Schema {
  readonly type?: TypeName | readonly TypeName[];
  /** The API prints it in brackets behind the property's name. */
  readonly description?: string;
  readonly enum?: readonly Json[];
  readonly pattern?: RegExp;
  readonly format?: Format;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly minProperties?: number;
  readonly maxProperties?: number;
}

interface Violation {
  readonly message: string;
  /** Like `jwt_configuration.alg` or `scopes[0].value`; empty at the root. */
  readonly property: string;
  readonly description?: string | undefined;
}

/** The same schema that also takes `null`, by which a PATCH clears a setting. */
export function nullable(schema: Schema): Schema {
  const types = schema.type === undefined ? [] : [schema.type].flat();
  const values = schema.enum === undefined ? {} : { enum: [...schema.enum, null] };
  return { ...schema, ...(types.length > 0 ? { type: [...types, "null"] } : {}), ...values };
}

/** Throws a 400 `invalid_body` in the API's words when the body is not what the schema says. */
export function checkBody(schema: Schema, body: Json): void {
  refuse("Payload", "invalid_body", findViolations(schema, body));
}

/** Throws a 400 `invalid_uri` when a path parameter is not what its schema says. */
export function checkPath(properties: Readonly<Record<string, Schema>>, params: JsonObject): void {
  refuse("Path", "invalid_uri", findViolations({ type: "object", properties }, params));
}

/**
 * The query as typed values: numbers, booleans, and arrays for parameters that may be repeated.
 * Throws a 400 `invalid_query_string` for a parameter that is unknown or of another kind.
 */
export function checkQuery(
  properties: Readonly<Record<string, Schema>>,
  query: URLSearchParams,
  required: readonly string[] = [],
): JsonObject {
  const typed: JsonObject = {};
  for (const name of new Set(query.keys()))
    typed[name] = typedParameter(properties[name], query.getAll(name));
  refuse("Query", "invalid_query_string", findViolations({ type: "object", properties, required }, typed));
  return typed;
}

function typedParameter(schema: Schema | undefined, values: readonly string[]): Json {
  const type = schema?.type;
  if (type === "array") return [...values];
  const [value, ...more] = values;
  if (value === undefined || more.length > 0) return [...values];
  if (type === "boolean" && (value === "true" || value === "false")) return value === "true";
  if ((type === "integer" || type === "number") && /^-?\d+(\.\d+)?$/.test(value)) return Number(value);
  return value;
}

function refuse(part: string, errorCode: string, violations: readonly Violation[]): void {
  if (violations.length === 0) return;
  const texts = violations.map(({ message, property, description }) => {
    const place = property === "" ? "" : ` on property ${property}`;
    return `'${message}'${place}${place !== "" && description ? ` (${description})` : ""}`;
  });
  throw new ApiFault(400, `${part} validation error: ${texts.join(", ")}.`, errorCode);
}

function findViolations(schema: Schema, value: Json, property = ""): Violation[] {
  const found = (message: string): Violation => ({ message, property, description: schema.description });
  const type = typeOf(value);
  const allowed = schema.type === undefined ? undefined : [schema.type].flat();
  if (allowed && !allowed.some((name) => name === type || (name === "number" && type === "integer"))) {
    return [found(`Expected type ${allowed.join(",")} but found type ${type}`)];
  }
  if (schema.enum && !schema.enum.some((item) => sameJson(item, value))) {
    return [found(`No enum match for: ${typeof value === "string" ? value : JSON.stringify(value)}`)];
  }
  if (typeof value === "string") return stringProblems(schema, value).map(found);
  if (typeof value === "number") return numberProblems(schema, value).map(found);
  if (Array.isArray(value)) {
    const { items } = schema;
    return [
      ...arrayProblems(schema, value).map(found),
      ...(items ? value.flatMap((item, index) => findViolations(items, item, `${property}[${index}]`)) : []),
    ];
  }
  return isObject(value) ? objectViolations(schema, value, property, found) : [];
}

function objectViolations(
  schema: Schema,
  value: JsonObject,
  property: string,
  found: (message: string) => Violation,
): Violation[] {
  const {
    properties = {},
    required = [],
    additionalProperties: others = schema.properties === undefined,
  } = schema;
  const names = Object.keys(value);
  const violations: Violation[] = [];
  const surplus = others === false ? names.filter((name) => !Object.hasOwn(properties, name)) : [];
  if (surplus.length > 0) violations.push(found(`Additional properties not allowed: ${surplus.join(",")}`));
  for (const name of required) {
    if (!Object.hasOwn(value, name)) violations.push(found(`Missing required property: ${name}`));
  }
  const { minProperties = 0, maxProperties = Number.POSITIVE_INFINITY } = schema;
  if (names.length < minProperties) {
    violations.push(found(`Too few properties defined (${names.length}), minimum ${minProperties}`));
  }
  if (names.length > maxProperties) {
    violations.push(found(`Too many properties defined (${names.length}), maximum ${maxProperties}`));
  }
  for (const [name, item] of Object.entries(value)) {
    const own = Object.hasOwn(properties, name) ? properties[name] : undefined;
    const inner = own ?? (typeof others === "object" ? others : undefined);
    if (inner)
      violations.push(...findViolations(inner, item, property === "" ? name : `${property}.${name}`));
  }
  return violations;
}

function stringProblems(schema: Schema, value: string): string[] {
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern, format } = schema;
  const length = [...value].length;
  if (length < minLength) return [`String is too short (${length} chars), minimum ${minLength}`];
  if (length > maxLength) return [`String is too long (${length} chars), maximum ${maxLength}`];
  if (pattern && !pattern.test(value)) return [`String does not match pattern ${pattern.source}: ${value}`];
  if (format && !matchesFormat(format, value)) {
    return [`Object didn't pass validation for format ${format}: ${value}`];
  }
  return [];
}

function numberProblems(schema: Schema, value: number): string[] {
  const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = schema;
  if (value < minimum) return [`Value ${value} is less than minimum ${minimum}`];
  if (value > maximum) return [`Value ${value} is greater than maximum ${maximum}`];
  return [];
}

function arrayProblems(schema: Schema, value: readonly Json[]): string[] {
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY, uniqueItems } = schema;
  if (value.length < minItems) return [`Array is too short (${value.length}), minimum ${minItems}`];
  if (value.length > maxItems) return [`Array is too long (${value.length}), maximum ${maxItems}`];
  if (!uniqueItems) return [];
  for (const [second, item] of value.entries()) {
    const first = value.findIndex((other) => sameJson(other, item));
    if (first < second) return [`Array items are not unique (indexes ${first} and ${second})`];
  }
  return [];
}

function typeOf(value: Json): TypeName {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  if (typeof value === "string") return "string";
  return typeof value === "boolean" ? "boolean" : "object";
}
