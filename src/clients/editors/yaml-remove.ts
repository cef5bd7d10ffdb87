import { isSeq } from "yaml";
import { indentAt, lineStart } from "../document.ts";
import { applySplices, type Footprint, type Place, type Splice } from "./editor.ts";
import { removeMember } from "./inline.ts";
import {
  dashes,
  endOf,
  indicatorEnd,
  isFlow,
  isMissing,
  parseYamlTree,
  startOf,
  withoutLineEnd,
  type YamlMap,
  type YamlSeq,
} from "./yaml-tree.ts";
import { findEntry, membersOf, wayTo } from "./yaml-way.ts";

/** `Editor.remove` for YAML. */
export function removeEntry(text: string, place: Place, footprint?: Footprint): string {
  const { root } = parseYamlTree(text);
  if (root === undefined) return text;
  const way = wayTo(text, root, place);
  const entry = findEntry(way, place);
  if (entry === undefined || way.holder === undefined) return text;

  let holder: YamlMap | YamlSeq = way.holder;
  let start = entry.start;
  let made = footprint?.made ?? 0;
  let depth = way.pairs.length;
  for (; made > 0 && holder.items.length === 1; made--) {
    const outer = way.pairs[--depth];
    if (outer === undefined || !/^[\s{[]*$/.test(text.slice(indicatorEnd(outer.pair), start))) break;
    holder = outer.map;
    start = startOf(outer.pair);
  }
  const own = made === 0 ? footprint : undefined;
  if (isFlow(holder)) return applySplices(text, removeMember(text, membersOf(holder), start, own));
  const splices = [removeLines(text, holder, start, own)];
  const emptied = way.pairs[depth - 1];
  if (holder.items.length === 1 && emptied !== undefined && own?.bare !== true) {
    splices.push({ at: indicatorEnd(emptied.pair), remove: 0, insert: isSeq(holder) ? " []" : " {}" });
  }
  return applySplices(text, splices);
}

function removeLines(
  text: string,
  holder: YamlMap | YamlSeq,
  start: number,
  footprint: Footprint | undefined,
): Splice {
  const starts = isSeq(holder) ? dashes(holder) : holder.items.map(startOf);
  const index = starts.indexOf(start);
  const end = endOf(holder.items[index]);
  if (footprint !== undefined) {
    const { lead, tail } = footprint;
    if (text.slice(0, start).endsWith(lead) && text.startsWith(tail, end)) {
      const at = start - lead.length;
      return { at, remove: end + tail.length - at, insert: "" };
    }
  }
  const at = start - indentAt(text, start).length;
  const last = withoutLineEnd(text, end);
  const line = lineStart(text, last);
  const previous = holder.items[index - 1];
  const followsBlock = !isMissing(previous) && text[endOf(previous) - 1] === "\n";
  const pattern = followsBlock ? lineAndInside(start - lineStart(text, start)) : /^[^\n]*(\n|$)/;
  return { at, remove: line + (pattern.exec(text.slice(line))?.[0].length ?? 0) - at, insert: "" };
}

/**
 * A line with the blank lines and the comments below it that are indented deeper than `column`: behind a block scalar
 * they would become part of it.
 */
function lineAndInside(column: number): RegExp {
  return new RegExp(`^[^\\n]*(\\n|$)(?:[ \\t]*\\r?\\n|[ ]{${column + 1},}#[^\\n]*(?:\\n|$))*`);
}
