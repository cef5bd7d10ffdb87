import type { JsonObject } from "../../lib/json.ts";
import type { Query, ReadApi } from "../../management/api.ts";
import { readList } from "../../management/envelope.ts";
import type { ApiPath } from "../../management/path.ts";

/** The lists of this resource state no maximum; the API is known to take this. */
const PAGE_SIZE = 100;

/**
 * Every item of a list of this resource (actions, bindings), page after page.
 *
 * @param key the list's name in its envelope
 */
export async function readAll(
  api: ReadApi,
  path: ApiPath,
  key: string,
  query: Query = {},
): Promise<JsonObject[]> {
  const all: JsonObject[] = [];
  for (let page = 0; ; page++) {
    const { items, total } = readList(await api.get(path, { ...query, page, per_page: PAGE_SIZE }), key);
    all.push(...items);
    if (items.length === 0 || (total === undefined ? items.length < PAGE_SIZE : all.length >= total))
      return all;
  }
}
