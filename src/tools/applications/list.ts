import { z } from "zod";
import { asString, type JsonObject } from "../../lib/json.ts";
import type { Query, ReadApi } from "../../management/api.ts";
import { readList } from "../../management/envelope.ts";
import { path } from "../../management/path.ts";
import { defineTool } from "../define.ts";
import { showItems, shownNames } from "../fields.ts";
import { offsetList, readPage } from "../paging.ts";
import { fields, page, perPage, USUAL_PAGE } from "../params.ts";

const ID = "client_id";
const SUMMARY = ["name", "description", "app_type", "is_first_party"];
/** The most the API gives at once. */
const LARGEST_PAGE = 100;

export const listApplications = defineTool({
  name: "auth0_list_applications",
  title: "List applications",
  kind: "read",
  toolset: "applications",
  scopes: ["read:clients"],
  description: "List applications (clients), all or by part of the name or type.",
  input: z.strictObject({
    name: z.string().trim().min(1).max(200).optional().describe("Part of the name, in any case"),
    app_type: z
      .array(z.string().regex(/^[a-z0-9_]+$/, "is not an application type"))
      .min(1)
      .max(30)
      .optional()
      .describe("native, spa, regular_web …"),
    page,
    per_page: perPage,
    include_totals: z.boolean().optional().describe("Tell the total; default true"),
    fields,
  }),
  async run(
    { name, app_type, page = 0, per_page = USUAL_PAGE, include_totals = true, fields },
    { api, notice },
  ) {
    const shown = { id: ID, fields, summary: SUMMARY };
    const names = shownNames(shown);
    const list = { key: "applications", page, perPage: per_page, showTotal: include_totals };
    const query = { app_type, is_global: false, include_fields: true };
    if (name === undefined) {
      const wanted = { ...query, fields: names, page, per_page, include_totals: true };
      const read = readPage(await api.get(path`/clients`, wanted), "clients");
      return offsetList({ ...read, ...list, items: showItems(read.items, shown, notice) });
    }
    const start = page * per_page;
    const end = start + per_page;
    const found = await findByName(api, name, {
      query: { ...query, fields: [...new Set([...names, "name"])] },
      // One more than the page holds tells whether there is a next one.
      enough: include_totals ? undefined : end + 1,
    });
    const items = showItems(found.slice(start, end), shown, notice);
    return offsetList({ ...list, items, total: found.length });
  },
});

/**
 * The applications whose name has that part, in a stable order. The API cannot search by name, so this walks over all
 * of them, or until there are enough.
 */
async function findByName(
  api: ReadApi,
  part: string,
  { query, enough }: { readonly query: Query; readonly enough: number | undefined },
): Promise<JsonObject[]> {
  const wanted = part.toLowerCase();
  const found: JsonObject[] = [];
  for await (const items of pages(api, query, enough === undefined)) {
    found.push(...items.filter((item) => asString(item["name"])?.toLowerCase().includes(wanted)));
    if (enough !== undefined && found.length >= enough) break;
  }
  return found;
}

/** All applications, page by page; with `ahead` the next page is under way while one is looked at. */
async function* pages(api: ReadApi, query: Query, ahead: boolean): AsyncGenerator<JsonObject[]> {
  const ask = (from?: string) => api.get(path`/clients`, { ...query, take: LARGEST_PAGE, from });
  let asked = ask();
  for (let checkpoint: string | undefined; ; ) {
    const { items, next } = readList(await asked, "clients");
    const isLast = next === undefined || next === checkpoint;
    if (!isLast && ahead) asked = ask(next);
    yield items;
    if (isLast) return;
    if (!ahead) asked = ask(next);
    checkpoint = next;
  }
}
