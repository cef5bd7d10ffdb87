import { applySplices, type Footprint, type Place, type Splice } from "./editor.ts";
import { endOf, type JsonNode, parseJsonTree, propertiesOf, triviaBetween } from "./json-tree.ts";
import { findEntry, type Member } from "./json-way.ts";

/** `Editor.remove` for JSON. */
export function removeEntry(text: string, place: Place, footprint?: Footprint): string {
  const root = parseJsonTree(text);
  const found = root && findEntry(text, root, place);
  if (found === undefined) return text;
  let member = found.entry;
  let depth = found.outer.length;
  let made = footprint?.made ?? 0;
  for (; made > 0 && isAlone(text, member); made--) {
    const holder = found.outer[--depth];
    if (holder === undefined) return withoutRoot(text, member.object, footprint);
    member = holder;
  }
  // Lead and tail belong to the outermost part: when others use that by now, they say nothing about the inner one.
  return applySplices(text, removeProperty(text, member, made === 0 ? footprint : undefined));
}

function isAlone(text: string, { object, property: { start, end } }: Member): boolean {
  const before = triviaBetween(text, object.offset + 1, start);
  const behind = triviaBetween(text, end, endOf(object) - 1);
  return propertiesOf(object).length === 1 && !before.comment && !behind.comment;
}

function withoutRoot(text: string, root: JsonNode, footprint: Footprint | undefined): string {
  const before = withoutEnd(text.slice(0, root.offset), footprint?.lead ?? "");
  const behind = withoutStart(text.slice(endOf(root)), footprint?.tail ?? "");
  return before + behind;
}

function removeProperty(
  text: string,
  { object, property: { start, end } }: Member,
  footprint: Footprint | undefined,
): Splice[] {
  const properties = propertiesOf(object);
  const index = properties.findIndex((property) => property.start === start);
  const next = properties[index + 1];
  const previous = properties[index - 1];
  const before = triviaBetween(text, previous?.end ?? object.offset + 1, start);
  const behind = triviaBetween(text, end, next?.start ?? endOf(object) - 1);
  const splices: Splice[] = [];

  let stop = end;
  if (behind.comma === undefined) {
    if (before.comma !== undefined) splices.push({ at: before.comma, remove: 1, insert: "" });
  } else if (text.slice(end, behind.comma).trim() === "") stop = behind.comma + 1;
  else splices.push({ at: behind.comma, remove: 1, insert: "" });

  const { lead = "", tail = "" } = footprint ?? {};
  const ownTail = text.startsWith(tail, stop) ? tail : "";
  stop += ownTail.length;
  const blanks = text.slice(before.last, start);
  const ownLead = footprint !== undefined && blanks.endsWith(lead) ? lead : blanks;
  // A comment that takes the rest of its line must not swallow what comes up behind it.
  const keepsLine = before.lineComment && !/^[ \t]*(\r?\n|$)/.test(text.slice(stop));
  const from = keepsLine && ownLead.length === blanks.length ? start : start - ownLead.length;
  splices.push({ at: from, remove: stop - from, insert: "" });
  return splices;
}

function withoutEnd(text: string, end: string): string {
  return end !== "" && text.endsWith(end) ? text.slice(0, -end.length) : text;
}

function withoutStart(text: string, start: string): string {
  return text.startsWith(start) ? text.slice(start.length) : text;
}
