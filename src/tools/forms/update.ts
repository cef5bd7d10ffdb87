import { z } from "zod";
import { readObject } from "../../management/envelope.ts";
import { path } from "../../management/path.ts";
import { defineTool } from "../define.ts";
import { given } from "../objects.ts";
import { requireSettings } from "../settings.ts";
import { formId, formName, formSettings } from "./settings.ts";

export const updateForm = defineTool({
  name: "auth0_update_form",
  title: "Update form",
  kind: "update",
  toolset: "forms",
  scopes: ["update:forms"],
  description: "Change a form; a setting is replaced whole. If published, that shows at once.",
  input: z.strictObject({ id: formId, name: formName.optional(), ...formSettings }),
  async run({ id, ...changes }, { api }) {
    const settings = given(changes);
    requireSettings(settings, ["name", ...Object.keys(formSettings)]);
    return readObject(await api.patch(path`/forms/${id}`, settings));
  },
});
