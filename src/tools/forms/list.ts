import { z } from "zod";
import { readList } from "../../management/envelope.ts";
import { path } from "../../management/path.ts";
import { defineTool } from "../define.ts";
import { offsetList } from "../paging.ts";
import { fields, page, perPage, pick } from "../params.ts";

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
  async run({ page = 0, per_page = 50, include_totals = true, fields = SUMMARY }, { api }) {
    const { items, total } = readList(
      await api.get(path`/forms`, { page, per_page, include_totals: true }),
      "forms",
    );
    const shown = [...new Set(["id", ...fields])];
    return offsetList({
      key: "forms",
      items: items.map((item) => pick(item, shown)),
      page,
      perPage: per_page,
      total,
      showTotal: include_totals,
    });
  },
});
