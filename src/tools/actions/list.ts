import { z } from "zod";
import { path } from "../../management/path.ts";
import { defineTool } from "../define.ts";
import { showItems } from "../fields.ts";
import { offsetList } from "../paging.ts";
import { fields, page, perPage, USUAL_PAGE } from "../params.ts";
import { readRange } from "./pages.ts";
import { triggerId } from "./settings.ts";

const SUMMARY = ["name", "supported_triggers", "runtime", "status", "all_changes_deployed", "updated_at"];

export const listActions = defineTool({
  name: "auth0_list_actions",
  title: "List actions",
  kind: "read",
  toolset: "actions",
  scopes: ["read:actions"],
  description:
    "List the tenant's actions: id, name, trigger, runtime, build status, whether all changes are deployed.",
  input: z.strictObject({
    trigger_id: triggerId.optional().describe("Its trigger, such as post-login"),
    deployed: z.boolean().optional().describe("Whether it is deployed"),
    action_name: z.string().min(1).optional().describe("Its exact name"),
    page,
    per_page: perPage,
    fields,
  }),
  async run({ trigger_id, deployed, action_name, page = 0, per_page = USUAL_PAGE, fields }, { api, notice }) {
    const query = { triggerId: trigger_id, deployed, actionName: action_name };
    const list = { path: path`/actions/actions`, key: "actions", query };
    const { items, total } = await readRange(api, list, page * per_page, per_page);
    return offsetList({
      key: "actions",
      items: showItems(items, { id: "id", fields, summary: SUMMARY }, notice),
      page,
      perPage: per_page,
      // Of a list without items the API leaves the total out, as it does with every zero here.
      total: total ?? (items.length === 0 ? 0 : undefined),
    });
  },
});
