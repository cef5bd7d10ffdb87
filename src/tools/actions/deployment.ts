import { AppError } from "../../lib/errors.ts";
import { asObjects, asString, type JsonObject } from "../../lib/json.ts";
import { readObject } from "../../management/envelope.ts";
import { path } from "../../management/path.ts";
import type { WriteContext } from "../define.ts";

/** Build states after which another one follows. */
const UNDER_WAY: ReadonlySet<string> = new Set(["pending", "building", "packaged", "retrying"]);

/**
 * Waits until the build of an action's draft has ended, and returns the action.
 *
 * @throws AppError `build_failed` with what the build reported, `timeout`
 */
export async function awaitBuild({ api, waitUntil }: WriteContext, id: string): Promise<JsonObject> {
  const action = await waitUntil({
    poll: async () => readObject(await api.get(path`/actions/actions/${id}`)),
    done: (state) => !UNDER_WAY.has(buildStatus(state)),
    what: "the build of the action",
  });
  refuseFailed(action, `action ${asString(action["name"]) ?? id}`);
  return action;
}

/**
 * Deploys the draft, whose build must have ended, and waits until the new version runs.
 *
 * @returns the version, as the API last described it
 * @throws AppError `build_failed`, `timeout`
 */
export async function deployDraft(
  { api, waitUntil, progress }: WriteContext,
  id: string,
): Promise<JsonObject> {
  progress("Deploying the action");
  const version = readObject(await api.post(path`/actions/actions/${id}/deploy`));
  const versionId = asString(version["id"]);
  // The API answers before the version runs, and says so.
  if (version["deployed"] !== false || versionId === undefined) return version;
  const number = String(version["number"] ?? versionId);
  const deployed = await accepted(number, () =>
    waitUntil({
      poll: async () => readObject(await api.get(path`/actions/actions/${id}/versions/${versionId}`)),
      done: (state) => state["deployed"] === true || buildStatus(state) === "failed",
      what: `the deployment of version ${number}`,
      late: LOOK_FIRST,
    }),
  );
  refuseFailed(deployed, `version ${number} of the action`);
  return deployed;
}

const LOOK_FIRST =
  "It goes on in the tenant. See deployed_version of auth0_get_action before deploying again: that would make one more version.";

/** Waits for a version that the tenant has taken. Whatever goes wrong with looking, the deployment stands. */
async function accepted(number: string, wait: () => Promise<JsonObject>): Promise<JsonObject> {
  try {
    return await wait();
  } catch (error) {
    if (!(error instanceof AppError) || error.code === "cancelled") throw error;
    throw error.with({
      message: `Version ${number} was accepted. Whether it runs by now cannot be told: ${error.message}`,
      hint: LOOK_FIRST,
      retryAfter: undefined,
    });
  }
}

/** Of an action or a version, in lower case: the API is known to write it both ways. */
function buildStatus(state: JsonObject): string {
  return asString(state["status"])?.toLowerCase() ?? "";
}

function refuseFailed(state: JsonObject, what: string): void {
  if (buildStatus(state) !== "failed") return;
  const reasons = asObjects(state["errors"]).map(
    (error) => asString(error["msg"]) ?? asString(error["id"]) ?? "an error without words",
  );
  throw new AppError({
    code: "build_failed",
    message: `The build of ${what} failed: ${reasons.join("; ") || "the API gives no reason"}.`,
    hint: "Correct code or dependencies with auth0_update_action, then repeat the call.",
  });
}
