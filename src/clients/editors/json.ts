import type { Json } from "../../lib/json.ts";
import type { Editor, Place, Range } from "./editor.ts";
import { removeEntry } from "./json-remove.ts";
import { setEntry } from "./json-set.ts";
import { dataOf, parseJsonTree } from "./json-tree.ts";
import { findEntry } from "./json-way.ts";

/** JSON, with or without comments and trailing commas. Lists of entries are not supported: no client has them. */
export const jsonEditor: Editor = { parse, set: setEntry, remove: removeEntry, ranges };

function parse(text: string): Json | undefined {
  const root = parseJsonTree(text);
  return root === undefined ? undefined : dataOf(text, root);
}

function ranges(text: string, place: Place): readonly Range[] {
  const root = parseJsonTree(text);
  const found = root && findEntry(text, root, place);
  return found === undefined ? [] : [[found.entry.property.start, found.entry.property.end]];
}
