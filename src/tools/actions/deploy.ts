import { z } from "zod";
import { AppError } from "../../lib/errors.ts";
import { asObjects, asString, type JsonObject } from "../../lib/json.ts";
import { defineTool, type WriteContext } from "../define.ts";
import { isBound, readBindings } from "./bindings.ts";
import { awaitBuild, deployDraft } from "./deployment.ts";
import { actionId } from "./settings.ts";

export const deployAction = defineTool({
  name: "auth0_deploy_action",
  title: "Deploy action",
  kind: "deploy",
  toolset: "actions",
  scopes: ["create:actions", "read:actions"],
  description:
    "Deploy an action's draft: waits for its build, then until the new version runs. Where the action is bound, that takes effect at once.",
  input: z.strictObject({ id: actionId }),
  async run({ id }, context) {
    const action = await awaitBuild(context, id);
    const version = await deployDraft(context, id);
    await noteUnbound(context, id, action);
    return version;
  },
});

/** Says so when no trigger runs the action. The deployment stands by now, so failing to find out is no failure. */
async function noteUnbound({ api, notice }: WriteContext, id: string, action: JsonObject): Promise<void> {
  const trigger = asString(asObjects(action["supported_triggers"])[0]?.["id"]);
  if (trigger === undefined) return;
  try {
    if (isBound(await readBindings(api, trigger), id)) return;
    notice(`No trigger runs this action yet: it must be bound to ${trigger}.`);
  } catch (error) {
    if (!(error instanceof AppError) || error.code === "cancelled") throw error;
    // Triggers whose actions other resources of the tenant bind have no list of bindings: the API answers 400.
    if (error.status !== 400)
      notice(`Whether ${trigger} runs this action could not be read: ${error.message}`);
  }
}
