import { isObject, type Json, type JsonObject } from "../lib/json.ts";

/**
 * The API puts an object that is sent in the place of the present one, and what was not sent is lost. These functions
 * let an update name only the members that change.
 */

/** Names of the settings that are objects. */
export function nestedNames(settings: JsonObject): string[] {
  return Object.keys(settings).filter((name) => isObject(settings[name]));
}

/** The settings without objects that have no members: of these everything stays as it is. */
export function withoutEmpty(settings: JsonObject): JsonObject {
  const changing = Object.entries(settings).filter(
    ([, value]) => !isObject(value) || Object.keys(value).length > 0,
  );
  return Object.fromEntries(changing);
}

/** The settings, the named ones completed at every level by the members they have at present. Lists stay as given. */
export function completeNested(
  settings: JsonObject,
  names: readonly string[],
  present: JsonObject,
): JsonObject {
  return {
    ...settings,
    ...Object.fromEntries(names.map((name) => [name, complete(settings[name] ?? null, present[name])])),
  };
}

function complete(given: Json, present: Json | undefined): Json {
  if (!isObject(given) || !isObject(present)) return given;
  return { ...present, ...completeNested(given, Object.keys(given), present) };
}
