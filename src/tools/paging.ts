import { asObject, type Json, type JsonObject } from "../lib/json.ts";
import { readList } from "../management/envelope.ts";
import { ListAnswer, type Resumption } from "./answers.ts";

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

/** A page of a list that the API pages by number. The next one begins where this one really ends. */
export function offsetList(list: OffsetPage): ListAnswer {
  const { key, items, page, perPage, total, showTotal = true } = list;
  const most = Math.min(perPage, list.limit ?? perPage);
  const start = list.start ?? page * most;
  const end = start + items.length;
  const more = total === undefined ? items.length >= most : end < total;
  return new ListAnswer(key, items, {
    total: showTotal ? total : undefined,
    next: more && items.length > 0 ? pageFrom(end, most) : null,
    resume: (most) => resumeOffset(start, most),
  });
}

/** The page that begins at an offset; pages are addressed by multiples of their size. */
function pageFrom(offset: number, most: number): JsonObject {
  const perPage = largestDivisor(offset, most);
  return { page: offset / perPage, per_page: perPage };
}

/**
 * Goes on behind the items `start … start + kept - 1`. Pages are addressed by multiples of their size, so the next
 * size must divide the offset: of the counts that fit, the one that allows the largest next page is kept.
 */
export function resumeOffset(start: number, most: number): Resumption {
  let best = { kept: 1, perPage: 1 };
  for (let kept = most; kept >= 1 && kept > best.perPage; kept--) {
    const perPage = largestDivisor(start + kept, kept);
    if (perPage > best.perPage) best = { kept, perPage };
  }
  return { kept: best.kept, next: pageFrom(start + best.kept, best.perPage) };
}

function largestDivisor(value: number, most: number): number {
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
