import { z } from "zod";
import { readObject } from "../../management/envelope.ts";
import { path } from "../../management/path.ts";
import { defineTool } from "../define.ts";
import { selectFields } from "../item.ts";
import { itemFields, offset } from "../params.ts";
import { actionId } from "./settings.ts";

export const getAction = defineTool({
  name: "auth0_get_action",
  title: "Get action",
  kind: "read",
  toolset: "actions",
  scopes: ["read:actions"],
  description:
    "Get one action: its draft, and the version that is deployed. Values of secrets are never shown.",
  input: z.strictObject({ id: actionId, fields: itemFields, offset }),
  async run({ id, fields, offset }, { api }) {
    return selectFields(readObject(await api.get(path`/actions/actions/${id}`)), fields, offset);
  },
});
