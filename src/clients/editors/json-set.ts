import { type Json, type JsonObject, sameJson } from "../../lib/json.ts";
import { indentUnit, lineEnd } from "../document.ts";
import { applySplices, type Edited, type Place, type Splice } from "./editor.ts";
import { layoutOf } from "./json-layout.ts";
import { dataOf, endOf, findProperty, parseJsonTree, propertiesOf, triviaBetween } from "./json-tree.ts";
import { findEntry, type Way, wayTo } from "./json-way.ts";
import { type JsonStyle, writeJson, writeProperty } from "./json-write.ts";

/** `Editor.set` for JSON. */
export function setEntry(text: string, place: Place, fields: JsonObject): Edited {
  const { path, name } = place;
  const root = parseJsonTree(text);
  if (root === undefined || findEntry(text, root, place) === undefined) {
    return setProperty(text, path, name, fields);
  }
  // One field after the other, each on the text that the former one left.
  const edited = Object.entries(fields).reduce(
    (current, [key, value]) => setProperty(current, [...path, name], key, value).text,
    text,
  );
  return { text: edited };
}

/** Gives a property a value, and makes it and the objects on the way to it where they are missing. */
function setProperty(text: string, path: readonly string[], key: string, value: Json): Edited {
  const root = parseJsonTree(text);
  if (root === undefined) return newDocument(text, [...path, key], value);
  const way = wayTo(text, root, path);
  const [first = key, ...rest] = [...way.missing, key];
  const property = findProperty(text, way.innermost, first);
  if (property === undefined) {
    const { splices, lead, tail } = addProperty(text, way, first, nested(rest, value));
    return { text: applySplices(text, splices), footprint: { made: way.missing.length, lead, tail } };
  }
  if (sameJson(dataOf(text, property.value), value)) return { text };
  const { offset, length } = property.value;
  const insert = writeJson(value, layoutOf(text, way).style);
  return { text: applySplices(text, [{ at: offset, remove: length, insert }]) };
}

function nested(keys: readonly string[], value: Json): Json {
  return keys.reduceRight<Json>((inner, key) => ({ [key]: inner }), value);
}

function newDocument(text: string, keys: readonly string[], value: Json): Edited {
  const eol = lineEnd(text);
  const lead = text === "" || text.endsWith("\n") ? "" : eol;
  const tail = text === "" || text.endsWith("\n") ? eol : "";
  const style: JsonStyle = { kind: "lines", indent: "", unit: indentUnit(text), eol };
  return {
    text: text + lead + writeJson(nested(keys, value), style) + tail,
    footprint: { made: keys.length, lead, tail },
  };
}

interface Added {
  readonly splices: readonly Splice[];
  readonly lead: string;
  readonly tail: string;
}

/** Appends a property to the innermost object, by insertions alone. */
function addProperty(text: string, way: Way, key: string, value: Json): Added {
  const { innermost: object } = way;
  const { style, newLine, closingLine } = layoutOf(text, way);
  const closing = endOf(object) - 1;
  const previous = propertiesOf(object).at(-1);
  const trivia = triviaBetween(text, previous?.end ?? object.offset + 1, closing);
  const written = writeProperty(key, value, style);
  const blank = style.kind === "spaced" ? " " : "";
  const lines = style.kind === "lines" || trivia.lineComment;

  if (previous === undefined) {
    const rest = text.slice(trivia.last, closing);
    if (rest.includes("\n")) return added(trivia.last, lines ? newLine : blank, written, "");
    return lines
      ? added(closing, newLine, written, closingLine)
      : added(closing, rest === "" ? blank : "", written, blank);
  }
  const lead = lines ? newLine : blank;
  const entry = added(trivia.last, lead, written, "");
  if (trivia.comma === undefined) {
    return { ...entry, splices: [{ at: previous.end, remove: 0, insert: "," }, ...entry.splices] };
  }
  return { ...entry, splices: [{ at: trivia.last, remove: 0, insert: `${lead}${written},` }] };
}

function added(at: number, lead: string, written: string, tail: string): Added {
  return { splices: [{ at, remove: 0, insert: lead + written + tail }], lead, tail };
}
