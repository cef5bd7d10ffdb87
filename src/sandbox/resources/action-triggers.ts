import { asObject, asString, type Json, type JsonObject } from "../../lib/json.ts";
import { ApiFault } from "../fault.ts";
import type { ActionTrigger } from "./action-records.ts";

interface TriggerVersion extends ActionTrigger {
  readonly status: "CURRENT" | "DEPRECATED";
  readonly runtimes: readonly string[];
  readonly defaultRuntime: string | undefined;
  readonly compatible: readonly ActionTrigger[];
  readonly policy: "trigger-bound" | "entity-bound";
}

const firstRuntimes = ["node12"];
const allRuntimes = ["node12", "node16", "node18", "node18-actions", "node22"];
const recentRuntimes = ["node18", "node18-actions", "node22"];

function current(id: string, version: string, runtimes: readonly string[] = allRuntimes): TriggerVersion {
  return {
    id,
    version,
    status: "CURRENT",
    runtimes,
    defaultRuntime: "node22",
    compatible: [],
    policy: "trigger-bound",
  };
}

function deprecated(id: string, version = "v1"): TriggerVersion {
  return {
    ...current(id, version, firstRuntimes),
    status: "DEPRECATED",
    defaultRuntime: "node12",
  };
}

/** Other resources of the tenant decide where these actions run, so nobody binds them. */
function entityBound(id: string): TriggerVersion {
  return { ...current(id, "v1", recentRuntimes), policy: "entity-bound" };
}

const triggerVersions: readonly TriggerVersion[] = [
  deprecated("post-login"),
  { ...current("post-login", "v2"), status: "DEPRECATED" },
  { ...current("post-login", "v3"), compatible: [{ id: "post-login", version: "v2" }] },
  current("credentials-exchange", "v2"),
  deprecated("credentials-exchange"),
  deprecated("pre-user-registration"),
  current("pre-user-registration", "v2"),
  deprecated("post-user-registration"),
  current("post-user-registration", "v2"),
  current("post-change-password", "v2"),
  deprecated("post-change-password"),
  { ...deprecated("send-phone-message"), defaultRuntime: undefined },
  current("send-phone-message", "v2"),
  current("password-reset-post-challenge", "v1", recentRuntimes),
  current("login-post-identifier", "v1", recentRuntimes),
  current("signup-post-identifier", "v1", recentRuntimes),
  entityBound("custom-phone-provider"),
  entityBound("custom-email-provider"),
  entityBound("custom-token-exchange"),
  entityBound("event-stream"),
  entityBound("password-hash-migration"),
  // Answers on real tenants although the API's published list of triggers does not have it.
  entityBound("mcp-tool"),
];

/** Every trigger's name, once. */
export const triggerIds: readonly string[] = [...new Set(triggerVersions.map(({ id }) => id))];

/** All versions of all triggers as `GET /actions/triggers` lists them. */
export function listTriggers(): JsonObject[] {
  return triggerVersions.map(({ id, version, status, runtimes, defaultRuntime, compatible, policy }) => ({
    id,
    version,
    status,
    runtimes: [...runtimes],
    ...(defaultRuntime === undefined ? {} : { default_runtime: defaultRuntime }),
    compatible_triggers: compatible.map((trigger) => ({ ...trigger })),
    binding_policy: policy,
  }));
}

/** The trigger that a validated item of `supported_triggers` names; its current version when it gives none. */
export function readTrigger(item: Json | undefined): ActionTrigger {
  const id = asString(asObject(item)?.["id"]);
  const version = asString(asObject(item)?.["version"]);
  const found = triggerVersions.find(
    (trigger) =>
      trigger.id === id &&
      (version === undefined ? trigger.status === "CURRENT" : trigger.version === version),
  );
  // Assumed words: no public record shows a trigger version that does not exist.
  if (!found) throw new ApiFault(400, `trigger ${id} has no version ${version}`);
  return { id: found.id, version: found.version };
}

/** The runtime asked for, or the trigger's own default. Throws a 400 when the trigger does not run on it. */
export function readRuntime(runtime: string | undefined, trigger: ActionTrigger): string {
  const found = findVersion(trigger);
  const chosen = runtime ?? found?.defaultRuntime;
  if (found && chosen !== undefined && found.runtimes.includes(chosen)) return chosen;
  const supported = found?.runtimes.join(", ") ?? "";
  throw new ApiFault(
    400,
    `runtime not supported for version ${trigger.version} of this trigger, supported runtimes: ${supported}`,
  );
}

/** An action keeps its trigger for life, but may move to a version that takes the same code. */
export function checkUpgrade(from: ActionTrigger, to: ActionTrigger): void {
  if (from.id === to.id && from.version === to.version) return;
  const compatible = findVersion(to)?.compatible ?? [];
  if (compatible.some((trigger) => trigger.id === from.id && trigger.version === from.version)) return;
  throw new ApiFault(400, "can't upgrade to this trigger.");
}

/** Throws a 400 for a trigger whose bindings the tenant manages itself. */
export function checkBindable(id: string, doing: "list" | "update"): void {
  const policy = triggerVersions.find((trigger) => trigger.id === id)?.policy;
  if (policy === "entity-bound") {
    throw new ApiFault(400, `cannot ${doing} action bindings for an entity-bound trigger`);
  }
}

function findVersion(trigger: ActionTrigger): TriggerVersion | undefined {
  return triggerVersions.find(({ id, version }) => id === trigger.id && version === trigger.version);
}
