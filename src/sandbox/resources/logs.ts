import { asNumber, asString, type JsonObject } from "../../lib/json.ts";
import { ok } from "../answers.ts";
import { ApiFault } from "../fault.ts";
import { fieldParameters, offsetPage, offsetParameters, project } from "../paging.ts";
import type { Route, SandboxAnswer, SandboxRequest } from "../route.ts";
import type { TenantState } from "../state.ts";
import type { Schema } from "../validation.ts";
import { checkpointLink } from "./log-links.ts";
import { parseLogQuery } from "./log-query.ts";
import { parseLogSearch } from "./log-search.ts";
import { searchableFields } from "./log-terms.ts";

/** How many results of one search can be reached at all. */
const reachable = 1000;
/** Characters. Auth0 documents that a query may be too long, not when; this limit is assumed. */
const longestQuery = 4096;
const defaultTake = 50;

const parameters = {
  q: { type: "string", description: "Search criteria." },
  search: { type: "string", description: "Search criteria in a simpler form." },
  page: offsetParameters.page,
  per_page: { ...offsetParameters.per_page, minimum: 0 },
  sort: {
    type: "string",
    pattern: new RegExp(`^(${searchableFields.join("|")}):(1|-1)$`),
    description: "Field to sort by, with :1 or :-1.",
  },
  ...fieldParameters,
  include_totals: offsetParameters.include_totals,
  from: { type: "string", description: "Log event id to start from." },
  take: { type: "integer", minimum: 1, maximum: 100, description: "Number of entries to retrieve." },
} as const satisfies Record<string, Schema>;

/** With `from` a walk, in which everything but `take` is ignored; otherwise a search, in which `take` is. */
function counted(query: URLSearchParams): URLSearchParams {
  const isWalk = query.has("from");
  return new URLSearchParams(
    [...query].filter(([name]) => (isWalk ? name === "from" || name === "take" : name !== "take")),
  );
}

function listLogs(request: SandboxRequest, state: TenantState): SandboxAnswer {
  const from = asString(request.parameters["from"]);
  return from === undefined ? searchLogs(request, state) : walkLogs(request, from, state);
}

function searchLogs({ parameters: given }: SandboxRequest, state: TenantState): SandboxAnswer {
  const [q, search] = [asString(given["q"]) ?? "", asString(given["search"]) ?? ""];
  if (q.length + search.length > longestQuery) return tooLong;
  refuseUnreachable(given);
  const matchers = [
    ...(q.trim() === "" ? [] : [parseLogQuery(q)]),
    ...(search.trim() === "" ? [] : [parseLogSearch(search)]),
  ];
  const entries = state.logs.filter((entry) => matchers.every((matches) => matches(entry)));
  const found = sorted(entries, asString(given["sort"])).slice(0, reachable);
  const page = offsetPage(found, given);
  const items = page.items.map((entry) => project(entry, given));
  // The search engine does not count what it found: `total` is the length of this page.
  const totals = { start: page.start, limit: page.limit, length: items.length, total: items.length };
  return ok(given["include_totals"] === true ? { ...totals, logs: items } : items);
}

function refuseUnreachable(given: JsonObject): void {
  const page = asNumber(given["page"]) ?? 0;
  const size = asNumber(given["per_page"]) ?? 50;
  if ((page + 1) * size <= reachable) return;
  throw new ApiFault(
    400,
    `Requesting page ${page} exceeds the allowed maximum of ${reachable} records: please consider searching by ` +
      "checkpoint https://auth0.com/docs/logs/retrieve-log-events-using-mgmt-api#retrieve-logs-by-checkpoint",
    "invalid_paging",
  );
}

/** Newest first, by log id, unless another order was asked for. */
function sorted(entries: readonly JsonObject[], sort = "log_id:-1"): JsonObject[] {
  const [field = "", direction] = sort.split(":");
  const sign = direction === "1" ? 1 : -1;
  const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));
  const text = (entry: JsonObject, name: string) => asString(entry[name]) ?? "";
  return entries.toSorted(
    (a, b) =>
      sign * (compare(text(a, field), text(b, field)) || compare(text(a, "log_id"), text(b, "log_id"))),
  );
}

/** What came after the entry `from`, oldest first. Where to go on stands in the `Link` header only. */
function walkLogs(request: SandboxRequest, from: string, state: TenantState): SandboxAnswer {
  const take = asNumber(request.parameters["take"]) ?? defaultTake;
  const newer = state.logs.filter((entry) => (asString(entry["log_id"]) ?? "") > from);
  const items = sorted(newer, "log_id:1").slice(0, take);
  const last = asString(items.at(-1)?.["log_id"]);
  return { ...ok(items), headers: checkpointLink(`${state.origin}/api/v2/logs`, request.query, last) };
}

function getLog({ params }: SandboxRequest, state: TenantState): SandboxAnswer {
  const entry = state.logs.find((item) => item["log_id"] === params["id"]);
  // The words are the API document's; no record of this answer is known.
  if (!entry) throw new ApiFault(404, "Log not found.");
  return ok(entry);
}

const tooLong: SandboxAnswer = {
  status: 414,
  body: { statusCode: 414, error: "Request-URI Too Large", message: "Request-URI Too Large" },
};

/** The tenant's log of events. */
export const logRoutes: readonly Route[] = [
  {
    method: "GET",
    pattern: "/logs",
    scopes: ["read:logs", "read:logs_users"],
    query: parameters,
    counted,
    handle: listLogs,
  },
  {
    method: "GET",
    pattern: "/logs/:id",
    scopes: ["read:logs", "read:logs_users"],
    handle: getLog,
  },
];
