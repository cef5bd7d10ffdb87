import { asObject, type Json, type JsonObject } from "../lib/json.ts";
import { readList } from "../management/envelope.ts";
import { ListAnswer, type Resumption } from "./answers.ts";
import { USUAL_PAGE } from "./params.ts";

/** A page of a list that the API pages by number, as it came. */
export interface ReadPage {
  readonly items: JsonObject[];
  /** Items in all; `undefined` when the API does not say. */
  readonly total: number | undefined;
  /** Items before this page; `undefined` when the API does not say. */
  readonly start: number | undefined;
  /** The most that this page could hold, which may be less than was asked for; `undefined` when the API does not say. */
  readonly limit: number | undefined;
}

/**
 * Reads such a page, in whichever envelope.
 *
 * @param key the resource's name inside the envelope
 * @throws AppError `unexpected_answer` when the answer holds no list
 */
export function readPage(body: Json, key: string): ReadPage {
  const { items, total } = readList(body, key);
  const { start, limit, per_page } = asObject(body) ?? {};
  const count = (value: Json | undefined, least: number) =>
    typeof value === "number" && Number.isInteger(value) && value >= least ? value : undefined;
  return { items, total, start: count(start, 0), limit: count(limit, 1) ?? count(per_page, 1) };
}

export interface OffsetPage extends Partial<ReadPage> {
  readonly key: string;
  readonly items: JsonObject[];
  /** From 0. */
  readonly page: number;
  readonly perPage: number;
  /** Whether the answer tells the total. */
  readonly showTotal?: boolean;
}

/**
 * A page of a list that the API pages by number. The next one begins where this one really ends, and may be larger
 * again: a page that is small because of one large item is no measure for the items behind it.
 */
export function offsetList(list: OffsetPage): ListAnswer {
  const { key, page, perPage, total, showTotal = true } = list;
  const most = Math.min(perPage, list.limit ?? perPage);
  const isSmaller = most < perPage;
  const begin = list.start ?? page * most;
  // Among smaller pages the number names an earlier one; what stands before the one asked for was shown already.
  const start = isSmaller ? Math.max(begin, page * perPage) : begin;
  const items = list.items.slice(start - begin);
  const end = start + items.length;
  const more = total === undefined ? list.items.length >= most : end < total;
  const largest = isSmaller ? most : largestNext(perPage);
  return new ListAnswer(key, items, {
    total: showTotal ? total : undefined,
    next: more && list.items.length > 0 ? pageFrom(end, { largest }) : null,
    resume: (fitting) => resumeOffset(start, fitting, { largest }),
  });
}

/**
 * How large the page behind one of this size may be. A size that somebody chose stays: people and models count in fives.
 * Other sizes come from a page that was shortened before, where only a divisor of the offset was left, and grow again.
 */
export function largestNext(perPage: number): number {
  return perPage % 5 === 0 ? perPage : Math.max(perPage, USUAL_PAGE);
}

/** What bounds the page that a list goes on with. */
interface PageBounds {
  /** The most items it may have. */
  readonly largest: number;
  /** How many items of the whole list can be reached, where the API sets a limit. */
  readonly reachable?: number;
}

/**
 * The page that begins at an offset: pages are addressed by multiples of their size, and none may reach beyond the
 * limit. `null` when nothing can be reached there.
 */
export function pageFrom(
  offset: number,
  { largest, reachable = Number.POSITIVE_INFINITY }: PageBounds,
): { readonly page: number; readonly per_page: number } | null {
  const most = Math.min(largest, reachable - offset);
  if (most < 1) return null;
  const perPage = largestDivisor(offset, most);
  return { page: offset / perPage, per_page: perPage };
}

/**
 * Goes on behind the items `start … start + kept - 1`. Pages are addressed by multiples of their size, so the next
 * size must divide the offset. Kept are the most of the items that fit, but fewer, down to half of them, where the
 * next page could not hold as many otherwise.
 */
export function resumeOffset(start: number, most: number, bounds: PageBounds): Resumption {
  let best: Resumption & { readonly size: number } = { kept: most, next: {}, size: 0 };
  for (let kept = most; kept >= most / 2 && best.size < most; kept--) {
    const next = pageFrom(start + kept, bounds);
    if (next !== null && next.per_page > best.size) best = { kept, next: { ...next }, size: next.per_page };
  }
  return { kept: best.kept, next: best.next };
}

/** The largest number, `most` at most, that divides a whole number without a rest. */
export function largestDivisor(value: number, most: number): number {
  for (let divisor = Math.min(value, most); divisor > 1; divisor--) {
    if (value % divisor === 0) return divisor;
  }
  return 1;
}

/**
 * A page of a list that goes on from a checkpoint.
 *
 * @param checkpointAfter the checkpoint that stands behind an item, where the API has one for every item
 */
export function checkpointList(list: {
  readonly key: string;
  readonly items: readonly JsonObject[];
  readonly take: number;
  /** Checkpoint of the next page; `undefined` on the last. */
  readonly next: string | undefined;
  readonly checkpointAfter: (item: JsonObject) => string;
}): ListAnswer {
  const { key, items, take, next } = list;
  return new ListAnswer(key, items, {
    next: next === undefined ? null : { from: next, take },
    resume: (most) => {
      const last = items[most - 1];
      return { kept: most, next: last === undefined ? {} : { from: list.checkpointAfter(last), take } };
    },
  });
}
