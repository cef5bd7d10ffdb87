import type { Json } from "../../lib/json.ts";
import type { Editor, Place, Range } from "./editor.ts";
import { partsOf, tablesOf } from "./toml-parts.ts";
import { removeEntry } from "./toml-remove.ts";
import { setEntry } from "./toml-set.ts";
import { dataOf, parseTomlTree } from "./toml-tree.ts";

/** TOML. A new entry is a table of its own at the end, or a member where the entries stand in an inline table. */
export const tomlEditor: Editor = { parse, set: setEntry, remove: removeEntry, ranges };

function parse(text: string): Json | undefined {
  const tree = parseTomlTree(text);
  return tree.tables.length + tree.assignments.length === 0 ? undefined : dataOf(tree);
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
