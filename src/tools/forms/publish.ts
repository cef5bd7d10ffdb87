import { z } from "zod";
import { AppError } from "../../lib/errors.ts";
import type { JsonObject } from "../../lib/json.ts";
import { sentence } from "../../lib/sentence.ts";
import { path } from "../../management/path.ts";
import { appendBinding, bindingsPath, isBound, readBindings } from "../actions/bindings.ts";
import { awaitBuild, deployDraft } from "../actions/deployment.ts";
import { triggerId } from "../actions/settings.ts";
import { defineTool, type WriteContext } from "../define.ts";
import { createRenderer, findRenderer, type Renderer } from "./renderer.ts";
import { formId } from "./settings.ts";

const DEFAULT_TRIGGER = "post-login";

export const publishForm = defineTool({
  name: "auth0_publish_form",
  title: "Publish form",
  kind: "deploy",
  idempotent: true,
  toolset: "forms",
  scopes: ["read:forms", "read:actions", "create:actions", "update:actions"],
  description:
    "Make a form reach people: finds or creates the one action that renders it, deploys its draft, and binds it behind what its trigger runs already. Repeating it changes nothing more.",
  input: z.strictObject({
    id: formId,
    trigger_id: triggerId.optional().describe(`Trigger; default ${DEFAULT_TRIGGER}`),
  }),
  async run({ id, trigger_id }, context) {
    const trigger = trigger_id ?? DEFAULT_TRIGGER;
    if (trigger_id === undefined) context.notice(`trigger_id was not given: ${trigger} is used.`);
    const form = path`/forms/${id}`;
    // Two publications of one form at once would find no action and create one each.
    return context.exclusively(form, async () => {
      context.progress("Looking for the action that renders the form");
      await context.api.get(form);
      const found = await findRenderer(context, id, trigger);
      // Read before anything changes, so that a trigger that cannot be bound is refused in time.
      await readBindings(context.api, trigger);
      return new Publication(context, id, trigger).run(found);
    });
  },
});

/** One run of the steps, each of which is left out when its work is done already. */
class Publication {
  readonly #steps: string[] = [];
  /** Steps that changed the tenant. */
  readonly #changes: string[] = [];

  constructor(
    readonly context: WriteContext,
    readonly formId: string,
    readonly trigger: string,
  ) {}

  async run(found: Renderer | undefined): Promise<JsonObject> {
    try {
      const action = found ?? (await this.#create());
      if (found !== undefined) this.#steps.push(`Action "${found.name}" (${found.id}) renders the form.`);
      await this.#deploy(action);
      await this.#bind(action);
      return {
        form_id: this.formId,
        trigger_id: this.trigger,
        action: { id: action.id, name: action.name, created: found === undefined },
        deployed: true,
        bound: true,
        changed: this.#changes.length > 0,
        steps: this.#steps,
      };
    } catch (error) {
      throw this.#withWhatIsDone(error);
    }
  }

  async #create(): Promise<Renderer> {
    this.context.progress("Creating an action that renders the form");
    const action = await createRenderer(this.context, this.formId, this.trigger);
    this.#changed(`Created action "${action.name}" (${action.id}).`);
    this.context.notice(
      `The new action shows the form whenever ${this.trigger} runs. For a condition, change its code with auth0_update_action and publish again.`,
    );
    return action;
  }

  async #deploy({ id }: Renderer): Promise<void> {
    const { all_changes_deployed } = await awaitBuild(this.context, id);
    if (all_changes_deployed === true) {
      this.#steps.push("Its draft is deployed already.");
      return;
    }
    await deployDraft(this.context, id);
    this.#changed("Deployed its draft.");
  }

  #bind(action: Renderer): Promise<void> {
    return this.context.exclusively(bindingsPath(this.trigger), () => this.#bindNow(action));
  }

  /** Reads the bindings again: the build took its time, and the list is sent as a whole. */
  async #bindNow(action: Renderer): Promise<void> {
    const { context, trigger } = this;
    const bindings = await readBindings(context.api, trigger);
    if (isBound(bindings, action.id)) {
      this.#steps.push(`It is bound to ${trigger} already.`);
      return;
    }
    context.progress(`Binding the action to ${trigger}`);
    await appendBinding(context.api, trigger, bindings, action);
    this.#changed(`Bound it to ${trigger}, as the last of ${bindings.length + 1}.`);
  }

  #changed(step: string): void {
    this.#steps.push(step);
    this.#changes.push(step);
  }

  #withWhatIsDone(error: unknown): unknown {
    if (!(error instanceof AppError) || error.code === "cancelled" || this.#changes.length === 0)
      return error;
    return error.with({
      message: `${sentence(error.message)} Done so far: ${this.#changes.join(" ")}`,
      hint: [error.hint, "What is done stays: repeating the call goes on from there."]
        .filter(Boolean)
        .join(" "),
    });
  }
}
