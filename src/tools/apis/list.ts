import { z } from "zod";
import { path } from "../../management/path.ts";
import { defineTool } from "../define.ts";
import { showItems, shownNames } from "../fields.ts";
import { offsetList, readPage } from "../paging.ts";
import { fields, page, perPage, USUAL_PAGE } from "../params.ts";

const ID = "id";
const SUMMARY = ["name", "identifier", "is_system", "signing_alg", "token_lifetime"];

export const listResourceServers = defineTool({
  name: "auth0_list_resource_servers",
  title: "List APIs",
  kind: "read",
  toolset: "apis",
  scopes: ["read:resource_servers"],
  description: "List the APIs (resource servers).",
  input: z.strictObject({ page, per_page: perPage, fields }),
  async run({ page = 0, per_page = USUAL_PAGE, fields }, { api, notice }) {
    const shown = { id: ID, fields, summary: SUMMARY };
    const query = { fields: shownNames(shown), include_fields: true, page, per_page, include_totals: true };
    const read = readPage(await api.get(path`/resource-servers`, query), "resource_servers");
    const items = showItems(read.items, shown, notice);
    return offsetList({ ...read, key: "resource_servers", items, page, perPage: per_page });
  },
});
