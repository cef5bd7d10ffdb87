import { z } from "zod";
import { readList } from "../../management/envelope.ts";
import { path } from "../../management/path.ts";
import { defineTool } from "../define.ts";
import { offsetList } from "../paging.ts";
import { fields, page, perPage, pick } from "../params.ts";

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
  async run({ page = 0, per_page = 50, fields = SUMMARY }, { api }) {
    const shown = [...new Set([ID, ...fields])];
    const query = { fields: shown, include_fields: true, page, per_page, include_totals: true };
    const { items, total } = readList(await api.get(path`/resource-servers`, query), "resource_servers");
    return offsetList({
      key: "resource_servers",
      items: items.map((item) => pick(item, shown)),
      page,
      perPage: per_page,
      total,
    });
  },
});
