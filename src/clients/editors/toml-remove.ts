import { indentAt } from "../document.ts";
import { applySplices, type Footprint, type Place, type Splice } from "./editor.ts";
import { removeMember } from "./inline.ts";
import { membersOf, partsOf, tablesOf } from "./toml-parts.ts";
import { type InlineTable, parseTomlTree, startsWith, type TomlTree } from "./toml-tree.ts";

/** `Editor.remove` for TOML. */
export function removeEntry(text: string, { path, name }: Place, footprint?: Footprint): string {
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
