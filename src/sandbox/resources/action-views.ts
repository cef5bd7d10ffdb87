import type { JsonObject } from "../../lib/json.ts";
import { type BuildStatus, buildEnd, buildStatus, deployedVersion } from "./action-builds.ts";
import type { ActionBuild, ActionContent, ActionRecord, ActionVersion } from "./action-records.ts";

/** An action as the API answers it: its draft, and the versions made from it. Secrets by name only. */
export function actionBody(record: ActionRecord, now: number): JsonObject {
  const { draft } = record;
  const { content } = draft;
  const status = buildStatus(draft, now);
  return {
    id: record.id,
    name: record.name,
    supported_triggers: [{ ...content.trigger }],
    created_at: timestamp(record.createdAt),
    updated_at: timestamp(draft.startedAt),
    code: content.code,
    dependencies: dependenciesBody(content, status),
    runtime: content.runtime,
    status,
    secrets: secretsBody(content),
    ...versionsBody(record, now),
    ...errorsBody(draft, status),
    all_changes_deployed: deployedVersion(record, now)?.build.content === content,
  };
}

/** The action inside of a version. `all_changes_deployed` is never true there, whatever was deployed. */
export function actionSummary(record: ActionRecord): JsonObject {
  return {
    id: record.id,
    name: record.name,
    supported_triggers: [{ ...record.draft.content.trigger }],
    created_at: timestamp(record.createdAt),
    updated_at: timestamp(record.updatedAt),
    all_changes_deployed: false,
  };
}

/** The action inside of a binding: a summary with its versions, and the same quirk. */
export function boundActionBody(record: ActionRecord, now: number): JsonObject {
  return { ...actionSummary(record), ...versionsBody(record, now) };
}

function versionsBody(record: ActionRecord, now: number): JsonObject {
  const latest = record.versions.at(-1);
  const deployed = deployedVersion(record, now);
  return {
    ...(latest ? { current_version: currentVersionBody(latest, now) } : {}),
    ...(deployed ? { deployed_version: versionBody(record, deployed, now) } : {}),
  };
}

/** A version as it stands inside of an action; asked for by itself it comes with the action's summary. */
export function versionBody(record: ActionRecord, version: ActionVersion, now: number): JsonObject {
  const { build } = version;
  const status = buildStatus(build, now);
  const builtAt = builtMoment(version);
  return {
    code: build.content.code,
    dependencies: dependenciesBody(build.content, status),
    id: version.id,
    deployed: deployedVersion(record, now)?.id === version.id,
    number: version.number,
    ...(status === "built" && builtAt <= now ? { built_at: timestamp(builtAt) } : {}),
    secrets: secretsBody(build.content),
    status,
    created_at: timestamp(version.createdAt),
    updated_at: timestamp(builtAt <= now ? builtAt : version.createdAt),
    runtime: build.content.runtime,
    supported_triggers: [{ ...build.content.trigger }],
    ...errorsBody(build, status),
  };
}

/** The latest version in the older shape that stands beside `deployed_version`; its status is upper case. */
function currentVersionBody(version: ActionVersion, now: number): JsonObject {
  const status = buildStatus(version.build, now);
  const builtAt = builtMoment(version);
  const over = builtAt <= now;
  return {
    id: version.id,
    code: version.build.content.code,
    runtime: version.build.content.runtime,
    status: status.toUpperCase(),
    number: version.number,
    ...(status === "built" && over ? { build_time: timestamp(builtAt) } : {}),
    created_at: timestamp(version.createdAt),
    updated_at: timestamp(over ? builtAt : version.createdAt),
  };
}

/** A version is packed from a finished draft while it is deployed; one that was deployed at birth is built with it. */
function builtMoment({ build, deployedAt }: ActionVersion): number {
  return Math.max(buildEnd(build), deployedAt);
}

/** The registry of a package is shown until the package has been built in. */
function dependenciesBody({ dependencies }: ActionContent, status: BuildStatus): JsonObject[] {
  if (status !== "built") return dependencies.map((dependency) => ({ ...dependency }));
  return dependencies.map(({ registry_url, ...dependency }) => dependency);
}

function secretsBody({ secrets }: ActionContent): JsonObject[] {
  return secrets.map(({ name, updatedAt }) => ({ name, updated_at: timestamp(updatedAt) }));
}

function errorsBody({ problems }: ActionBuild, status: BuildStatus): JsonObject {
  return status === "failed" ? { errors: problems.map((problem) => ({ ...problem })) } : {};
}

/** Actions carry their times to the nanosecond, unlike every other resource. */
export function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace("Z", "000000Z");
}
