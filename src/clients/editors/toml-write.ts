import type { Json } from "../../lib/json.ts";

/** Writes a value on one line. */
export function writeTomlValue(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(writeTomlValue).join(", ")}]`;
  if (value === null) throw new TypeError("TOML has no null");
  if (typeof value === "object") {
    const members = Object.entries(value).map(([key, member]) => writeTomlAssignment([key], member));
    return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
  }
  // TOML's basic strings have JSON's escapes, and want the delete character escaped as well.
  return JSON.stringify(value).replaceAll("\u007f", "\\u007F");
}

/** Writes a key and its value on one line. */
export function writeTomlAssignment(path: readonly string[], value: Json): string {
  return `${writeTomlKey(path)} = ${writeTomlValue(value)}`;
}

/** A dotted key, each part quoted when it must be. */
export function writeTomlKey(path: readonly string[]): string {
  return path.map((key) => (/^[A-Za-z0-9_-]+$/.test(key) ? key : writeTomlValue(key))).join(".");
}
