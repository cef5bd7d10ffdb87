import { AppError } from "../../lib/errors.ts";
import type { JsonObject } from "../../lib/json.ts";
import { readObject } from "../../management/envelope.ts";
import type { ApiPath } from "../../management/path.ts";
import type { WriteContext } from "../define.ts";
import { listed } from "../listed.ts";
import { completeNested, nestedNames } from "../nested.ts";
import { keptSettings } from "./kept.ts";

/** What shows the settings of an application; with less, the API gives a summary of it. */
const SCOPE = "read:clients";

/** Settings that every application has and no summary shows. */
const ALWAYS_SET = ["is_first_party", "grant_types", "oidc_conformant", "global", "tenant"];

/** Whether an application, as it was read, shows its settings: a member that is missing is then not set. */
export function showsSettings(application: JsonObject): boolean {
  return ALWAYS_SET.some((name) => Object.hasOwn(application, name));
}

/**
 * Settings as they are sent: the API puts nested objects in the place of the present ones, so what is given of them is
 * completed by what there is. Metadata is the one object that the API itself merges.
 *
 * @throws AppError `insufficient_scope` when a present object cannot be read, and the call is no dry run: even what
 *   looks whole may lack members that no tool takes
 */
export async function completedSettings(
  context: WriteContext,
  application: ApiPath,
  settings: JsonObject,
): Promise<JsonObject> {
  const nested = nestedNames(settings).filter((name) => name !== "client_metadata");
  if (nested.length === 0) return settings;
  const { present, refusal } = await readApplication(context, application);
  const hidden = showsSettings(present) ? [] : nested.filter((name) => !Object.hasOwn(present, name));
  if (hidden.length > 0) {
    const error = unreadable(hidden, refusal);
    if (!context.dryRun) throw error;
    context.notice(`Without a dry run this is refused. ${error.message} ${error.hint}`);
  }
  return completeNested(settings, nested, keptSettings(present, settings));
}

interface ReadApplication {
  /** As far as it can be read; empty when it cannot. */
  readonly present: JsonObject;
  /** The tenant's reason why it cannot. */
  readonly refusal?: AppError;
}

async function readApplication({ readPresent }: WriteContext, path: ApiPath): Promise<ReadApplication> {
  try {
    const answer = await readPresent(path);
    return { present: answer === undefined ? {} : readObject(answer) };
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "insufficient_scope") throw error;
    return { present: {}, refusal: error };
  }
}

function unreadable(names: readonly string[], refusal: AppError | undefined) {
  return new AppError({
    code: "insufficient_scope",
    message: `${listed(names)}: the update would remove what is not given of it, since the present settings cannot be read without ${SCOPE}.`,
    hint: refusal?.hint ?? `Use a token that has ${SCOPE}.`,
    requestId: refusal?.requestId,
    cause: refusal,
  });
}
