import { asString, type JsonObject } from "../../lib/json.ts";
import type { ActionBuild, ActionContent, ActionRecord, ActionVersion } from "./action-records.ts";

/** Milliseconds from the save of a draft until its build begins, and until it ends. */
const buildBegins = 100;
const buildEnds = 600;
/** Milliseconds from the answer of a deploy until its version runs; a binding made earlier finds nothing deployed. */
const deployTakes = 60;

const packageName = /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;
const packageVersion = /^(latest|[\^~]?\d+(\.\d+){0,2}([-+][0-9A-Za-z.+-]+)?)$/;

export type BuildStatus = "pending" | "building" | "built" | "failed";

/** Starts to build what was saved. How it ends is settled now, but shows only when the build is over. */
export function startBuild(content: ActionContent, now: number): ActionBuild {
  return { content, startedAt: now, problems: [...codeProblems(content), ...dependencyProblems(content)] };
}

export function buildStatus(build: ActionBuild, now: number): BuildStatus {
  const elapsed = now - build.startedAt;
  if (elapsed < buildBegins) return "pending";
  if (elapsed < buildEnds) return "building";
  return build.problems.length > 0 ? "failed" : "built";
}

/** When the build is or was over, in milliseconds since the epoch. */
export function buildEnd(build: ActionBuild): number {
  return build.startedAt + buildEnds;
}

/** A new version of the built content; it replaces the one that runs a moment later. */
export function versionOf(record: ActionRecord, build: ActionBuild, id: string, now: number): ActionVersion {
  return { id, number: record.versions.length + 1, build, createdAt: now, deployedAt: now + deployTakes };
}

/** The version that runs now; none before the first deploy has taken effect. */
export function deployedVersion(record: ActionRecord, now: number): ActionVersion | undefined {
  return record.versions.findLast(
    (version) => version.deployedAt <= now && buildStatus(version.build, now) !== "failed",
  );
}

// A real build is known to pass some code that does not parse, and what it reports has not been recorded. This
// one fails there, so that a failed build can be seen and handled.
function codeProblems({ code }: ActionContent): JsonObject[] {
  try {
    new Bun.Transpiler({ loader: "js" }).transformSync(code);
    return [];
  } catch (error) {
    const errors: readonly unknown[] = error instanceof AggregateError ? error.errors : [error];
    return errors.map((item) => problem("invalid_code", `SyntaxError: ${describe(item)}`));
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error || error instanceof BuildMessage)) return String(error);
  const place = error instanceof BuildMessage ? error.position : null;
  return place ? `${error.message} (${place.line}:${place.column})` : error.message;
}

function dependencyProblems({ dependencies }: ActionContent): JsonObject[] {
  return dependencies.flatMap((dependency) => {
    const name = asString(dependency["name"]) ?? "";
    const version = asString(dependency["version"]) ?? "";
    if (packageName.test(name) && packageVersion.test(version)) return [];
    return [problem("invalid_dependency", `No matching version found for ${name}@${version}`)];
  });
}

function problem(id: string, message: string): JsonObject {
  return { id, msg: message, url: "https://auth0.com/docs/customize/actions" };
}
