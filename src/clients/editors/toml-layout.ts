import type { Footprint, Splice } from "./editor.ts";
import type { InlineTable } from "./toml-tree.ts";

/** What sets a table apart that is appended to `text`: a blank line, and a line end where the text had one. */
export function blankLineAround(text: string, eol: string): { lead: string; tail: string } {
  if (text === "") return { lead: "", tail: eol };
  if (!text.endsWith("\n")) return { lead: eol + eol, tail: "" };
  const hasBlank = text.trim() === "" || /\n[ \t]*\r?\n$/.test(text);
  return { lead: hasBlank ? "" : eol, tail: eol };
}

interface InlineAddition {
  readonly at: number;
  readonly lead: string;
  readonly insert: string;
  readonly tail: string;
}

/** Where and how an assignment is added at the end of an inline table. The lead holds the comma, if one is needed. */
export function addToInline(text: string, table: InlineTable, assignment: string): InlineAddition {
  const [start, end] = table.range;
  const last = table.body.at(-1);
  if (last === undefined) {
    const blank = text.slice(start + 1, end - 1);
    return { at: end - 1, lead: blank === "" ? " " : "", insert: assignment, tail: " " };
  }
  const comma = commaBehind(text, last.range[1], end - 1);
  if (comma === undefined) return { at: last.range[1], lead: ", ", insert: assignment, tail: "" };
  return { at: comma + 1, lead: " ", insert: `${assignment},`, tail: "" };
}

/** Takes one assignment out of an inline table, with the comma that is no longer needed. */
export function removeFromInline(
  text: string,
  table: InlineTable,
  [start, end]: readonly [number, number],
  footprint: Footprint | undefined,
): Splice[] {
  const index = table.body.findIndex(({ range }) => range[0] === start);
  const previous = table.body[index - 1];
  const next = table.body[index + 1];
  const behind = commaBehind(text, end, next?.range[0] ?? table.range[1] - 1);
  const before = previous === undefined ? undefined : commaBehind(text, previous.range[1], start);
  const splices: Splice[] = [];
  if (behind === undefined) {
    if (before !== undefined) splices.push({ at: before, remove: 1, insert: "" });
  } else splices.push({ at: behind, remove: 1, insert: "" });

  const blanks = /[ \t]*$/.exec(text.slice(0, start))?.[0] ?? "";
  const ownLead = footprint !== undefined && blanks.endsWith(footprint.lead) ? footprint.lead : blanks;
  const tail = footprint?.tail ?? "";
  const ownTail = behind === undefined && text.startsWith(tail, end) ? tail : "";
  const at = start - ownLead.length;
  splices.push({ at, remove: end + ownTail.length - at, insert: "" });
  return splices;
}

/** Offset of the comma in a stretch that holds nothing else but blanks and comments. */
function commaBehind(text: string, from: number, to: number): number | undefined {
  const [skipped = ""] = /^([ \t\r\n]+|#[^\n]*)*/.exec(text.slice(from, to)) ?? [];
  const at = from + skipped.length;
  return at < to && text[at] === "," ? at : undefined;
}
