import { AppError } from "../../lib/errors.ts";
import type { Json, JsonObject } from "../../lib/json.ts";
import type { Query, ReadApi } from "../../management/api.ts";
import type { ApiPath } from "../../management/path.ts";
import { largestDivisor, type ReadPage, readPage } from "../paging.ts";

/**
 * The API's own page size. Its lists cannot leave fields out: each action comes with the code of its draft and of its
 * versions, so larger pages soon hold more than is read of one answer.
 */
const PAGE_SIZE = 20;

/** Requests for one list whose end the tenant does not tell. */
const MOST_REQUESTS = 500;

export interface ItemRange {
  readonly items: JsonObject[];
  /** Items in all; `undefined` when the API does not say. */
  readonly total: number | undefined;
}

/** A list of this resource (actions, bindings). */
export interface List {
  readonly path: ApiPath;
  /** The list's name in its envelope. */
  readonly key: string;
  readonly query?: Query;
}

/** Every item of a list. */
export async function readAll(api: ReadApi, list: List): Promise<JsonObject[]> {
  return (await readRange(api, list, 0, Number.POSITIVE_INFINITY)).items;
}

/**
 * Some items of a list, by as many requests as it takes.
 *
 * @param start items to skip
 * @param count the most items to read
 */
export async function readRange(
  api: ReadApi,
  { path, key, query = {} }: List,
  start: number,
  count: number,
): Promise<ItemRange> {
  const items: JsonObject[] = [];
  let size = Math.min(PAGE_SIZE, count);
  for (let requests = 1; ; requests++) {
    const next = start + items.length;
    const page = Math.floor(next / size);
    const body = await unlessTooLarge(api.get(path, { ...query, page, per_page: size }), size);
    if (body === undefined) {
      size = Math.floor(size / 2);
      continue;
    }
    const read = readPage(body, key);
    const granted = Math.min(size, read.limit ?? size);
    const begin = read.start ?? page * granted;
    const fresh = begin > next ? [] : read.items.slice(next - begin);
    items.push(...fresh.slice(0, count - items.length));
    if (items.length >= count || isLast(read, begin, granted)) return { items, total: read.total };
    const following = isOpen(read)
      ? largestDivisor(start + items.length, Math.min(size, read.items.length))
      : granted;
    if (fresh.length === 0 && following === size) throw pagesDoNotJoin();
    if (isOpen(read) && (requests >= MOST_REQUESTS || repeats(items, fresh.length))) throw pagesDoNotJoin();
    size = following;
  }
}

function isLast(read: ReadPage, begin: number, size: number): boolean {
  const { items, total } = read;
  if (items.length === 0) return true;
  if (isOpen(read)) return false;
  return total === undefined ? items.length < size : begin + items.length >= total;
}

/**
 * Whether an answer does not tell where its list ends: a short page may be the last, or as much as this tenant gives
 * at once. The next one is then asked for from exactly where this one ends, until one is empty.
 */
function isOpen({ total, limit }: ReadPage): boolean {
  return total === undefined && limit === undefined;
}

/** Whether one of the last items stands before them already, as where a tenant gives the same page for every number. */
function repeats(items: readonly JsonObject[], last: number): boolean {
  const before = new Set(items.slice(0, items.length - last).map(({ id }) => id));
  return items.slice(items.length - last).some(({ id }) => before.has(id));
}

/** `undefined` when the answer is larger than what is read of one, and fewer items can be asked for. */
async function unlessTooLarge(answer: Promise<Json>, size: number): Promise<Json | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof AppError && error.code === "answer_too_large" && size > 1) return undefined;
    throw error;
  }
}

function pagesDoNotJoin(): AppError {
  return new AppError({
    code: "unexpected_answer",
    message:
      "The tenant's pages do not begin where the ones before them end, so a list cannot be read whole.",
    hint: "Repeat the call; check that no proxy answers in the tenant's place.",
  });
}
