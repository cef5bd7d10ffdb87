import type { Json } from "../../lib/json.ts";

/** How a value is written: one member a line, on one line with blanks, or without any. */
export type JsonStyle =
  | { readonly kind: "lines"; readonly indent: string; readonly unit: string; readonly eol: string }
  | { readonly kind: "spaced" }
  | { readonly kind: "compact" };

/** Writes a value. Lists stay on one line; `indent` is that of the line on which the value begins. */
export function writeJson(value: Json, style: JsonStyle): string {
  if (style.kind === "compact") return JSON.stringify(value);
  if (Array.isArray(value)) {
    return `[${value.map((item) => writeJson(item, { kind: "spaced" })).join(", ")}]`;
  }
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value);
  if (members.length === 0) return "{}";
  if (style.kind === "spaced") {
    return `{ ${members.map(([key, member]) => writeProperty(key, member, style)).join(", ")} }`;
  }
  const inner = { ...style, indent: style.indent + style.unit };
  const lines = members.map(([key, member]) => style.eol + inner.indent + writeProperty(key, member, inner));
  return `{${lines.join(",")}${style.eol}${style.indent}}`;
}

/** Writes a key and its value. */
export function writeProperty(key: string, value: Json, style: JsonStyle): string {
  return `${JSON.stringify(key)}:${style.kind === "compact" ? "" : " "}${writeJson(value, style)}`;
}
