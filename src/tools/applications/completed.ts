import { z } from "zod";
import { AppError } from "../../lib/errors.ts";
import { asObject, type Json, type JsonObject } from "../../lib/json.ts";
import { readObject } from "../../management/envelope.ts";
import type { ApiPath } from "../../management/path.ts";
import type { WriteContext } from "../define.ts";
import { listed } from "../listed.ts";
import { completeNested, nestedNames } from "../nested.ts";
import { keptSettings } from "./kept.ts";
import { changedApplicationSettings } from "./settings.ts";

/** What shows the settings of an application; with less, the API gives a summary of it. */
const SCOPE = "read:clients";

/** Settings that every application has and no summary shows. */
const ALWAYS_SET = ["is_first_party", "grant_types", "oidc_conformant", "global", "tenant"];

const SETTINGS: Readonly<Record<string, z.core.$ZodType>> = changedApplicationSettings;

/** Whether an application, as it was read, shows its settings: a member that is missing is then not set. */
export function showsSettings(application: JsonObject): boolean {
  return ALWAYS_SET.some((name) => Object.hasOwn(application, name));
}

/**
 * Settings as they are sent: the API puts nested objects in the place of the present ones, so what is given of them in
 * part is completed by what there is. Metadata is the one object that the API itself merges.
 *
 * @throws AppError `insufficient_scope` when a part is given of what cannot be read, and the call is no dry run
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
  const missing = new Map(hidden.map((name) => [name, missingMembers(SETTINGS[name], settings[name], name)]));
  const parts = hidden.filter((name) => missing.get(name)?.length !== 0);
  if (parts.length > 0) {
    const error = incomplete(parts, [...missing.values()].flat(), refusal);
    if (!context.dryRun) throw error;
    context.notice(`Without a dry run this is refused. ${error.message} ${error.hint}`);
  } else if (hidden.length > 0) {
    context.notice(
      `${listed(hidden)}: sent as given, since the present settings cannot be read without ${SCOPE}.`,
    );
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

/** Members that are not given of an object, at every depth; none when it is given whole. */
function missingMembers(
  schema: z.core.$ZodType | undefined,
  value: Json | undefined,
  name: string,
): string[] {
  const kind = schema instanceof z.ZodOptional ? schema.unwrap() : schema;
  if (!(kind instanceof z.ZodObject)) return value === undefined ? [name] : [];
  return Object.entries(kind.shape).flatMap(([member, inner]) =>
    missingMembers(inner, asObject(value)?.[member], `${name}.${member}`),
  );
}

function incomplete(names: readonly string[], missing: readonly string[], refusal: AppError | undefined) {
  return new AppError({
    code: "insufficient_scope",
    message: `${listed(names)}: the update would remove what is not given of it, since the present settings cannot be read without ${SCOPE}.`,
    hint: `${refusal?.hint ?? `Use a token that has ${SCOPE}.`} Or give it whole; missing are ${listed(missing)}.`,
    requestId: refusal?.requestId,
    cause: refusal,
  });
}
