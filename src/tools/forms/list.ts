import { z } from "zod";
import { path } from "../../management/path.ts";
import { defineTool } from "../define.ts";
import { showItems } from "../fields.ts";
import { offsetList, readPage } from "../paging.ts";
import { fields, page, perPage, USUAL_PAGE } from "../params.ts";

const SUMMARY = ["name", "description", "created_at", "updated_at"];
const LAST_PAGE = 1_000;

export const listForms = defineTool({
  name: "auth0_list_forms",
  title: "List forms",
  kind: "read",
  toolset: "forms",
  scopes: ["read:forms"],
  description: "List the tenant's forms: id, name, description, when it was made and changed.",
  input: z.strictObject({
    page: page.refine((value = 0) => value <= LAST_PAGE, `the API's last page is ${LAST_PAGE}`),
    per_page: perPage,
    include_totals: z.boolean().optional().describe("Tell the total; default true"),
    fields,
  }),
  async run({ page = 0, per_page = USUAL_PAGE, include_totals = true, fields }, { api, notice }) {
    const read = readPage(await api.get(path`/forms`, { page, per_page, include_totals: true }), "forms");
    const items = showItems(read.items, { id: "id", fields, summary: SUMMARY }, notice);
    return offsetList({ ...read, key: "forms", items, page, perPage: per_page, showTotal: include_totals });
  },
});
