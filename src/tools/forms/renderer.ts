import { AppError } from "../../lib/errors.ts";
import { asObject, asString, type JsonObject } from "../../lib/json.ts";
import { readObject } from "../../management/envelope.ts";
import { path } from "../../management/path.ts";
import { explainConflict } from "../../management/recovery.ts";
import { readAll } from "../actions/pages.ts";
import { currentVersion } from "../actions/triggers.ts";
import type { WriteContext } from "../define.ts";
import { rendersForm } from "./rendering.ts";

/** An action that renders a form. */
export interface Renderer {
  readonly id: string;
  readonly name: string;
}

/** How the handlers of the triggers that can render a form are called: `onExecute…`, `onContinue…`. */
const HANDLERS: Readonly<Record<string, string>> = {
  "post-login": "PostLogin",
  "password-reset-post-challenge": "PostChallenge",
};

/**
 * The one action of a trigger that renders a form, or `undefined`.
 *
 * @throws AppError `conflict` when there are several, or when only the deployed version of one renders it
 */
export async function findRenderer(
  { api, notice }: WriteContext,
  formId: string,
  trigger: string,
): Promise<Renderer | undefined> {
  const actions = await readAll(api, path`/actions/actions`, "actions", { triggerId: trigger });
  const judged = actions.map((action) => ({
    action,
    draft: rendersForm(asString(action["code"]) ?? "", formId),
    deployed: rendersForm(asString(asObject(action["deployed_version"])?.["code"]) ?? "", formId),
  }));
  const matches = judged.filter(({ draft, deployed }) => draft === "yes" || deployed === "yes");
  const [match] = matches;
  if (match === undefined) {
    const unclear = judged.filter(({ draft }) => draft === "unknown").map(({ action }) => describe(action));
    if (unclear.length > 0) {
      notice(`Not considered, as the form they render is not named in their code: ${unclear.join(", ")}.`);
    }
    return undefined;
  }
  if (matches.length > 1) {
    throw new AppError({
      code: "conflict",
      message: `${matches.length} actions of ${trigger} render form ${formId}: ${matches.map(({ action }) => describe(action)).join(", ")}.`,
      hint: "Only one can be published: take the form out of the code of the others with auth0_update_action and deploy them.",
    });
  }
  if (match.draft !== "yes") {
    throw new AppError({
      code: "conflict",
      message: `Action ${describe(match.action)} renders form ${formId} as it is deployed, but its draft does not.`,
      hint: "Render the form in its draft with auth0_update_action, or deploy the draft with auth0_deploy_action; then repeat the call.",
    });
  }
  return readRenderer(match.action);
}

/**
 * Creates an action that renders a form whenever its trigger runs.
 *
 * @throws AppError `invalid_arguments` for a trigger whose handlers are not known
 */
export async function createRenderer(
  { api }: WriteContext,
  formId: string,
  trigger: string,
): Promise<Renderer> {
  const handler = HANDLERS[trigger];
  if (handler === undefined) {
    throw new AppError({
      code: "invalid_arguments",
      message: `trigger_id: no action of ${trigger} renders form ${formId}, and one can be made for ${Object.keys(HANDLERS).join(" and ")} only.`,
      hint: `Create the action with auth0_create_action, with api.prompt.render(${JSON.stringify(formId)}) in its code, then repeat the call.`,
    });
  }
  const body = {
    name: `Render form ${formId} on ${trigger}`,
    supported_triggers: [{ id: trigger, version: await currentVersion(api, trigger) }],
    code: `exports.onExecute${handler} = async (event, api) => {
  api.prompt.render(${JSON.stringify(formId)});
};

exports.onContinue${handler} = async (event, api) => {};
`,
  };
  const created = await explainConflict(
    api.post(path`/actions/actions`, body),
    async () => undefined,
    `Another action is called "${body.name}": rename it with auth0_update_action. If it was made by another call just now, repeat this one.`,
  );
  return readRenderer(readObject(created));
}

function readRenderer(action: JsonObject): Renderer {
  const id = asString(action["id"]) ?? "";
  return { id, name: asString(action["name"]) ?? id };
}

function describe(action: JsonObject): string {
  const { id, name } = readRenderer(action);
  return `"${name}" (${id})`;
}
