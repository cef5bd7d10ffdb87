import { indentAt, indentUnit, lineEnd } from "../document.ts";
import { endOf, type JsonNode, propertiesOf } from "./json-tree.ts";
import type { Way } from "./json-way.ts";
import type { JsonStyle } from "./json-write.ts";

/** What properties of an object look like, so that a new one looks like them. */
export interface Layout {
  /** How a property of the innermost object is written. */
  readonly style: JsonStyle;
  /** What a new line in that object begins with. */
  readonly newLine: string;
  /** The same for its closing brace. */
  readonly closingLine: string;
}

/** The layout of the innermost object. One that is empty is taken to look like the one around it. */
export function layoutOf(text: string, { outer, innermost: object }: Way): Layout {
  const eol = lineEnd(text);
  const unit = unitOf(text, outer[0]?.object ?? object);
  const properties = propertiesOf(object);
  const around = outer.at(-1)?.object ?? object;
  const example = properties[0] ?? propertiesOf(around)[0];
  const opening = properties.length > 0 ? object : around;
  const ownIndent = indentAt(text, object.offset);
  const firstOfLine = properties.findLast(({ start }) => isFirstOfLine(text, start));
  const indent = firstOfLine === undefined ? ownIndent + unit : indentAt(text, firstOfLine.start);
  const lines = { newLine: eol + indent, closingLine: eol + ownIndent };
  if (example === undefined || text.slice(opening.offset, example.start).includes("\n")) {
    return { style: { kind: "lines", indent, unit, eol }, ...lines };
  }
  const colon = endOf(example.key);
  const compact = !/\s/.test(text.slice(colon, example.value.offset));
  return { style: { kind: compact ? "compact" : "spaced" }, ...lines };
}

function unitOf(text: string, root: JsonNode): string {
  const [first] = propertiesOf(root);
  const indent =
    first !== undefined && isFirstOfLine(text, first.start) ? indentAt(text, first.start) : undefined;
  return indent || indentUnit(text);
}

function isFirstOfLine(text: string, offset: number): boolean {
  return /(^|\n)[ \t]*$/.test(text.slice(Math.max(0, text.lastIndexOf("\n", offset - 1)), offset));
}
