import { AppError } from "../lib/errors.ts";
import type { JsonObject } from "../lib/json.ts";

/**
 * Refuses an update that would change nothing, before anything is sent.
 *
 * @param settings the settings that were given, as they would be sent
 * @param names every setting the tool can change
 * @throws AppError `invalid_arguments` that lists them
 */
export function requireSettings(settings: JsonObject, names: readonly string[]): void {
  if (Object.keys(settings).length > 0) return;
  throw new AppError({
    code: "invalid_arguments",
    message: `Nothing to change: give at least one of ${names.join(", ")}.`,
    hint: "Read the resource first to see its present settings.",
  });
}
