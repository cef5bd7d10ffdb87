import { AppError } from "../../lib/errors.ts";
import type { JsonObject } from "../../lib/json.ts";
import { ListAnswer } from "../answers.ts";
import { largestNext, pageFrom, resumeOffset } from "../paging.ts";

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
  const bounds = { largest: largestNext(most), reachable: REACHABLE };
  return new ListAnswer("logs", items, {
    next: items.length < most ? null : pageFrom(start + items.length, bounds),
    resume: (fitting) => resumeOffset(start, fitting, bounds),
  });
}
