import type { Json, JsonObject } from "../../lib/json.ts";
import { writeJson } from "./json-write.ts";

/** Plain scalars that every version of YAML reads as this very text. */
const PLAIN = /^(?!(?:true|false|yes|no|on|off|null|y|n)$)[A-Za-z/][A-Za-z0-9_./@-]*$/i;

/** A value on one line, in quotes only where it must be. */
export function writeScalar(value: Json): string {
  return typeof value === "string" && PLAIN.test(value) ? value : writeFlow(value);
}

/** A value on one line as JSON, which is YAML but for characters that YAML does not print. */
export function writeFlow(value: Json): string {
  return writeJson(value, { kind: "spaced" }).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** The lines of a map, each behind `indent`. */
export function writeLines(fields: JsonObject, indent: string): string[] {
  return Object.entries(fields).map(([key, value]) => `${indent}${writeScalar(key)}: ${writeScalar(value)}`);
}
