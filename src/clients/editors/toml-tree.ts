import { type AST, ParseError, parseTOML } from "toml-eslint-parser";
import { isObject, type Json, type JsonObject } from "../../lib/json.ts";
import { DocumentError, lineOf } from "../document.ts";

/** A `[table]` and the assignments below it. */
export type TomlTable = AST.TOMLTable;
/** A table between braces. */
export type InlineTable = AST.TOMLInlineTable;
/** One key of a path, or the place of a table in an array of tables. */
export type Key = string | number;

/** A `key = value`, wherever it stands. */
export interface Assignment {
  /** Full path from the root; numbers count the tables of an array. */
  readonly path: readonly Key[];
  /** How many of the path's keys come from what the assignment stands in. */
  readonly base: number;
  readonly node: AST.TOMLKeyValue;
  /** The innermost inline table it stands in. */
  readonly inline: InlineTable | undefined;
  /** The table under whose header it stands; `undefined` above the first. */
  readonly table: TomlTable | undefined;
}

/** A document, by its tables and assignments. */
export interface TomlTree {
  readonly tables: readonly TomlTable[];
  /** In the document's order; those in inline tables included, each behind the one that holds it. */
  readonly assignments: readonly Assignment[];
}

/**
 * Reads TOML.
 *
 * @throws DocumentError naming the line that is no TOML
 */
export function parseTomlTree(text: string): TomlTree {
  const tables: TomlTable[] = [];
  const assignments: Assignment[] = [];
  const collect = (
    nodes: readonly AST.TOMLKeyValue[],
    base: readonly Key[],
    table: TomlTable | undefined,
    inline?: InlineTable,
  ) => {
    for (const node of nodes) {
      const path = [...base, ...node.key.keys.map(keyText)];
      assignments.push({ path, base: base.length, node, inline, table });
      if (node.value.type === "TOMLInlineTable") collect(node.value.body, path, table, node.value);
    }
  };
  for (const node of programOf(text).body[0].body) {
    if (node.type === "TOMLKeyValue") collect([node], [], undefined);
    else {
      tables.push(node);
      collect(node.body, node.resolvedKey, node);
    }
  }
  return { tables, assignments };
}

function programOf(text: string): AST.TOMLProgram {
  try {
    return parseTOML(text);
  } catch (error) {
    if (error instanceof RangeError) throw new DocumentError("is nested too deeply");
    if (!(error instanceof ParseError)) throw error;
    const words = error.message.replace(/\.$/, "");
    const reason = `cannot be parsed as TOML (${words.charAt(0).toLowerCase()}${words.slice(1)})`;
    throw new DocumentError(reason, lineToBlame(text, error), error);
  }
}

/** What is missing at the end of a line, the parser misses where the next word stands, or the text ends. */
function lineToBlame(text: string, { index, lineNumber, message }: ParseError): number {
  const before = text.slice(0, index).trimEnd();
  const [last = ""] = /[^\n]*$/.exec(before) ?? [];
  const isMissing =
    text.slice(index).trim() === "" || message.includes("same line") || /^[^#]*=\s*(#|$)/.test(last);
  return isMissing ? lineOf(text, before.length) : lineNumber;
}

function keyText(key: AST.TOMLBare | AST.TOMLQuoted): string {
  return key.type === "TOMLBare" ? key.name : key.value;
}

/**
 * The document as data. Own code, because the library's converter writes a key named `__proto__` into the prototype
 * that all objects share.
 */
export function dataOf({ tables, assignments }: TomlTree): JsonObject {
  const root: JsonObject = {};
  for (const { resolvedKey } of tables) place(root, resolvedKey, {});
  for (const { path, node } of assignments) place(root, path, plainValue(node.value));
  return root;
}

function place(root: JsonObject, path: readonly Key[], value: Json): void {
  let current: Json = root;
  for (const [depth, key] of path.entries()) {
    const next = path[depth + 1];
    const own: Json | undefined = Object.getOwnPropertyDescriptor(current, key)?.value;
    // A table may be named after its parts have been: what they put there stays.
    const inner: Json =
      next !== undefined || (isObject(value) && isObject(own))
        ? (own ?? (typeof next === "number" ? [] : {}))
        : value;
    if (own === undefined || (next === undefined && inner !== own)) {
      Object.defineProperty(current, key, {
        value: inner,
        enumerable: true,
        writable: true,
        configurable: true,
      });
    }
    if (typeof inner !== "object" || inner === null) return;
    current = inner;
  }
}

/** A value as data; numbers that JSON lacks, and times, become text. */
export function plainValue(node: AST.TOMLContentNode): Json {
  if (node.type === "TOMLArray") return node.elements.map(plainValue);
  if (node.type === "TOMLInlineTable") {
    const table: JsonObject = {};
    for (const { key, value } of node.body) place(table, key.keys.map(keyText), plainValue(value));
    return table;
  }
  if (node.kind === "string" || node.kind === "boolean") return node.value;
  if (node.kind === "integer") return Number.isSafeInteger(node.value) ? node.value : node.number;
  if (node.kind === "float") return Number.isFinite(node.value) ? node.value : node.number;
  return node.datetime;
}

/** Whether a path leads to what another one names, or further in. */
export function startsWith(path: readonly Key[], prefix: readonly Key[]): boolean {
  return prefix.every((key, index) => path[index] === key);
}

/** Whether two paths lead to the same. */
export function samePath(a: readonly Key[], b: readonly Key[]): boolean {
  return a.length === b.length && startsWith(a, b);
}
