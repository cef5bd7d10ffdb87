import { z } from "zod";
import { readObject } from "../../management/envelope.ts";
import { path } from "../../management/path.ts";
import { defineTool } from "../define.ts";
import { given } from "../objects.ts";
import { actionName, createdSettings } from "./settings.ts";

export const createAction = defineTool({
  name: "auth0_create_action",
  title: "Create action",
  kind: "create",
  toolset: "actions",
  scopes: ["create:actions"],
  description: "Create an action draft; it runs once deployed and bound.",
  input: z.strictObject({ name: actionName, ...createdSettings }),
  async run(settings, { api }) {
    return readObject(await api.post(path`/actions/actions`, given(settings)));
  },
});
