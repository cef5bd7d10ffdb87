import { isObject, type JsonObject } from "../lib/json.ts";

/** How objects of the API are shown and made: chosen members of an answer, the body of a request. */

/** The members of an object that were asked for; members it does not have are left out. */
export function pick(item: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(
    names.flatMap((name) => (Object.hasOwn(item, name) ? [[name, item[name] ?? null]] : [])),
  );
}

/** Arguments that are set, without those left out; for building a request's body. */
export function given(input: Readonly<Record<string, unknown>>): JsonObject {
  return Object.fromEntries(
    Object.entries(input).flatMap(([key, value]) => (value === undefined ? [] : [[key, toJson(value)]])),
  );
}

function toJson(value: unknown): JsonObject[string] {
  if (Array.isArray(value)) return value.map(toJson);
  if (isObject(value)) return given(value);
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
}
