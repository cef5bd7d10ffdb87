import { isMap, isSeq } from "yaml";
import { DocumentError, lineOf } from "../document.ts";
import type { Place } from "./editor.ts";
import type { Inline } from "./inline.ts";
import {
  dashes,
  endOf,
  isMissing,
  pairNamed,
  startOf,
  type YamlMap,
  type YamlPair,
  type YamlSeq,
} from "./yaml-tree.ts";

/** Where an entry stands, or how far the way to it goes. */
export interface Way {
  /** The pairs on the way, the outermost first, each in the map before it. */
  readonly pairs: readonly { readonly map: YamlMap; readonly pair: YamlPair }[];
  /** Keys that are not there, the entry's own name not counted. */
  readonly missing: readonly string[];
  /** What holds the entry, or the innermost part of the way that is there; `undefined` for a value left out. */
  readonly holder: YamlMap | YamlSeq | undefined;
}

/** @throws DocumentError where something on the way is no mapping, or what must hold the entry is no list */
export function wayTo(text: string, root: unknown, { path, list }: Place): Way {
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

/** @throws DocumentError for a node that is no map */
export function mapAt(text: string, node: unknown, key: string | undefined): YamlMap {
  if (isMap(node)) return node;
  const what = key === undefined ? "holds no mapping" : `holds no mapping at "${key}"`;
  throw new DocumentError(what, isMissing(node) ? undefined : lineOf(text, startOf(node)));
}

/** The entry's value, and where the whole of it begins and ends. */
export function findEntry(
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

/** A collection between brackets, as these and members. */
export function membersOf(collection: YamlMap | YamlSeq): Inline {
  const members = collection.items.map((item) => [startOf(item), endOf(item)] as const);
  return { open: startOf(collection), close: endOf(collection) - 1, members };
}
