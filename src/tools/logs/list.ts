import { z } from "zod";
import { AppError } from "../../lib/errors.ts";
import { asString, type JsonObject } from "../../lib/json.ts";
import { path } from "../../management/path.ts";
import type { ListAnswer } from "../answers.ts";
import { defineTool, type ReadContext } from "../define.ts";
import { noteAbsent } from "../fields.ts";
import { checkpointList } from "../paging.ts";
import { fields, page, perPage, USUAL_PAGE } from "../params.ts";
import { readEntries } from "./entries.ts";
import { summarize, UNTRUSTED, withMeaning } from "./entry.ts";
import { isMoment, type LogFilters, logQuery } from "./query.ts";
import { endsAtLimit, REACHABLE, requireReachable, searchPage } from "./search-page.ts";

const SORTABLE = (
  "date log_id type description connection connection_id client_id client_name ip user_id user_name user_agent " +
  "hostname organization_id strategy strategy_type"
).split(" ");

const text = z.string().min(1, "must not be empty");
const moment = z
  .string()
  .refine(isMoment, "must be a date (2026-05-04) or a date-time (2026-05-04T10:00:00Z)");

const searchArguments = {
  q: text.optional().describe("Lucene query, such as user_name:jane* AND NOT type:s"),
  types: z
    .array(z.string().regex(/^[a-z0-9_]+$/, "must be a type code, such as fp"))
    .min(1)
    .max(50)
    .optional()
    .describe("Type codes, such as fp, fu, sapi"),
  user_id: text.optional().describe("Exact"),
  ip: text.optional().describe("Exact"),
  client_id: text.optional().describe("Exact"),
  connection: text.optional().describe("Exact name"),
  since: moment.optional().describe("From this date or UTC date-time on"),
  until: moment.optional().describe("Up to it, a whole date included"),
  page,
  per_page: perPage,
  sort: z
    .string()
    .regex(
      new RegExp(`^(${SORTABLE.join("|")}):(1|-1)$`),
      `must be :1 or :-1 behind one of ${SORTABLE.join(", ")}`,
    )
    .optional()
    .describe("field:1 or field:-1; default date:-1"),
};

const checkpointArguments = {
  from: text.max(128).optional().describe("log_id: walk what came after it, oldest first"),
  take: z.int().min(1).max(100).optional().describe("With from: 1 to 100; default 50"),
};

export const listLogs = defineTool({
  name: "auth0_list_logs",
  title: "List logs",
  kind: "read",
  toolset: "logs",
  scopes: ["read:logs"],
  description:
    "Search the tenant's log events, or walk them from a checkpoint. A search (q and filters, all ANDed) reaches 1,000 results; a walk (from, take) has no end but no filters.",
  untrusted: UNTRUSTED,
  input: z.strictObject({ ...searchArguments, ...checkpointArguments, fields }),
  async run({ from, take, fields, ...search }, context) {
    if (from !== undefined) {
      refuseMixed(search);
      return walk(from, take ?? 50, fields, context);
    }
    if (take !== undefined) throw takeAlone();
    return find(search, fields, context);
  },
});

interface Search extends LogFilters {
  readonly page?: number | undefined;
  readonly per_page?: number | undefined;
  readonly sort?: string | undefined;
}

async function find(
  search: Search,
  fields: readonly string[] | undefined,
  context: ReadContext,
): Promise<ListAnswer> {
  const { page = 0, per_page = USUAL_PAGE, sort = "date:-1", ...filters } = search;
  requireReachable(page, per_page);
  const query = { q: logQuery(filters), page, per_page, sort };
  const { items: entries, ...read } = readEntries(await context.api.get(path`/logs`, query));
  const most = Math.min(per_page, read.limit ?? per_page);
  const start = read.start ?? page * most;
  if (endsAtLimit(start, most, entries.length)) {
    context.notice(
      `A search ends at its result ${REACHABLE}, which this page holds. For more, narrow it with since and until, or walk by checkpoint: give from = a log_id (the walk goes on behind it, oldest first) and take, without filters.`,
    );
  }
  return searchPage(shown(entries, fields, context), start, most);
}

function shown(
  entries: readonly JsonObject[],
  fields: readonly string[] | undefined,
  { notice }: ReadContext,
): JsonObject[] {
  noteAbsent(entries.map(withMeaning), fields ?? [], notice);
  return entries.map((entry) => summarize(entry, fields));
}

/** The API's end of a walk is an empty page whose link leads to itself. */
async function walk(
  from: string,
  take: number,
  fields: readonly string[] | undefined,
  context: ReadContext,
): Promise<ListAnswer> {
  const { body, next } = await context.api.getLinked(path`/logs`, { from, take });
  const { items: entries } = readEntries(body);
  const last = asString(entries.at(-1)?.["log_id"]);
  const linked = next?.get("from");
  const onward = linked && linked !== from ? linked : last;
  if (entries.length === 0) {
    context.notice("Nothing is newer. Repeat with the same from to see what is added later.");
  }
  return checkpointList({
    key: "logs",
    items: shown(entries, fields, context),
    take,
    next: entries.length === 0 ? undefined : onward,
    checkpointAfter: (entry) => asString(entry["log_id"]) ?? from,
  });
}

function refuseMixed(search: Readonly<Record<string, unknown>>): void {
  const given = Object.keys(search).filter((name) => search[name] !== undefined);
  if (given.length === 0) return;
  throw new AppError({
    code: "invalid_arguments",
    message: `from: cannot be used with ${given.join(", ")}: a walk from a checkpoint gives every entry, and the API would ignore them.`,
    hint: "Give from and take alone to walk, or leave both out to search.",
  });
}

function takeAlone(): AppError {
  return new AppError({
    code: "invalid_arguments",
    message: "take: has no effect without from, the log_id behind which a walk begins.",
    hint: 'Give from as well (sort "date:1" finds the oldest log_id), or per_page for the size of a page of a search.',
  });
}
