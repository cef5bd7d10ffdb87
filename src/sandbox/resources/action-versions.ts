import { randomUUID } from "node:crypto";
import { ok } from "../answers.ts";
import { ApiFault } from "../fault.ts";
import type { Route, SandboxAnswer, SandboxRequest } from "../route.ts";
import type { TenantState } from "../state.ts";
import { checkBody } from "../validation.ts";
import { buildStatus, startBuild, versionOf } from "./action-builds.ts";
import { actionList, actionPageParameters } from "./action-lists.ts";
import { findAction, findVersion } from "./action-lookup.ts";
import type { ActionBuild, ActionRecord, ActionVersion } from "./action-records.ts";
import { actionSummary, versionBody } from "./action-views.ts";

const rollbackSchema = {
  type: "object",
  properties: { update_draft: { type: "boolean", description: "Whether the draft follows the version." } },
} as const;

function listVersions({ params, parameters }: SandboxRequest, state: TenantState): SandboxAnswer {
  const record = findAction(state, params["actionId"]);
  const items = record.versions.toReversed().map((version) => fullVersion(record, version, state));
  return ok(actionList("versions", items, parameters));
}

function getVersion({ params }: SandboxRequest, state: TenantState): SandboxAnswer {
  const record = findAction(state, params["actionId"]);
  return ok(fullVersion(record, findVersion(record, params["id"]), state));
}

/** Answers 200 although the API's document says 202. */
function deployDraft({ params }: SandboxRequest, state: TenantState): SandboxAnswer {
  const record = findAction(state, params["id"]);
  if (buildStatus(record.draft, state.clock.now()) !== "built") {
    throw new ApiFault(400, "A draft must be in the 'built' state before it can be deployed.");
  }
  return deploy(record, record.draft, state);
}

function deployVersion({ params, body }: SandboxRequest, state: TenantState): SandboxAnswer {
  checkBody(rollbackSchema, body);
  const record = findAction(state, params["actionId"]);
  const { build } = findVersion(record, params["id"]);
  if (body["update_draft"] !== true) return deploy(record, build, state);
  return deploy({ ...record, draft: startBuild(build.content, state.clock.now()) }, build, state);
}

function deploy(record: ActionRecord, build: ActionBuild, state: TenantState): SandboxAnswer {
  const version = versionOf(record, build, randomUUID(), state.clock.now());
  const saved: ActionRecord = { ...record, versions: [...record.versions, version] };
  state.actions.set(saved.id, saved);
  return ok(fullVersion(saved, version, state));
}

function fullVersion(record: ActionRecord, version: ActionVersion, state: TenantState) {
  return { ...versionBody(record, version, state.clock.now()), action: actionSummary(record) };
}

/** Deploys, and the versions they leave. */
export const versionRoutes: readonly Route[] = [
  {
    method: "POST",
    pattern: "/actions/actions/:id/deploy",
    scopes: ["create:actions"],
    event: "Deploy an action",
    handle: deployDraft,
  },
  {
    method: "GET",
    pattern: "/actions/actions/:actionId/versions",
    scopes: ["read:actions"],
    query: actionPageParameters,
    handle: listVersions,
  },
  {
    method: "GET",
    pattern: "/actions/actions/:actionId/versions/:id",
    scopes: ["read:actions"],
    handle: getVersion,
  },
  {
    method: "POST",
    pattern: "/actions/actions/:actionId/versions/:id/deploy",
    scopes: ["create:actions"],
    event: "Roll back to a previous action version",
    handle: deployVersion,
  },
];
