import { type Json, type JsonObject, sameJson } from "../../lib/json.ts";
import { DocumentError, indentUnit, lineEnd, lineStart, lineStop } from "../document.ts";
import { applySplices, type Edited, entryAt, type Place, type Splice } from "./editor.ts";
import { addMember } from "./inline.ts";
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
  withoutLineEnd,
  type YamlMap,
  type YamlPair,
  type YamlSeq,
} from "./yaml-tree.ts";
import { findEntry, mapAt, membersOf, type Way, wayTo } from "./yaml-way.ts";
import { writeFlow, writeLines, writeScalar } from "./yaml-write.ts";

/** `Editor.set` for YAML. */
export function setEntry(text: string, place: Place, fields: JsonObject): Edited {
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

/** What a level is indented by, in a document where tabs cannot be. */
function unitOf(text: string): string {
  const unit = indentUnit(text);
  return unit.includes("\t") ? "  " : unit;
}
