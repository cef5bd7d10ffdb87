import { z } from "zod";
import { readObject } from "../../management/envelope.ts";
import { path } from "../../management/path.ts";
import { defineTool } from "../define.ts";
import { selectFields } from "../item.ts";
import { identifier, itemFields, offset } from "../params.ts";
import { UNTRUSTED, withMeaning } from "./entry.ts";

export const getLog = defineTool({
  name: "auth0_get_log",
  title: "Get log",
  kind: "read",
  toolset: "logs",
  scopes: ["read:logs"],
  description: "Get one log event with all its details, and what its type means.",
  untrusted: UNTRUSTED,
  input: z.strictObject({
    id: identifier(128, "The event's log_id"),
    fields: itemFields,
    offset,
  }),
  async run({ id, fields, offset }, { api }) {
    return selectFields(withMeaning(readObject(await api.get(path`/logs/${id}`))), fields, offset);
  },
});
