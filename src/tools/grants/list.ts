import { z } from "zod";
import { path } from "../../management/path.ts";
import { defineTool } from "../define.ts";
import { showItems } from "../fields.ts";
import { offsetList, readPage } from "../paging.ts";
import { clientId, fields, page, perPage, USUAL_PAGE } from "../params.ts";
import { audience } from "./audience.ts";

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
  async run({ client_id, audience, page = 0, per_page = USUAL_PAGE, fields }, { api, notice }) {
    const query = { client_id, audience, page, per_page, include_totals: true };
    const read = readPage(await api.get(path`/client-grants`, query), "client_grants");
    const items = showItems(read.items, { id: "id", fields, summary: SUMMARY }, notice);
    return offsetList({ ...read, key: "application_grants", items, page, perPage: per_page });
  },
});
