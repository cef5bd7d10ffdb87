import { type Json, type JsonObject, sameJson } from "../../lib/json.ts";
import { DocumentError, indentAt, lineEnd, lineStop } from "../document.ts";
import {
  applySplices,
  type Edited,
  type Editor,
  type Footprint,
  type Place,
  type Range,
  type Splice,
} from "./editor.ts";
import { addMember, type Inline, removeMember } from "./inline.ts";
import {
  type Assignment,
  dataOf,
  type InlineTable,
  type Key,
  parseTomlTree,
  plainValue,
  samePath,
  startsWith,
  type TomlTree,
} from "./toml-tree.ts";
import { writeTomlAssignment, writeTomlKey, writeTomlValue } from "./toml-write.ts";

/** TOML. A new entry is a table of its own at the end, or a member where the entries stand in an inline table. */
export const tomlEditor: Editor = { parse, set, remove, ranges };

function parse(text: string): Json | undefined {
  const tree = parseTomlTree(text);
  return tree.tables.length + tree.assignments.length === 0 ? undefined : dataOf(tree);
}

function set(text: string, { path, name }: Place, fields: JsonObject): Edited {
  const tree = parseTomlTree(text);
  const entry = [...path, name];
  refuseOtherKinds(tree, entry);
  if (partsOf(tree, entry).length > 0 || tablesOf(tree, entry).length > 0) {
    const edited = Object.entries(fields).reduce(
      (current, [key, value]) => withField(current, entry, key, value),
      text,
    );
    return { text: edited };
  }
  const holder = inlineHolder(tree, path);
  if (holder === undefined) return appendTable(text, entry, Object.entries(fields));
  const written = writeTomlAssignment(entry.slice(holder.depth), fields);
  const { splices, lead, tail } = addMember(text, membersOf(holder.inline), written);
  return { text: applySplices(text, splices), footprint: { made: 0, lead, tail } };
}

/** @throws DocumentError where the entry, or what must hold it, is something other than a table */
function refuseOtherKinds({ tables, assignments }: TomlTree, entry: readonly string[]): void {
  for (let depth = 1; depth <= entry.length; depth++) {
    const prefix = entry.slice(0, depth);
    const plain = assignments.find(
      ({ path, node }) => samePath(path, prefix) && node.value.type !== "TOMLInlineTable",
    );
    const list = tables.find(
      ({ resolvedKey }) => startsWith(resolvedKey, prefix) && typeof resolvedKey[depth] === "number",
    );
    const node = plain?.node ?? list;
    if (node !== undefined) {
      throw new DocumentError(`holds no table at "${writeTomlKey(prefix)}"`, node.loc.start.line);
    }
  }
}

function partsOf({ assignments }: TomlTree, entry: readonly Key[]): Assignment[] {
  return assignments.filter(({ path }) => startsWith(path, entry));
}

function tablesOf({ tables }: TomlTree, entry: readonly Key[]) {
  return tables.filter(({ resolvedKey }) => startsWith(resolvedKey, entry));
}

/** The inline table that holds the entries, however deep it begins. */
function inlineHolder(
  { assignments }: TomlTree,
  path: readonly string[],
): { inline: InlineTable; depth: number } | undefined {
  const holder = assignments.findLast((assignment) => startsWith(path, assignment.path));
  if (holder?.node.value.type !== "TOMLInlineTable") return undefined;
  return { inline: holder.node.value, depth: holder.path.length };
}

function appendTable(text: string, entry: readonly string[], fields: readonly [string, Json][]): Edited {
  const eol = lineEnd(text);
  const { lead, tail } = blankLineAround(text, eol);
  const lines = [
    `[${writeTomlKey(entry)}]`,
    ...fields.map(([key, value]) => writeTomlAssignment([key], value)),
  ];
  return { text: text + lead + lines.join(eol) + tail, footprint: { made: 0, lead, tail } };
}

function withField(text: string, entry: readonly string[], key: string, value: Json): string {
  const tree = parseTomlTree(text);
  const path = [...entry, key];
  const current = tree.assignments.find((assignment) => samePath(assignment.path, path));
  if (current !== undefined) {
    if (sameJson(plainValue(current.node.value), value)) return text;
    const [at, end] = current.node.value.range;
    return applySplices(text, [{ at, remove: end - at, insert: writeTomlValue(value) }]);
  }
  const inner = [...tablesOf(tree, path), ...partsOf(tree, path).map(({ node }) => node)][0];
  if (inner !== undefined)
    throw new DocumentError(`holds a table at "${writeTomlKey(path)}"`, inner.loc.start.line);
  return applySplices(text, newField(text, tree, entry, key, value));
}

function newField(
  text: string,
  tree: TomlTree,
  entry: readonly string[],
  key: string,
  value: Json,
): readonly Splice[] {
  const header = tree.tables.find(({ resolvedKey }) => samePath(resolvedKey, entry));
  if (header !== undefined) {
    const last = header.body.at(-1);
    const place = last === undefined ? header.range[0] : last.range[0];
    const at = lineStop(text, last === undefined ? header.key.range[1] : last.range[1]);
    return newLine(text, at, place, writeTomlAssignment([key], value));
  }
  const whole = tree.assignments.find(({ path }) => samePath(path, entry));
  if (whole?.node.value.type === "TOMLInlineTable") {
    return addMember(text, membersOf(whole.node.value), writeTomlAssignment([key], value)).splices;
  }
  const sibling = tree.assignments.findLast(
    ({ path, base, table }) =>
      startsWith(path, entry) && base < entry.length && !startsWith(table?.resolvedKey ?? [], entry),
  );
  if (sibling === undefined) {
    const { text: appended } = appendTable(text, entry, [[key, value]]);
    return [{ at: text.length, remove: 0, insert: appended.slice(text.length) }];
  }
  const assignment = writeTomlAssignment([...entry.slice(sibling.base), key], value);
  if (sibling.inline !== undefined) return addMember(text, membersOf(sibling.inline), assignment).splices;
  const { range } = sibling.node;
  return newLine(text, lineStop(text, range[1]), range[0], assignment);
}

function newLine(text: string, at: number, beside: number, line: string): Splice[] {
  return [{ at, remove: 0, insert: lineEnd(text) + indentAt(text, beside) + line }];
}

function membersOf({ range, body }: InlineTable): Inline {
  return { open: range[0], close: range[1] - 1, members: body.map((member) => member.range) };
}

function remove(text: string, { path, name }: Place, footprint?: Footprint): string {
  const entry = [...path, name];
  // One part at a time, since taking out a member of an inline table moves its neighbours' commas.
  for (let current = text, isFirst = true; ; isFirst = false) {
    const tree = parseTomlTree(current);
    const part = firstPart(tree, entry);
    if (part === undefined) return current;
    const own = isFirst ? footprint : undefined;
    const splice =
      part.inline === undefined
        ? removeLines(current, part.range, own)
        : removeMember(current, membersOf(part.inline), part.range[0], own);
    current = applySplices(current, splice);
  }
}

function ranges(text: string, { path, name }: Place): readonly Range[] {
  const entry = [...path, name];
  const tree = parseTomlTree(text);
  const tables = tablesOf(tree, entry);
  const apart = partsOf(tree, entry).filter(({ table }) => table === undefined || !tables.includes(table));
  const parts = [...tables, ...apart.map(({ node }) => node)].map(({ range }) => range);
  // A member of an inline table stands within the assignment that holds it, which is the entry as well.
  const outermost = parts.filter(
    ([start, end]) => !parts.some(([from, to]) => from <= start && end <= to && to - from > end - start),
  );
  return outermost.sort((a, b) => a[0] - b[0]);
}

interface Part {
  readonly range: readonly [number, number];
  readonly inline: InlineTable | undefined;
}

function firstPart(tree: TomlTree, entry: readonly string[]): Part | undefined {
  const [table] = tablesOf(tree, entry);
  const [assignment] = partsOf(tree, entry);
  const outside = assignment !== undefined && !startsWith(assignment.table?.resolvedKey ?? [], entry);
  if (outside) return { range: assignment.node.range, inline: assignment.inline };
  return table === undefined ? undefined : { range: table.range, inline: undefined };
}

function removeLines(
  text: string,
  [start, end]: readonly [number, number],
  footprint: Footprint | undefined,
): Splice[] {
  if (footprint !== undefined) {
    const { lead, tail } = footprint;
    if (text.slice(0, start).endsWith(lead) && text.startsWith(tail, end)) {
      const at = start - lead.length;
      return [{ at, remove: end + tail.length - at, insert: "" }];
    }
  }
  let at = start - indentAt(text, start).length;
  const before = text.slice(0, at);
  const [line = ""] = /^[^\n]*(\n|$)/.exec(text.slice(end)) ?? [];
  let stop = end + line.length;
  // Of the blank lines around the part, one goes with it.
  const [blank = ""] = /^[ \t]*\r?\n/.exec(text.slice(stop)) ?? [];
  if (before === "" || /\n[ \t]*\r?\n$/.test(before)) {
    if (stop === text.length) at = before.replace(/[ \t]*\r?\n$/, "").length;
    else stop += blank.length;
  }
  return [{ at, remove: stop - at, insert: "" }];
}

/** What sets a table apart that is appended to `text`: a blank line, and a line end where the text had one. */
function blankLineAround(text: string, eol: string): { lead: string; tail: string } {
  if (text === "") return { lead: "", tail: eol };
  if (!text.endsWith("\n")) return { lead: eol + eol, tail: "" };
  const hasBlank = text.trim() === "" || /\n[ \t]*\r?\n$/.test(text);
  return { lead: hasBlank ? "" : eol, tail: eol };
}
