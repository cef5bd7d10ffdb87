import type { Json } from "../../lib/json.ts";
import type { Editor, Place, Range } from "./editor.ts";
import { removeEntry } from "./yaml-remove.ts";
import { setEntry } from "./yaml-set.ts";
import { parseYamlTree } from "./yaml-tree.ts";
import { findEntry, wayTo } from "./yaml-way.ts";

/** YAML. A new entry is written in lines, or between brackets where its neighbours are. */
export const yamlEditor: Editor = { parse, set: setEntry, remove: removeEntry, ranges };

function parse(text: string): Json | undefined {
  return parseYamlTree(text).data;
}

function ranges(text: string, place: Place): readonly Range[] {
  const { root } = parseYamlTree(text);
  if (root === undefined) return [];
  const entry = findEntry(wayTo(text, root, place), place);
  return entry === undefined ? [] : [[entry.start, entry.end]];
}
