import { randomUUID } from "node:crypto";
import { asString } from "../../lib/json.ts";
import { noContent, ok } from "../answers.ts";
import { ApiFault } from "../fault.ts";
import type { Route, SandboxAnswer, SandboxRequest } from "../route.ts";
import type { TenantState } from "../state.ts";
import { deployedVersion, startBuild } from "./action-builds.ts";
import { createContent, createSchema, updateContent, updateSchema } from "./action-content.ts";
import { actionList, actionPageParameters } from "./action-lists.ts";
import { findAction } from "./action-lookup.ts";
import type { ActionRecord } from "./action-records.ts";
import { triggerIds } from "./action-triggers.ts";
import { actionBody } from "./action-views.ts";

function listActions({ parameters }: SandboxRequest, state: TenantState): SandboxAnswer {
  const now = state.clock.now();
  const { triggerId, actionName, deployed, installed } = parameters;
  const records = [...state.actions.values()].filter(
    (record) =>
      (triggerId === undefined || record.draft.content.trigger.id === triggerId) &&
      (actionName === undefined || record.name === actionName) &&
      (deployed === undefined || (deployedVersion(record, now) !== undefined) === deployed) &&
      // Installed actions come from the marketplace; this tenant has none of them.
      installed !== true,
  );
  const items = records.map((record) => actionBody(record, now));
  return ok(actionList("actions", items, parameters));
}

function createAction({ body }: SandboxRequest, state: TenantState): SandboxAnswer {
  const now = state.clock.now();
  const name = asString(body["name"]) ?? "";
  refuseDuplicate(state, name);
  const draft = startBuild(createContent(body, now), now);
  const record: ActionRecord = {
    id: randomUUID(),
    name,
    createdAt: now,
    updatedAt: now,
    draft,
    versions: [],
  };
  // `deploy: true` makes a version that counts as deployed while its build has not even begun.
  const version = { id: randomUUID(), number: 1, build: draft, createdAt: now, deployedAt: now };
  const saved = body["deploy"] === true ? { ...record, versions: [version] } : record;
  state.actions.set(saved.id, saved);
  return ok(actionBody(saved, now), 201);
}

function getAction({ params }: SandboxRequest, state: TenantState): SandboxAnswer {
  return ok(actionBody(findAction(state, params["id"]), state.clock.now()));
}

function updateAction({ params, body }: SandboxRequest, state: TenantState): SandboxAnswer {
  const now = state.clock.now();
  const record = findAction(state, params["id"]);
  const name = asString(body["name"]) ?? record.name;
  if (name !== record.name) refuseDuplicate(state, name);
  const saved: ActionRecord = {
    ...record,
    name,
    updatedAt: name === record.name ? record.updatedAt : now,
    draft: startBuild(updateContent(record.draft.content, body, now), now),
  };
  state.actions.set(saved.id, saved);
  return ok(actionBody(saved, now));
}

function deleteAction({ params, parameters }: SandboxRequest, state: TenantState): SandboxAnswer {
  const { id } = findAction(state, params["id"]);
  const bound = [...state.bindings].filter(([, bindings]) =>
    bindings.some(({ actionId }) => actionId === id),
  );
  if (bound.length > 0 && parameters["force"] !== true) {
    throw new ApiFault(409, "Unable to delete an action bound to a trigger.");
  }
  for (const [trigger, bindings] of bound) {
    state.bindings.set(
      trigger,
      bindings.filter(({ actionId }) => actionId !== id),
    );
  }
  state.actions.delete(id);
  return noContent;
}

/** Names are what bindings may refer to by `action_name`. The refusal's words are assumed. */
function refuseDuplicate(state: TenantState, name: string): void {
  if ([...state.actions.values()].some((record) => record.name === name)) {
    throw new ApiFault(409, "An action with the same name already exists.");
  }
}

/** Actions themselves; deploys and versions have routes of their own. */
export const actionRoutes: readonly Route[] = [
  {
    method: "GET",
    pattern: "/actions/actions",
    scopes: ["read:actions"],
    query: {
      triggerId: { type: "string", enum: [...triggerIds], description: "An actions extensibility point." },
      actionName: { type: "string", description: "The name of the action." },
      deployed: { type: "boolean", description: "Only actions that are deployed, or that are not." },
      installed: { type: "boolean", description: "Only installed actions, or only custom ones." },
      ...actionPageParameters,
    },
    handle: listActions,
  },
  {
    method: "POST",
    pattern: "/actions/actions",
    scopes: ["create:actions"],
    body: createSchema,
    event: "Create an action",
    handle: createAction,
  },
  {
    method: "GET",
    pattern: "/actions/actions/:id",
    scopes: ["read:actions"],
    handle: getAction,
  },
  {
    method: "PATCH",
    pattern: "/actions/actions/:id",
    scopes: ["update:actions"],
    body: updateSchema,
    event: "Update an action",
    handle: updateAction,
  },
  {
    method: "DELETE",
    pattern: "/actions/actions/:id",
    scopes: ["delete:actions"],
    query: { force: { type: "boolean", description: "Detach the action's bindings as well." } },
    event: "Delete an action",
    handle: deleteAction,
  },
  {
    method: "GET",
    pattern: "/actions/executions/:id",
    scopes: ["read:actions"],
    // Nothing is ever executed here.
    handle() {
      throw new ApiFault(404, "That execution does not exist.");
    },
  },
];
