import { z } from "zod";
import { readObject } from "../../management/envelope.ts";
import { path } from "../../management/path.ts";
import { defineTool } from "../define.ts";
import { given } from "../objects.ts";
import { requireSettings } from "../settings.ts";
import { actionId, changedSettings } from "./settings.ts";

export const updateAction = defineTool({
  name: "auth0_update_action",
  title: "Update action",
  kind: "update",
  toolset: "actions",
  scopes: ["update:actions"],
  description:
    "Change an action's draft; it runs only after auth0_deploy_action. Lists replace the present ones.",
  input: z.strictObject({ id: actionId, ...changedSettings }),
  async run({ id, ...changes }, { api }) {
    const settings = given(changes);
    requireSettings(settings, Object.keys(changedSettings));
    return readObject(await api.patch(path`/actions/actions/${id}`, settings));
  },
});
