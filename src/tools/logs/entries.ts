import { CHECK_DOMAIN } from "../../config/domain.ts";
import { AppError } from "../../lib/errors.ts";
import { isObject, type Json } from "../../lib/json.ts";
import { type ReadPage, readPage } from "../paging.ts";

/**
 * Reads log entries: a bare array, or `{logs, start, limit, …}` where totals are wrapped around it. Unlike other lists
 * this one is never left out when it is empty. Its total counts one page only and tells nothing.
 *
 * @throws AppError `unexpected_answer` for anything else
 */
export function readEntries(body: Json): Pick<ReadPage, "items" | "start" | "limit"> {
  const entries = isObject(body) ? body["logs"] : body;
  if (Array.isArray(entries) && entries.every(isObject)) return readPage(body, "logs");
  throw new AppError({
    code: "unexpected_answer",
    message: "The tenant answered with something other than log entries.",
    hint: CHECK_DOMAIN,
  });
}
