import { randomUUID } from "node:crypto";
import { asObject, asObjects, asString, type JsonObject } from "../../lib/json.ts";
import { ok } from "../answers.ts";
import { ApiFault } from "../fault.ts";
import type { Route, SandboxAnswer, SandboxRequest } from "../route.ts";
import type { TenantState } from "../state.ts";
import type { Schema } from "../validation.ts";
import { deployedVersion } from "./action-builds.ts";
import { actionList, actionPageParameters } from "./action-lists.ts";
import { findAction, findActionByName } from "./action-lookup.ts";
import type { ActionRecord, BindingRecord } from "./action-records.ts";
import { checkBindable, listTriggers, triggerIds } from "./action-triggers.ts";
import { boundActionBody, timestamp } from "./action-views.ts";
import { checkAlternatives } from "./alternatives.ts";

const bindingSchema: Schema = {
  type: "object",
  required: ["ref"],
  properties: {
    ref: {
      type: "object",
      additionalProperties: true,
      properties: {
        type: { type: "string", enum: ["binding_id", "action_id", "action_name"] },
        value: { type: "string" },
      },
    },
    display_name: { type: "string" },
    // For actions of the marketplace, which this tenant does not have.
    secrets: { type: "array", items: { type: "object" } },
  },
};

const triggerPath = {
  triggerId: { type: "string", enum: [...triggerIds], description: "An actions extensibility point." },
} as const satisfies Record<string, Schema>;

function listBindings({ params, parameters }: SandboxRequest, state: TenantState): SandboxAnswer {
  const trigger = params["triggerId"] ?? "";
  checkBindable(trigger, "list");
  return ok(actionList("bindings", bindingBodies(state, trigger), parameters));
}

/**
 * What is sent is the whole list from now on, in its order; what is not in it is no longer bound. No list counts
 * as an empty one (assumed: the API's document does not require it).
 */
function replaceBindings({ params, body }: SandboxRequest, state: TenantState): SandboxAnswer {
  const trigger = params["triggerId"] ?? "";
  checkBindable(trigger, "update");
  const items = asObjects(body["bindings"]);
  for (const [index, item] of items.entries()) {
    checkAlternatives([bindingSchema], item, `bindings[${index}]`);
  }
  state.bindings.set(
    trigger,
    items.map((item) => readBinding(item, trigger, state)),
  );
  return ok({ bindings: bindingBodies(state, trigger) });
}

function readBinding(item: JsonObject, trigger: string, state: TenantState): BindingRecord {
  const now = state.clock.now();
  const ref = asObject(item["ref"]);
  const value = asString(ref?.["value"]) ?? "";
  const kept = ref?.["type"] === "binding_id" ? findBinding(state, trigger, value) : undefined;
  const action = boundAction(state, kept, asString(ref?.["type"]), value);
  // The words of the second refusal are assumed; the first is what the API says.
  if (!deployedVersion(action, now)) {
    throw new ApiFault(400, "Trying to create a binding for an action that has not been deployed yet");
  }
  if (action.draft.content.trigger.id !== trigger) {
    throw new ApiFault(
      400,
      `Trying to create a binding for an action that does not support the trigger ${trigger}`,
    );
  }
  return {
    id: kept?.id ?? randomUUID(),
    actionId: action.id,
    displayName: asString(item["display_name"]) ?? kept?.displayName ?? action.name,
    createdAt: kept?.createdAt ?? now,
    updatedAt: now,
  };
}

function boundAction(
  state: TenantState,
  kept: BindingRecord | undefined,
  type: string | undefined,
  value: string,
): ActionRecord {
  if (kept) return findAction(state, kept.actionId);
  return type === "action_name" ? findActionByName(state, value) : findAction(state, value);
}

function findBinding(state: TenantState, trigger: string, id: string): BindingRecord {
  const binding = state.bindings.get(trigger)?.find((item) => item.id === id);
  // Assumed words: no public record shows a reference to a binding that is gone.
  if (!binding) throw new ApiFault(404, "That binding does not exist.");
  return binding;
}

function bindingBodies(state: TenantState, trigger: string): JsonObject[] {
  const now = state.clock.now();
  return (state.bindings.get(trigger) ?? []).map((binding) => ({
    id: binding.id,
    trigger_id: trigger,
    action: boundActionBody(findAction(state, binding.actionId), now),
    created_at: timestamp(binding.createdAt),
    updated_at: timestamp(binding.updatedAt),
    display_name: binding.displayName,
  }));
}

/** Triggers, and which actions run on them. */
export const bindingRoutes: readonly Route[] = [
  {
    method: "GET",
    pattern: "/actions/triggers",
    scopes: ["read:actions"],
    handle: () => ok({ triggers: listTriggers() }),
  },
  {
    method: "GET",
    pattern: "/actions/triggers/:triggerId/bindings",
    scopes: ["read:actions"],
    path: triggerPath,
    query: actionPageParameters,
    handle: listBindings,
  },
  {
    method: "PATCH",
    pattern: "/actions/triggers/:triggerId/bindings",
    scopes: ["update:actions"],
    path: triggerPath,
    body: {
      type: "object",
      properties: { bindings: { type: "array", items: { type: "object" }, description: "The bindings." } },
    },
    event: "Update trigger bindings",
    handle: replaceBindings,
  },
];
