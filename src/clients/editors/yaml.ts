import { isMap, isSeq } from "yaml";
import { type Json, type JsonObject, sameJson } from "../../lib/json.ts";
import { DocumentError, indentAt, indentUnit, lineEnd, lineOf, lineStart, lineStop } from "../document.ts";
import {
  applySplices,
  type Edited,
  type Editor,
  entryAt,
  type Footprint,
  type Place,
  type Range,
  type Splice,
} from "./editor.ts";
import { addMember, type Inline, removeMember } from "./inline.ts";
import {
  colonEnd,
  dashes,
  endOf,
  indicatorEnd,
  isBlock,
  isFlow,
  isMissing,
  pairNamed,
  parseYamlTree,
  startOf,
  type YamlMap,
  type YamlPair,
  type YamlSeq,
} from "./yaml-tree.ts";
import { writeFlow, writeLines, writeScalar } from "./yaml-write.ts";

/** YAML. A new entry is written in lines, or between brackets where its neighbours are. */
export const yamlEditor: Editor = { parse, set, remove, ranges };

/** What a level is indented by, in a document where tabs cannot be. */
function unitOf(text: string): string {
  const unit = indentUnit(text);
  return unit.includes("\t") ? "  " : unit;
}

function parse(text: string): Json | undefined {
  return parseYamlTree(text).data;
}

/** Where an entry stands, or how far the way to it goes. */
interface Way {
  /** The pairs on the way, the outermost first, each in the map before it. */
  readonly pairs: readonly { readonly map: YamlMap; readonly pair: YamlPair }[];
  /** Keys that are not there, the entry's own name not counted. */
  readonly missing: readonly string[];
  /** What holds the entry, or the innermost part of the way that is there; `undefined` for a value left out. */
  readonly holder: YamlMap | YamlSeq | undefined;
}

function wayTo(text: string, root: unknown, { path, list }: Place): Way {
  const pairs: { map: YamlMap; pair: YamlPair }[] = [];
  let node: unknown = root;
  for (const [depth, key] of path.entries()) {
    const map = mapAt(text, node, path[depth - 1]);
    const pair = pairNamed(map, key);
    if (pair === undefined) return { pairs, missing: path.slice(depth), holder: map };
    pairs.push({ map, pair });
    node = pair.value;
    if (isMissing(node)) return { pairs, missing: path.slice(depth + 1), holder: undefined };
  }
  if (!list) return { pairs, missing: [], holder: mapAt(text, node, path.at(-1)) };
  if (!isSeq(node)) throw new DocumentError(`holds no list at "${path.at(-1)}"`, lineOf(text, startOf(node)));
  return { pairs, missing: [], holder: node };
}

function mapAt(text: string, node: unknown, key: string | undefined): YamlMap {
  if (isMap(node)) return node;
  const what = key === undefined ? "holds no mapping" : `holds no mapping at "${key}"`;
  throw new DocumentError(what, isMissing(node) ? undefined : lineOf(text, startOf(node)));
}

/** The entry's value, and where the whole of it begins and ends. */
function findEntry(
  { missing, holder }: Way,
  { name, list }: Place,
): { value: unknown; start: number; end: number } | undefined {
  if (missing.length > 0 || holder === undefined) return undefined;
  if (isMap(holder)) {
    const pair = pairNamed(holder, name);
    return pair === undefined ? undefined : { value: pair.value, start: startOf(pair), end: endOf(pair) };
  }
  const index = list ? holder.items.findIndex((item) => isMap(item) && item.get("name") === name) : -1;
  if (index === -1) return undefined;
  const value = holder.items[index];
  return { value, start: dashes(holder)[index] ?? startOf(value), end: endOf(value) };
}

function set(text: string, place: Place, fields: JsonObject): Edited {
  const { root } = parseYamlTree(text);
  if (root === undefined) {
    const { lead, tail } = lineAround(text);
    const lines = newLines(place.path, place, fields, "", unitOf(text)).join(lineEnd(text));
    return { text: text + lead + lines + tail, footprint: { made: place.path.length, lead, tail } };
  }
  const way = wayTo(text, root, place);
  if (findEntry(way, place) === undefined) return addEntry(text, way, place, fields);
  return {
    text: Object.entries(fields).reduce(
      (current, [key, value]) => withField(current, place, key, value),
      text,
    ),
  };
}

function lineAround(text: string): { lead: string; tail: string } {
  const eol = lineEnd(text);
  return text === "" || text.endsWith("\n") ? { lead: "", tail: eol } : { lead: eol, tail: "" };
}

/** An entry's lines below the keys that lead to it. */
function newLines(
  keys: readonly string[],
  { name, list }: Place,
  fields: JsonObject,
  indent: string,
  unit: string,
): string[] {
  const [key, ...rest] = keys;
  if (key !== undefined) {
    const place: Place = { path: [], name, list: list === true };
    return [`${indent}${writeScalar(key)}:`, ...newLines(rest, place, fields, indent + unit, unit)];
  }
  if (!list) return [`${indent}${writeScalar(name)}:`, ...writeLines(fields, indent + unit)];
  const [first = "", ...others] = writeLines({ name, ...fields }, `${indent}  `);
  return [`${indent}- ${first.trimStart()}`, ...others];
}

function addEntry(text: string, { pairs, missing, holder }: Way, place: Place, fields: JsonObject): Edited {
  const made = missing.length;
  if (holder !== undefined && isFlow(holder)) {
    const { splices, lead, tail } = addMember(text, membersOf(holder), flowMember(missing, place, fields));
    return { text: applySplices(text, splices), footprint: { made, lead, tail } };
  }
  if (holder !== undefined && !isBlock(holder))
    throw new DocumentError("is written in a way that cannot be edited");
  const last = pairs.at(-1);
  const column = holder === undefined ? undefined : columnOf(text, holder);
  const indent = column ?? (last === undefined ? "" : columnOf(text, last.map) + unitOf(text));
  const after = holder !== undefined ? endOf(holder) : last === undefined ? 0 : indicatorEnd(last.pair);
  const lines = newLines(missing, place, fields, indent, unitOf(text));
  const { splice, lead, tail } = insertLines(text, after, lines, indent);
  const footprint = { made, lead, tail, ...(holder === undefined ? { bare: true } : {}) };
  return { text: applySplices(text, [splice]), footprint };
}

function flowMember([key, ...rest]: readonly string[], { name, list }: Place, fields: JsonObject): string {
  const entry: JsonObject = list ? { name, ...fields } : { [name]: fields };
  if (key === undefined) return list ? writeFlow(entry) : `${writeFlow(name)}: ${writeFlow(fields)}`;
  const value = rest.reduceRight<Json>((inner, outer) => ({ [outer]: inner }), list ? [entry] : entry);
  return `${writeFlow(key)}: ${writeFlow(value)}`;
}

/** The blanks that each member of a block collection stands behind. */
function columnOf(text: string, collection: YamlMap | YamlSeq): string {
  const start = dashes(collection)[0] ?? startOf(collection.items[0]);
  return " ".repeat(start - lineStart(text, start));
}

/** Puts lines below the one on which `after` is, or where `after` is when a line begins there. */
function insertLines(
  text: string,
  after: number,
  lines: readonly string[],
  indent: string,
): { splice: Splice; lead: string; tail: string } {
  const eol = lineEnd(text);
  const body = lines.join(eol).slice(indent.length);
  const line = lineStart(text, after);
  const fresh = line > 0 && text.slice(line, after).trim() === "";
  const at = fresh ? line : lineStop(text, after);
  const lead = fresh ? indent : eol + indent;
  const tail = fresh ? eol : "";
  return { splice: { at, remove: 0, insert: lead + body + tail }, lead, tail };
}

function membersOf(collection: YamlMap | YamlSeq): Inline {
  const members = collection.items.map((item) => [startOf(item), endOf(item)] as const);
  return { open: startOf(collection), close: endOf(collection) - 1, members };
}

function withField(text: string, place: Place, key: string, value: Json): string {
  const { root, data } = parseYamlTree(text);
  const entry = findEntry(wayTo(text, root, place), place);
  const map = mapAt(text, entry?.value, place.name);
  const pair = pairNamed(map, key);
  if (pair === undefined) return applySplices(text, newField(text, map, key, value));
  const current = entryAt(entryAt(data, place), { path: [], name: key });
  if (sameJson(current, value)) return text;
  return applySplices(text, [replaceValue(text, pair, value)]);
}

function newField(text: string, map: YamlMap, key: string, value: Json): readonly Splice[] {
  if (isFlow(map)) return addMember(text, membersOf(map), `${writeFlow(key)}: ${writeFlow(value)}`).splices;
  const indent = columnOf(text, map);
  return [insertLines(text, endOf(map), writeLines({ [key]: value }, indent), indent).splice];
}

function replaceValue(text: string, pair: YamlPair, value: Json): Splice {
  const written = writeScalar(value);
  if (isMissing(pair.value)) return { at: indicatorEnd(pair), remove: 0, insert: ` ${written}` };
  const end = withoutLineEnd(text, endOf(pair.value));
  const start = startOf(pair.value);
  const ownLine = lineStart(text, start) !== lineStart(text, colonEnd(pair));
  const isMultiline = isBlock(pair.value) || ownLine || endOf(pair.value) !== end;
  if (!isMultiline) return { at: start, remove: end - start, insert: written };
  const at = colonEnd(pair);
  return { at, remove: end - at, insert: ` ${written}` };
}

function withoutLineEnd(text: string, offset: number): number {
  return offset - (/\r?\n$/.exec(text.slice(Math.max(0, offset - 2), offset))?.[0].length ?? 0);
}

function remove(text: string, place: Place, footprint?: Footprint): string {
  const { root } = parseYamlTree(text);
  if (root === undefined) return text;
  const way = wayTo(text, root, place);
  const entry = findEntry(way, place);
  if (entry === undefined || way.holder === undefined) return text;

  let holder: YamlMap | YamlSeq = way.holder;
  let start = entry.start;
  let made = footprint?.made ?? 0;
  let depth = way.pairs.length;
  for (; made > 0 && holder.items.length === 1; made--) {
    const outer = way.pairs[--depth];
    if (outer === undefined || !/^[\s{[]*$/.test(text.slice(indicatorEnd(outer.pair), start))) break;
    holder = outer.map;
    start = startOf(outer.pair);
  }
  const own = made === 0 ? footprint : undefined;
  if (isFlow(holder)) return applySplices(text, removeMember(text, membersOf(holder), start, own));
  const splices = [removeLines(text, holder, start, own)];
  const emptied = way.pairs[depth - 1];
  if (holder.items.length === 1 && emptied !== undefined && own?.bare !== true) {
    splices.push({ at: indicatorEnd(emptied.pair), remove: 0, insert: isSeq(holder) ? " []" : " {}" });
  }
  return applySplices(text, splices);
}

function ranges(text: string, place: Place): readonly Range[] {
  const { root } = parseYamlTree(text);
  if (root === undefined) return [];
  const entry = findEntry(wayTo(text, root, place), place);
  return entry === undefined ? [] : [[entry.start, entry.end]];
}

function removeLines(
  text: string,
  holder: YamlMap | YamlSeq,
  start: number,
  footprint: Footprint | undefined,
): Splice {
  const starts = isSeq(holder) ? dashes(holder) : holder.items.map(startOf);
  const index = starts.indexOf(start);
  const end = endOf(holder.items[index]);
  if (footprint !== undefined) {
    const { lead, tail } = footprint;
    if (text.slice(0, start).endsWith(lead) && text.startsWith(tail, end)) {
      const at = start - lead.length;
      return { at, remove: end + tail.length - at, insert: "" };
    }
  }
  const at = start - indentAt(text, start).length;
  const last = withoutLineEnd(text, end);
  const line = lineStart(text, last);
  const previous = holder.items[index - 1];
  const followsBlock = !isMissing(previous) && text[endOf(previous) - 1] === "\n";
  const pattern = followsBlock ? lineAndInside(start - lineStart(text, start)) : /^[^\n]*(\n|$)/;
  return { at, remove: line + (pattern.exec(text.slice(line))?.[0].length ?? 0) - at, insert: "" };
}

/**
 * A line with the blank lines and the comments below it that are indented deeper than `column`: behind a block scalar
 * they would become part of it.
 */
function lineAndInside(column: number): RegExp {
  return new RegExp(`^[^\\n]*(\\n|$)(?:[ \\t]*\\r?\\n|[ ]{${column + 1},}#[^\\n]*(?:\\n|$))*`);
}
