import { z } from "zod";
import { readObject } from "../../management/envelope.ts";
import { path } from "../../management/path.ts";
import { defineTool } from "../define.ts";
import { selectFields } from "../item.ts";
import { itemFields, offset } from "../params.ts";
import { resourceServerId } from "./settings.ts";

export const getResourceServer = defineTool({
  name: "auth0_get_resource_server",
  title: "Get API",
  kind: "read",
  toolset: "apis",
  scopes: ["read:resource_servers"],
  description: "Get one API with its scopes and settings.",
  input: z.strictObject({ id: resourceServerId, fields: itemFields, offset }),
  async run({ id, fields, offset }, { api }) {
    return selectFields(readObject(await api.get(path`/resource-servers/${id}`)), fields, offset);
  },
});
