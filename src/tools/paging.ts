import type { JsonObject } from "../lib/json.ts";
import { ListAnswer, type Resumption } from "./answers.ts";

export interface OffsetPage {
  readonly key: string;
  readonly items: readonly JsonObject[];
  /** From 0. */
  readonly page: number;
  readonly perPage: number;
  /** Items in all; `undefined` when the API does not say. */
  readonly total: number | undefined;
  /** Whether the answer tells the total. */
  readonly showTotal?: boolean;
}

/** A page of a list that the API pages by number. */
export function offsetList(list: OffsetPage): ListAnswer {
  const { key, items, page, perPage, total, showTotal = true } = list;
  const start = page * perPage;
  const end = start + items.length;
  const more = total === undefined ? items.length >= perPage : end < total && items.length > 0;
  return new ListAnswer(key, items, {
    total: showTotal ? total : undefined,
    next: more ? { page: page + 1, per_page: perPage } : null,
    resume: (most) => resumeOffset(start, most),
  });
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
  const offset = start + best.kept;
  return { kept: best.kept, next: { page: offset / best.perPage, per_page: best.perPage } };
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
