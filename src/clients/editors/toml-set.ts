import { type Json, type JsonObject, sameJson } from "../../lib/json.ts";
import { DocumentError, indentAt, lineEnd, lineStop } from "../document.ts";
import { applySplices, type Edited, type Place, type Splice } from "./editor.ts";
import { addMember } from "./inline.ts";
import { membersOf, partsOf, tablesOf } from "./toml-parts.ts";
import {
  type InlineTable,
  parseTomlTree,
  plainValue,
  samePath,
  startsWith,
  type TomlTree,
} from "./toml-tree.ts";
import { writeTomlAssignment, writeTomlKey, writeTomlValue } from "./toml-write.ts";

/** `Editor.set` for TOML. */
export function setEntry(text: string, { path, name }: Place, fields: JsonObject): Edited {
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

/** What sets a table apart that is appended to `text`: a blank line, and a line end where the text had one. */
function blankLineAround(text: string, eol: string): { lead: string; tail: string } {
  if (text === "") return { lead: "", tail: eol };
  if (!text.endsWith("\n")) return { lead: eol + eol, tail: "" };
  const hasBlank = text.trim() === "" || /\n[ \t]*\r?\n$/.test(text);
  return { lead: hasBlank ? "" : eol, tail: eol };
}
