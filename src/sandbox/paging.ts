import { asNumber, asString, asStrings, type Json, type JsonObject, parseJson } from "../lib/json.ts";
import { ok } from "./answers.ts";
import { ApiFault } from "./fault.ts";
import { offsetLinks } from "./offset-links.ts";
import type { SandboxAnswer, SandboxRequest } from "./route.ts";
import type { TenantState } from "./state.ts";
import type { Schema } from "./validation.ts";

const defaultPageSize = 50;
const checkpointLife = 24 * 60 * 60 * 1000;

/** Query parameters of lists that page by offset. */
export const offsetParameters = {
  page: {
    type: "integer",
    minimum: 0,
    description: "Pages count from 0",
  },
  per_page: { type: "integer", minimum: 1, maximum: 100, description: "Items on a page" },
  include_totals: { type: "boolean", description: "Wrap the page and tell the total" },
} as const satisfies Record<string, Schema>;

/** Query parameters of lists that also walk by checkpoint. */
export const checkpointParameters = {
  from: { type: "string", description: "Where the last page ended" },
  take: { type: "integer", minimum: 1, maximum: 100, description: "Items on a page" },
} as const satisfies Record<string, Schema>;

/** Query parameters of operations that answer a choice of fields. */
export const fieldParameters = {
  fields: { type: "string", description: "Names with commas between" },
  include_fields: {
    type: "boolean",
    description: "false leaves the named fields out",
  },
} as const satisfies Record<string, Schema>;

export interface OffsetPage {
  readonly items: JsonObject[];
  /** Item offset of the page, not its number. */
  readonly start: number;
  readonly limit: number;
  readonly total: number;
}

/** The page that `page` and `per_page` of a validated query name; empty past the end. */
export function offsetPage(
  items: readonly JsonObject[],
  parameters: JsonObject,
  pageSize = defaultPageSize,
): OffsetPage {
  const limit = asNumber(parameters["per_page"]) ?? pageSize;
  const start = (asNumber(parameters["page"]) ?? 0) * limit;
  return { items: items.slice(start, start + limit), start, limit, total: items.length };
}

export interface ListShape {
  /** Name of the list in an envelope. */
  readonly key: string;
  /** Field that identifies an item. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** How an item is shown; as it is, when left out. */
  readonly show?: (item: JsonObject) => JsonObject;
}

/**
 * A list in the shape its parameters ask for: `{<key>, next?}` by checkpoint (it wins over offsets),
 * `{start, limit, total, <key>}` with totals, a bare array otherwise. Checkpoints walk in the order of the
 * items' ids, so that no change between two pages can repeat or drop an item.
 */
export function listAnswer(items: readonly JsonObject[], list: ListShape, parameters: JsonObject): Json {
  if (isWalk(parameters)) return checkpointPage(items, list, parameters);
  const page = offsetPage(items, parameters);
  const shown = list.show ? page.items.map(list.show) : page.items;
  if (parameters["include_totals"] !== true) return shown;
  return { start: page.start, limit: page.limit, total: page.total, [list.key]: shown };
}

/** The list as an operation answers it: pages by offset tell in `Link` where the others are. */
export function listReply(
  items: readonly JsonObject[],
  list: Omit<ListShape, "now"> & { /** Below the API's base. */ readonly path: string },
  { parameters, query }: SandboxRequest,
  state: TenantState,
): SandboxAnswer {
  const answer = ok(listAnswer(items, { ...list, now: state.clock.now() }, parameters));
  if (isWalk(parameters)) return answer;
  const address = `${state.origin}/api/v2${list.path}`;
  return { ...answer, headers: offsetLinks(address, query, offsetPage(items, parameters)) };
}

function isWalk(parameters: JsonObject): boolean {
  return parameters["take"] !== undefined || parameters["from"] !== undefined;
}

function checkpointPage(items: readonly JsonObject[], list: ListShape, parameters: JsonObject): Json {
  const idOf = (item: JsonObject) => asString(item[list.id]) ?? "";
  const from = asString(parameters["from"]);
  const after = from === undefined ? "" : readCheckpoint(from, list.key, list.now);
  const take = asNumber(parameters["take"]) ?? defaultPageSize;
  const rest = items
    .filter((item) => idOf(item) > after)
    .sort((a, b) => (idOf(a) < idOf(b) ? -1 : Number(idOf(a) > idOf(b))));
  const page = rest.slice(0, take);
  const last = page.at(-1);
  const shown = list.show ? page.map(list.show) : page;
  if (last === undefined || rest.length <= take) return { [list.key]: shown };
  return { [list.key]: shown, next: writeCheckpoint(idOf(last), list.key, list.now) };
}

function writeCheckpoint(id: string, key: string, now: number): string {
  return Buffer.from(JSON.stringify([key, id, now])).toString("base64url");
}

function readCheckpoint(text: string, key: string, now: number): string {
  const content = parseJson(Buffer.from(text, "base64url").toString());
  const [list, id, issued] = Array.isArray(content) ? content : [];
  const age = now - (asNumber(issued) ?? Number.NEGATIVE_INFINITY);
  if (list !== key || typeof id !== "string" || age > checkpointLife) {
    throw new ApiFault(400, "The 'from' parameter is not a valid checkpoint.", "invalid_query_string");
  }
  return id;
}

/** The item with only the fields named by `fields`, or without them when `include_fields` is false. */
export function project(item: JsonObject, parameters: JsonObject): JsonObject {
  const fields = asStrings(asString(parameters["fields"])?.split(",")).filter((name) => name !== "");
  if (fields.length === 0) return item;
  const include = parameters["include_fields"] !== false;
  return Object.fromEntries(Object.entries(item).filter(([name]) => fields.includes(name) === include));
}
