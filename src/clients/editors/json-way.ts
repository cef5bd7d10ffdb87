import { DocumentError, lineOf } from "../document.ts";
import type { Place } from "./editor.ts";
import { findProperty, type JsonNode, type Property } from "./json-tree.ts";

/** A property, and the object it is in. */
export interface Member {
  readonly object: JsonNode;
  readonly property: Property;
}

/** How far the way along some keys goes. */
export interface Way {
  /** The properties that lead on, the outermost first, each in the value of the one before it. */
  readonly outer: readonly Member[];
  /** The object that the last of them leads to; the root where there is none. */
  readonly innermost: JsonNode;
  /** Keys that are not there. */
  readonly missing: readonly string[];
}

/** @throws DocumentError where something on the way is no object */
export function wayTo(text: string, root: JsonNode, path: readonly string[]): Way {
  const outer: Member[] = [];
  let innermost = objectAt(text, root);
  for (const [depth, key] of path.entries()) {
    const property = findProperty(text, innermost, key);
    if (property === undefined) return { outer, innermost, missing: path.slice(depth) };
    outer.push({ object: innermost, property });
    innermost = objectAt(text, property.value, key);
  }
  return { outer, innermost, missing: [] };
}

function objectAt(text: string, node: JsonNode, key?: string): JsonNode {
  if (node.type === "object") return node;
  const what = key === undefined ? "holds no JSON object" : `holds no JSON object at "${key}"`;
  throw new DocumentError(what, lineOf(text, node.offset));
}

/** An entry, and the properties it is in. */
export interface FoundEntry {
  readonly outer: readonly Member[];
  readonly entry: Member;
}

/** @returns `undefined` when the entry is not there */
export function findEntry(text: string, root: JsonNode, { path, name }: Place): FoundEntry | undefined {
  const { outer, innermost, missing } = wayTo(text, root, path);
  const property = missing.length === 0 ? findProperty(text, innermost, name) : undefined;
  return property && { outer, entry: { object: innermost, property } };
}
