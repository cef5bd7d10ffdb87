import { AppError } from "../../lib/errors.ts";
import { asObject, asString, type JsonObject } from "../../lib/json.ts";
import { readObject } from "../../management/envelope.ts";
import { path } from "../../management/path.ts";
import { explainConflict } from "../../management/recovery.ts";
import { readAll } from "../actions/pages.ts";
import { currentVersion } from "../actions/triggers.ts";
import type { WriteContext } from "../define.ts";
import { listed } from "../listed.ts";
import { type Rendering, rendersForm, rendersUnnamed } from "./rendering.ts";

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

/** An action, and what its draft and its deployed version make of a form. */
interface Judged {
  readonly action: JsonObject;
  readonly draft: Rendering;
  readonly deployed: Rendering;
}

/**
 * The one action of a trigger that renders a form, or `undefined` when the code of none names it.
 *
 * @throws AppError `conflict` when there are several, when only the deployed version of one renders it, or when it
 *   cannot be told
 */
export async function findRenderer(
  { api, notice }: WriteContext,
  formId: string,
  trigger: string,
): Promise<Renderer | undefined> {
  const query = { triggerId: trigger };
  const actions = await readAll(api, { path: path`/actions/actions`, key: "actions", query });
  const judged = actions.map((action) => judge(action, formId));
  const matches = judged.filter(({ draft, deployed }) => [draft, deployed].includes("yes"));
  const unclear = judged.filter((item) => !matches.includes(item) && mayRender(item));
  const [match] = matches;
  if (match === undefined) {
    if (unclear.length > 0) throw cannotTell(unclear, formId, trigger);
    const unnamed = judged.filter(({ action }) => rendersUnnamed(codeOf(action)));
    if (unnamed.length > 0) {
      notice(`Not considered, as the form they render is not named in their code: ${describeAll(unnamed)}.`);
    }
    return undefined;
  }
  if (matches.length > 1) {
    throw new AppError({
      code: "conflict",
      message: `${matches.length} actions of ${trigger} render form ${formId}: ${describeAll(matches)}.`,
      hint: "Only one can be published: take the form out of the code of the others with auth0_update_action and deploy them.",
    });
  }
  if (match.draft !== "yes") {
    throw new AppError({
      code: "conflict",
      message: `Action ${describe(match.action)} renders form ${formId} as it is deployed, but its draft does not, as far as its code tells.`,
      hint: "Render the form in its draft with auth0_update_action, or deploy the draft with auth0_deploy_action; then repeat the call.",
    });
  }
  if (unclear.length > 0) {
    notice(`These actions name the form, too, and may render it as well: ${describeAll(unclear)}.`);
  }
  return readRenderer(match.action);
}

function judge(action: JsonObject, formId: string): Judged {
  const deployed = asObject(action["deployed_version"]) ?? {};
  return {
    action,
    draft: rendersForm(codeOf(action), formId),
    deployed: rendersForm(codeOf(deployed), formId),
  };
}

function mayRender({ draft, deployed }: Judged): boolean {
  return draft === "unknown" || deployed === "unknown";
}

/** Of an action or a version. */
function codeOf(item: JsonObject): string {
  return asString(item["code"]) ?? "";
}

function cannotTell(actions: readonly Judged[], formId: string, trigger: string): AppError {
  const call = `api.prompt.render(${JSON.stringify(formId)})`;
  return new AppError({
    code: "conflict",
    message: `Whether an action of ${trigger} renders form ${formId} already cannot be told: its id stands in the code of ${describeAll(actions)}, but in no call ${call}.`,
    hint: `If one of them renders it, write that call in its code with auth0_update_action. If none does, take the id out of their code, or make an action with that call with auth0_create_action. Then repeat this one.`,
  });
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
    `Another action is called "${body.name}": rename it with auth0_update_action. If it was made by another call just now, repeat this one.`,
  );
  return readRenderer(readObject(created));
}

function readRenderer(action: JsonObject): Renderer {
  const id = asString(action["id"]) ?? "";
  return { id, name: asString(action["name"]) ?? id };
}

function describeAll(actions: readonly Judged[]): string {
  return listed(actions.map(({ action }) => describe(action)));
}

function describe(action: JsonObject): string {
  const { id, name } = readRenderer(action);
  return `"${name}" (${id})`;
}
