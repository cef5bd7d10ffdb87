import {
  type Document,
  isCollection,
  isMap,
  isNode,
  isScalar,
  type Pair,
  parseAllDocuments,
  type Range,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import type { Json } from "../../lib/json.ts";
import { DocumentError, lineOf } from "../document.ts";

/** A key and its value in a map. */
export type YamlPair = Pair<unknown, unknown>;
/** A map, in lines or between braces. */
export type YamlMap = YAMLMap;
/** A list, in lines or between brackets. */
export type YamlSeq = YAMLSeq;

/** A document, as nodes and as data. */
export interface YamlTree {
  /** What the document holds; `undefined` when it holds nothing but comments. */
  readonly root: unknown;
  readonly data: Json | undefined;
}

/**
 * Reads YAML.
 *
 * @throws DocumentError for what is no YAML, for several documents in one file and for a key that stands twice
 */
export function parseYamlTree(text: string): YamlTree {
  // The library compares each key with all others to find doubles; on a large file that takes minutes.
  const documents = parsedDocuments(text);
  const [document, second] = documents;
  if (document === undefined) return { root: undefined, data: undefined };
  if (second !== undefined) throw new DocumentError("holds more than one YAML document");
  const [error] = document.errors;
  if (error !== undefined) {
    const words = error.message.split("\n")[0]?.replace(/ at line \d+, column \d+:?$/, "") ?? error.code;
    throw new DocumentError(`cannot be parsed as YAML (${words})`, lineOf(text, error.pos[0]));
  }
  refuseDoubles(text, document);
  const { contents } = document;
  if (contents === null || isMissing(contents)) return { root: undefined, data: undefined };
  return { root: contents, data: plain(dataOf(document)) };
}

function parsedDocuments(text: string): Document[] {
  try {
    return [...parseAllDocuments(text, { keepSourceTokens: true, uniqueKeys: false, logLevel: "error" })];
  } catch (error) {
    if (error instanceof RangeError) throw new DocumentError("is nested too deeply", undefined, error);
    throw error;
  }
}

function refuseDoubles(text: string, document: Document): void {
  visit(document, {
    Map(_, { items }) {
      const seen = new Set<string>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        const name = `${typeof key.value} ${key.value}`;
        if (seen.has(name) && key.value !== "<<") {
          const line = lineOf(text, key.range?.[0] ?? 0);
          throw new DocumentError(`holds the key "${key.value}" twice`, line);
        }
        seen.add(name);
      }
    },
  });
}

function dataOf(document: Document): unknown {
  try {
    return document.toJS();
  } catch (error) {
    if (error instanceof ReferenceError) throw new DocumentError("has aliases that cannot be resolved");
    throw error;
  }
}

/** Values that JSON lacks become text. */
function plain(value: unknown): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== "object") return String(value);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]));
}

/** Whether a value was left out, as behind a bare `key:`. */
export function isMissing(node: unknown): boolean {
  return node === null || node === undefined || (isScalar(node) && node.range?.[0] === node.range?.[1]);
}

/** The pair of a map with this key. */
export function pairNamed(map: YamlMap, name: string): YamlPair | undefined {
  return map.items.find(({ key }) => isScalar(key) && String(key.value) === name);
}

/** Whether a collection is written in lines rather than between brackets. */
export function isBlock(node: unknown): boolean {
  return isCollection(node) && (node.srcToken?.type === "block-map" || node.srcToken?.type === "block-seq");
}

/** Whether a collection is written between brackets. */
export function isFlow(node: unknown): boolean {
  return isCollection(node) && node.srcToken?.type === "flow-collection";
}

/** Offset at which a node's own text begins. */
export function startOf(node: unknown): number {
  if (isPairLike(node)) return startOf(node.key);
  const range = rangeOf(node);
  if (range === undefined) throw new DocumentError("is written in a way that cannot be edited");
  return range[0];
}

/** Offset behind a node's text. A block scalar's includes its last line end. */
export function endOf(node: unknown): number {
  if (isPairLike(node)) return isMissing(node.value) ? indicatorEnd(node) : endOf(node.value);
  if (isBlock(node) && isCollection(node)) {
    const last = node.items.at(-1);
    const own = dashes(node).at(-1);
    return isMissing(last) && own !== undefined ? own + 1 : endOf(last);
  }
  const range = rangeOf(node);
  if (range === undefined) throw new DocumentError("is written in a way that cannot be edited");
  return range[1];
}

/** An offset, or when a line end is right in front of it, that of the line end. */
export function withoutLineEnd(text: string, offset: number): number {
  return offset - (/\r?\n$/.exec(text.slice(Math.max(0, offset - 2), offset))?.[0].length ?? 0);
}

/** Offset behind the colon of a pair, and behind an anchor or tag that follows it. */
export function indicatorEnd({ key, srcToken }: YamlPair): number {
  const last = srcToken?.sep?.findLast(({ type }) => !["space", "comment", "newline"].includes(type));
  return last === undefined ? endOf(key) : last.offset + last.source.length;
}

/** Offset behind the colon of a pair. */
export function colonEnd({ key, srcToken }: YamlPair): number {
  const colon = srcToken?.sep?.find(({ type }) => type === "map-value-ind");
  return colon === undefined ? endOf(key) : colon.offset + 1;
}

/** Offsets of the dashes of a block list. */
export function dashes(node: unknown): number[] {
  if (!isCollection(node) || node.srcToken?.type !== "block-seq") return [];
  return node.srcToken.items
    .map(({ start }) => start.find(({ type }) => type === "seq-item-ind")?.offset)
    .filter((offset) => offset !== undefined);
}

function isPairLike(node: unknown): node is YamlPair {
  return typeof node === "object" && node !== null && "key" in node && !isMap(node);
}

function rangeOf(node: unknown): Range | undefined {
  return isNode(node) ? (node.range ?? undefined) : undefined;
}
