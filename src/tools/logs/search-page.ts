import { AppError } from "../../lib/errors.ts";
import type { JsonObject } from "../../lib/json.ts";
import { ListAnswer, type Resumption } from "../answers.ts";
import { largestNext } from "../paging.ts";

/** How many results of one search the API lets one reach. */
export const REACHABLE = 1_000;

/**
 * Refuses a page of which a part cannot be reached; the API refuses such a page as a whole.
 *
 * @throws AppError `invalid_arguments`
 */
export function requireReachable(page: number, perPage: number): void {
  if ((page + 1) * perPage <= REACHABLE) return;
  throw new AppError({
    code: "invalid_arguments",
    message: `page: page ${page} of ${perPage} a page ends beyond the ${REACHABLE} results that a search can reach.`,
    hint: "Narrow the search, for example with until = the date of the last entry, or walk by checkpoint: from = a log_id, take.",
  });
}

/**
 * Whether a page is the last one for the API's limit, though more results may exist.
 *
 * @param start results before the page
 * @param most the most it could hold
 */
export function endsAtLimit(start: number, most: number, items: number): boolean {
  return items === most && start + most === REACHABLE;
}

/** A page of a search. The API tells no total: a page that is not full is the last. */
export function searchPage(items: readonly JsonObject[], start: number, most: number): ListAnswer {
  const largest = largestNext(most);
  return new ListAnswer("logs", items, {
    next: items.length < most ? null : pageFrom(start + items.length, largest),
    resume: (fitting) => resume(start, fitting, largest),
  });
}

/**
 * The page that begins behind `offset` results and holds at most `largest`: pages are addressed by multiples of their
 * size, and none may reach beyond the limit. `null` when nothing can be reached there.
 */
function pageFrom(
  offset: number,
  largest: number,
): { readonly page: number; readonly per_page: number } | null {
  for (let size = Math.min(largest, REACHABLE - offset); size >= 1; size--) {
    if (offset % size === 0) return { page: offset / size, per_page: size };
  }
  return null;
}

/** Kept are the most of the items that fit, but fewer, down to half of them, where the next page could not hold as many. */
function resume(start: number, most: number, largest: number): Resumption {
  let best: Resumption & { readonly size: number } = { kept: most, next: {}, size: 0 };
  for (let kept = most; kept >= most / 2 && best.size < most; kept--) {
    const next = pageFrom(start + kept, largest);
    if (next !== null && next.per_page > best.size) best = { kept, next: { ...next }, size: next.per_page };
  }
  return { kept: best.kept, next: best.next };
}
