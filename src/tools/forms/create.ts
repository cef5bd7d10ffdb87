import { z } from "zod";
import { readObject } from "../../management/envelope.ts";
import { path } from "../../management/path.ts";
import { defineTool } from "../define.ts";
import { given } from "../objects.ts";
import { formName, formSettings } from "./settings.ts";

export const createForm = defineTool({
  name: "auth0_create_form",
  title: "Create form",
  kind: "create",
  toolset: "forms",
  scopes: ["create:forms"],
  description: "Create a form. Nobody sees it before auth0_publish_form.",
  input: z.strictObject({ name: formName, ...formSettings }),
  async run(settings, { api }) {
    return readObject(await api.post(path`/forms`, given(settings)));
  },
});
