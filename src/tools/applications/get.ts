import { z } from "zod";
import { readObject } from "../../management/envelope.ts";
import { path } from "../../management/path.ts";
import { defineTool } from "../define.ts";
import { selectFields } from "../item.ts";
import { clientId, itemFields, offset } from "../params.ts";

export const getApplication = defineTool({
  name: "auth0_get_application",
  title: "Get application",
  kind: "read",
  toolset: "applications",
  scopes: ["read:clients"],
  description: "Get one application with all its settings.",
  input: z.strictObject({ client_id: clientId, fields: itemFields, offset }),
  async run({ client_id, fields, offset }, { api }) {
    return selectFields(readObject(await api.get(path`/clients/${client_id}`)), fields, offset);
  },
});
