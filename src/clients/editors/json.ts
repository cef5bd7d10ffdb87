import { type Json, type JsonObject, sameJson } from "../../lib/json.ts";
import { DocumentError, indentAt, indentUnit, lineEnd, lineOf } from "../document.ts";
import {
  applySplices,
  type Edited,
  type Editor,
  type Footprint,
  type Place,
  type Range,
  type Splice,
} from "./editor.ts";
import {
  dataOf,
  endOf,
  findProperty,
  type JsonNode,
  type Property,
  parseJsonTree,
  propertiesOf,
  triviaBetween,
} from "./json-tree.ts";
import { type JsonStyle, writeJson, writeProperty } from "./json-write.ts";

/** JSON, with or without comments and trailing commas. Lists of entries are not supported: no client has them. */
export const jsonEditor: Editor = { parse, set, remove, ranges };

function parse(text: string): Json | undefined {
  const root = parseJsonTree(text);
  return root === undefined ? undefined : dataOf(text, root);
}

function set(text: string, place: Place, fields: JsonObject): Edited {
  const root = parseJsonTree(text);
  if (root === undefined) return newDocument(text, place, fields);
  const { objects, missing } = containers(text, root, place);
  const innermost = objects.at(-1) ?? root;
  const [first, ...rest] = [...missing, place.name];
  const entry = findProperty(text, innermost, first ?? place.name);
  if (entry === undefined) {
    const value = rest.reduceRight<JsonObject>((inner, key) => ({ [key]: inner }), fields);
    const added = addProperty(text, objects, first ?? place.name, value);
    return {
      text: applySplices(text, added.splices),
      footprint: { made: missing.length, lead: added.lead, tail: added.tail },
    };
  }
  return { text: updated(text, place, fields) };
}

/** Sets one field after the other, each on the text that the former one left. */
function updated(text: string, place: Place, fields: JsonObject): string {
  return Object.entries(fields).reduce((current, [key, value]) => {
    const { objects, missing } = containers(current, rootOf(current), {
      path: [...place.path, place.name],
      name: key,
    });
    const entry = objects.at(-1);
    if (entry === undefined || missing.length > 0) throw new TypeError("The entry has vanished while edited");
    const field = findProperty(current, entry, key);
    if (field === undefined) return applySplices(current, addProperty(current, objects, key, value).splices);
    if (sameJson(dataOf(current, field.value), value)) return current;
    const insert = writeJson(value, layoutOf(current, objects).style);
    return applySplices(current, [{ at: field.value.offset, remove: field.value.length, insert }]);
  }, text);
}

function rootOf(text: string): JsonNode {
  const root = parseJsonTree(text);
  if (root === undefined) throw new TypeError("The document has vanished while edited");
  return root;
}

/** The objects on the way to the entries, the root first, and the keys that are not there. */
function containers(text: string, root: JsonNode, { path }: Place) {
  const objects = [objectAt(text, root, undefined)];
  const missing: string[] = [];
  let current = root;
  for (const [depth, key] of path.entries()) {
    const property = findProperty(text, current, key);
    if (property === undefined) {
      missing.push(...path.slice(depth));
      break;
    }
    current = objectAt(text, property.value, key);
    objects.push(current);
  }
  return { objects, missing };
}

function objectAt(text: string, node: JsonNode, key: string | undefined): JsonNode {
  if (node.type === "object") return node;
  const what = key === undefined ? "holds no JSON object" : `holds no JSON object at "${key}"`;
  throw new DocumentError(what, lineOf(text, node.offset));
}

function newDocument(text: string, { path, name }: Place, fields: JsonObject): Edited {
  const eol = lineEnd(text);
  const lead = text === "" || text.endsWith("\n") ? "" : eol;
  const tail = text === "" || text.endsWith("\n") ? eol : "";
  const value = [...path, name].reduceRight<JsonObject>((inner, key) => ({ [key]: inner }), fields);
  const style: JsonStyle = { kind: "lines", indent: "", unit: indentUnit(text), eol };
  return {
    text: text + lead + writeJson(value, style) + tail,
    footprint: { made: path.length + 1, lead, tail },
  };
}

interface Layout {
  /** How a property of the innermost object is written. */
  readonly style: JsonStyle;
  /** What a new line in that object begins with. */
  readonly newLine: string;
  /** The same for its closing brace. */
  readonly closingLine: string;
}

/** @param objects the root first, then each object within the one before */
function layoutOf(text: string, objects: readonly JsonNode[]): Layout {
  const eol = lineEnd(text);
  const [root] = objects;
  const unit = unitOf(text, root);
  const object = objects.at(-1);
  if (object === undefined) throw new TypeError("A layout needs an object");
  const properties = propertiesOf(object);
  const example = properties[0] ?? propertiesOf(objects.at(-2) ?? object)[0];
  const opening = properties.length > 0 ? object : (objects.at(-2) ?? object);
  const outer = indentAt(text, object.offset);
  const firstOfLine = properties.findLast(({ start }) => isFirstOfLine(text, start));
  const indent = firstOfLine === undefined ? outer + unit : indentAt(text, firstOfLine.start);
  const lines = { newLine: eol + indent, closingLine: eol + outer };
  if (example === undefined || text.slice(opening.offset, example.start).includes("\n")) {
    return { style: { kind: "lines", indent, unit, eol }, ...lines };
  }
  const colon = endOf(example.key);
  const compact = !/\s/.test(text.slice(colon, example.value.offset));
  return { style: { kind: compact ? "compact" : "spaced" }, ...lines };
}

function unitOf(text: string, root: JsonNode | undefined): string {
  const first = root === undefined ? undefined : propertiesOf(root)[0];
  const indent =
    first !== undefined && isFirstOfLine(text, first.start) ? indentAt(text, first.start) : undefined;
  return indent || indentUnit(text);
}

function isFirstOfLine(text: string, offset: number): boolean {
  return /(^|\n)[ \t]*$/.test(text.slice(Math.max(0, text.lastIndexOf("\n", offset - 1)), offset));
}

interface Added {
  readonly splices: readonly Splice[];
  readonly lead: string;
  readonly tail: string;
}

/** Appends a property to the innermost object, by insertions alone. */
function addProperty(text: string, objects: readonly JsonNode[], key: string, value: Json): Added {
  const object = objects.at(-1);
  if (object === undefined) throw new TypeError("A property needs an object");
  const { style, newLine, closingLine } = layoutOf(text, objects);
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

function remove(text: string, place: Place, footprint?: Footprint): string {
  const found = findEntry(text, place);
  if (found === undefined) return text;
  const { objects } = found;
  let depth = objects.length - 1;
  let [object, property] = [found.innermost, found.entry];
  let made = footprint?.made ?? 0;
  for (; made > 0 && holdsOnly(text, object, property); made--) {
    const outer = objects[--depth];
    if (outer === undefined) return withoutRoot(text, object, footprint);
    const holder = propertiesOf(outer).find(({ value }) => value === object);
    if (holder === undefined) throw new TypeError("An object is not in the one that holds it");
    [object, property] = [outer, holder];
  }
  // Lead and tail belong to the outermost part: when others use that by now, they say nothing about the inner one.
  return applySplices(text, removeProperty(text, object, property, made === 0 ? footprint : undefined));
}

function ranges(text: string, place: Place): readonly Range[] {
  const found = findEntry(text, place);
  return found === undefined ? [] : [[found.entry.start, found.entry.end]];
}

/** The entry and the objects it is in, the root first; `undefined` when it is not there. */
function findEntry(text: string, place: Place) {
  const root = parseJsonTree(text);
  if (root === undefined) return undefined;
  const { objects, missing } = containers(text, root, place);
  const innermost = objects.at(-1);
  if (missing.length > 0 || innermost === undefined) return undefined;
  const entry = findProperty(text, innermost, place.name);
  return entry && { objects, innermost, entry };
}

function holdsOnly(text: string, object: JsonNode, { start, end }: Property): boolean {
  const before = triviaBetween(text, object.offset + 1, start);
  const behind = triviaBetween(text, end, endOf(object) - 1);
  return propertiesOf(object).length === 1 && !before.comment && !behind.comment;
}

function withoutRoot(text: string, root: JsonNode, footprint: Footprint | undefined): string {
  const before = withoutEnd(text.slice(0, root.offset), footprint?.lead ?? "");
  const behind = withoutStart(text.slice(endOf(root)), footprint?.tail ?? "");
  return before + behind;
}

function removeProperty(
  text: string,
  object: JsonNode,
  { start, end }: Property,
  footprint: Footprint | undefined,
): Splice[] {
  const properties = propertiesOf(object);
  const index = properties.findIndex((property) => property.start === start);
  const next = properties[index + 1];
  const previous = properties[index - 1];
  const before = triviaBetween(text, previous?.end ?? object.offset + 1, start);
  const behind = triviaBetween(text, end, next?.start ?? endOf(object) - 1);
  const splices: Splice[] = [];

  let stop = end;
  if (behind.comma === undefined) {
    if (before.comma !== undefined) splices.push({ at: before.comma, remove: 1, insert: "" });
  } else if (text.slice(end, behind.comma).trim() === "") stop = behind.comma + 1;
  else splices.push({ at: behind.comma, remove: 1, insert: "" });

  const { lead = "", tail = "" } = footprint ?? {};
  const ownTail = text.startsWith(tail, stop) ? tail : "";
  stop += ownTail.length;
  const blanks = text.slice(before.last, start);
  const ownLead = footprint !== undefined && blanks.endsWith(lead) ? lead : blanks;
  // A comment that takes the rest of its line must not swallow what comes up behind it.
  const keepsLine = before.lineComment && !/^[ \t]*(\r?\n|$)/.test(text.slice(stop));
  const from = keepsLine && ownLead.length === blanks.length ? start : start - ownLead.length;
  splices.push({ at: from, remove: stop - from, insert: "" });
  return splices;
}

function withoutEnd(text: string, end: string): string {
  return end !== "" && text.endsWith(end) ? text.slice(0, -end.length) : text;
}

function withoutStart(text: string, start: string): string {
  return text.startsWith(start) ? text.slice(start.length) : text;
}
