import { z } from "zod";
import { readObject } from "../../management/envelope.ts";
import { path } from "../../management/path.ts";
import { defineTool } from "../define.ts";
import { selectFields } from "../item.ts";
import { itemFields, offset } from "../params.ts";
import { formId } from "./settings.ts";

export const getForm = defineTool({
  name: "auth0_get_form",
  title: "Get form",
  kind: "read",
  toolset: "forms",
  scopes: ["read:forms"],
  description: "Get one form with its nodes, texts and style.",
  input: z.strictObject({ id: formId, fields: itemFields, offset }),
  async run({ id, fields, offset }, { api }) {
    return selectFields(readObject(await api.get(path`/forms/${id}`)), fields, offset);
  },
});
