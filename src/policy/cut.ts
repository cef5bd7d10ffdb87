import { isObject, type Json, type JsonObject } from "../lib/json.ts";
import type { MemberPath } from "../tools/members.ts";

/** Ends a text inside a member that was cut. Arguments that hold it are refused, so no half is ever written back. */
export const CUT = "…[cut by auth0-mcp]";

/** The least a cut value is given, in bytes; every value that cannot be cut is smaller. */
const LEAST = 64;

/** A value that was made to fit. */
export interface Cut {
  readonly value: Json;
  /** What is left of it, in words. */
  readonly note: string;
  /** Characters or items shown; `undefined` where there is nothing to read on, or reading on is not by position. */
  readonly offset?: number;
  /** What is cut at some depth inside of it. */
  readonly inside?: readonly InnerCut[];
}

/** A part of a value that is cut, or left out. */
export interface InnerCut {
  /** The way to it from the value. */
  readonly path: MemberPath;
  readonly note: string;
  readonly offset?: number;
}

/** Bytes of a value as compact JSON text in UTF-8. */
export function size(value: Json): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/** Text of at most so many characters; what is longer ends with an ellipsis. */
export function clip(text: string, most: number): string {
  return text.length <= most ? text : `${wholeCharacters(text, most - 1)}…`;
}

/**
 * Cuts a member of an answer to a number of bytes, where one can read on behind the cut if its kind allows it. A text's
 * end is marked, so that whoever takes it for the whole is refused when it comes back.
 */
export function shorten(value: Json, budget: number): Cut {
  if (typeof value === "string") {
    const shown = prefix(value, budget - size(CUT));
    return { value: shown + CUT, note: charactersOf(shown, value), offset: shown.length };
  }
  const kept = Array.isArray(value) ? itemsWithin(value, budget) : 0;
  if (Array.isArray(value) && kept > 0) {
    return { value: value.slice(0, kept), note: `${kept} of ${value.length} items`, offset: kept };
  }
  const inside: InnerCut[] = [];
  const shown = shortenInside(value, budget, [], (cut) => inside.push(cut));
  if (!Array.isArray(value)) return { value: shown, note: "parts of it are left out", inside };
  const note = `1 of ${value.length} items, and that is cut`;
  return { value: shown, note, ...(value.length > 1 ? { offset: 1 } : {}), inside };
}

/** Cuts what is part of a larger value: the ends of its texts are marked, and each place is told. */
function shortenInside(value: Json, budget: number, path: MemberPath, tell: (cut: InnerCut) => void): Json {
  if (size(value) <= budget) return value;
  if (typeof value === "string") {
    const shown = prefix(value, budget - size(CUT));
    tell({ path, note: charactersOf(shown, value), offset: shown.length });
    return shown + CUT;
  }
  if (Array.isArray(value)) {
    const kept = itemsWithin(value, budget);
    const [first] = value;
    const room = budget - 2;
    const inside = kept === 0 && first !== undefined && room >= LEAST;
    const shown = inside ? 1 : kept;
    if (path.length > 0 && shown < value.length) {
      tell({ path, note: `${shown} of ${value.length} items`, offset: shown });
    }
    return inside ? [shortenInside(first, room, [...path, 0], tell)] : value.slice(0, kept);
  }
  if (!isObject(value)) return value;
  const { data, leftOut } = shareOut(value, budget, (name, member, share) =>
    shortenInside(member, share, [...path, name], tell),
  );
  for (const name of leftOut) tell({ path: [...path, name], note: "left out" });
  return data;
}

function charactersOf(shown: string, whole: string): string {
  return `${shown.length} of ${whole.length} characters`;
}

/**
 * Shares bytes out between the members of an object: small ones stay whole, large ones are cut to equal shares, and
 * when the shares would become too small, members are left out from the end.
 */
export function shareOut(
  whole: JsonObject,
  budget: number,
  cut: (name: string, value: Json, share: number) => Json,
): { readonly data: JsonObject; readonly leftOut: readonly string[] } {
  const members = Object.entries(whole).map(([name, value]) => ({ name, value, bytes: size(value) }));
  const shareOf = (count: number) => {
    const shown = members.slice(0, count);
    const names = shown.reduce((sum, { name }) => sum + size(name) + 2, 2);
    return equalShare(
      shown.map(({ bytes }) => bytes),
      budget - names,
    );
  };
  const count = longestPrefix(members.length, (length) => shareOf(length) >= LEAST);
  const share = shareOf(count);
  const shown = members
    .slice(0, count)
    .map(({ name, value, bytes }) => [name, bytes <= share ? value : cut(name, value, share)]);
  return { data: Object.fromEntries(shown), leftOut: members.slice(count).map(({ name }) => name) };
}

/** The largest share so that all sizes, none counted beyond it, fit into the room; infinite when they all do. */
export function equalShare(sizes: readonly number[], room: number): number {
  const ascending = sizes.toSorted((a, b) => a - b);
  let left = room;
  for (const [index, bytes] of ascending.entries()) {
    const share = Math.floor(left / (ascending.length - index));
    if (bytes > share) return share;
    left -= bytes;
  }
  return left < 0 ? left : Number.POSITIVE_INFINITY;
}

function itemsWithin(items: readonly Json[], budget: number): number {
  let used = 2;
  for (const [index, item] of items.entries()) {
    used += size(item) + (index === 0 ? 0 : 1);
    if (used > budget) return index;
  }
  return items.length;
}

/** The beginning of a text that takes at most so many bytes as JSON. */
function prefix(text: string, budget: number): string {
  const most = Math.min(text.length, Math.max(0, budget));
  const length = longestPrefix(most, (candidate) => size(wholeCharacters(text, candidate)) <= budget);
  return wholeCharacters(text, length);
}

/** A surrogate pair is not parted: its half would be no text. */
function wholeCharacters(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  const parted = length < text.length && last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, parted ? length - 1 : length);
}

/** The largest length from 0 to `most` that fits, where every shorter one fits as well. */
export function longestPrefix(most: number, fits: (length: number) => boolean): number {
  let low = 0;
  let high = most;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
