import type { Footprint, Splice } from "./editor.ts";

/** A list of members between brackets, separated by commas, with `#` comments: TOML's inline tables, YAML's flow. */
export interface Inline {
  /** Offsets of the brackets. */
  readonly open: number;
  readonly close: number;
  /** Start and end of each member. */
  readonly members: readonly (readonly [number, number])[];
}

/** What adding a member takes. */
export interface InlineAddition {
  readonly splices: readonly Splice[];
  /** What stands in front of and behind the member by now, without commas. */
  readonly lead: string;
  readonly tail: string;
}

/** Appends a member, by insertions alone. */
export function addMember(text: string, { open, close, members }: Inline, written: string): InlineAddition {
  const last = members.at(-1);
  if (last === undefined) {
    const lead = close === open + 1 ? " " : "";
    return { splices: [{ at: close, remove: 0, insert: `${lead}${written} ` }], lead, tail: " " };
  }
  const comma = commaBehind(text, last[1], close);
  const splice =
    comma === undefined
      ? { at: last[1], remove: 0, insert: `, ${written}` }
      : { at: comma + 1, remove: 0, insert: ` ${written},` };
  return { splices: [splice], lead: " ", tail: "" };
}

/** Takes one member out, with the comma that is no longer needed. */
export function removeMember(
  text: string,
  { open, close, members }: Inline,
  start: number,
  footprint: Footprint | undefined,
): Splice[] {
  const index = members.findIndex((member) => member[0] === start);
  const end = members[index]?.[1] ?? start;
  const before = members[index - 1]?.[1];
  const comma = commaBehind(text, end, members[index + 1]?.[0] ?? close);
  const splices: Splice[] = [];
  if (comma !== undefined) splices.push({ at: comma, remove: 1, insert: "" });
  else if (before !== undefined) {
    const separator = commaBehind(text, before, start);
    if (separator !== undefined) splices.push({ at: separator, remove: 1, insert: "" });
  }
  const { lead, tail = "" } = footprint ?? {};
  const blanks = /[ \t]*$/.exec(text.slice(open + 1, start))?.[0] ?? "";
  const ownLead = lead !== undefined && blanks.endsWith(lead) ? lead : blanks;
  const ownTail = comma === undefined && text.startsWith(tail, end) ? tail : "";
  const at = start - ownLead.length;
  return [...splices, { at, remove: end + ownTail.length - at, insert: "" }];
}

/** Offset of the comma in a stretch that holds nothing else but blanks and comments. */
function commaBehind(text: string, from: number, to: number): number | undefined {
  const [skipped = ""] = /^(?:[ \t\r\n]|#[^\n]*)*/.exec(text.slice(from, to)) ?? [];
  const at = from + skipped.length;
  return at < to && text[at] === "," ? at : undefined;
}
