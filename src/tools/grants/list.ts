import { z } from "zod";
import { readList } from "../../management/envelope.ts";
import { path } from "../../management/path.ts";
import { defineTool } from "../define.ts";
import { offsetList } from "../paging.ts";
import { clientId, fields, page, perPage, pick } from "../params.ts";
import { audience } from "./audience.ts";

const ID = "id";
const SUMMARY = ["client_id", "audience", "scope", "subject_type"];

export const listApplicationGrants = defineTool({
  name: "auth0_list_application_grants",
  title: "List application grants",
  kind: "read",
  toolset: "grants",
  scopes: ["read:client_grants"],
  description: "List application grants (client grants): which scopes of which API an application may get.",
  input: z.strictObject({
    client_id: clientId.optional(),
    audience: audience.optional(),
    page,
    per_page: perPage,
    fields,
  }),
  async run({ client_id, audience, page = 0, per_page = 50, fields = SUMMARY }, { api }) {
    const query = { client_id, audience, page, per_page, include_totals: true };
    const { items, total } = readList(await api.get(path`/client-grants`, query), "client_grants");
    const shown = [...new Set([ID, ...fields])];
    return offsetList({
      key: "application_grants",
      items: items.map((item) => pick(item, shown)),
      page,
      perPage: per_page,
      total,
    });
  },
});
