import { z } from "zod";
import { isObject, type JsonObject } from "../lib/json.ts";
import { isSegment } from "../management/path.ts";

/** Parameters that several tools share, in one wording. */

export const page = z.int().min(0).max(100_000).optional().describe("From 0");
export const perPage = z.int().min(1).max(100).optional().describe("1 to 100; default 50");

/** Members of an answer a list shows in place of its summary. */
export const fields = z.array(z.string().min(1).max(64)).min(1).max(50).optional().describe("Fields to show");

/** Members of one object; with a single one, `offset` reads on in it. */
export const itemFields = z
  .array(z.string().min(1).max(64))
  .min(1)
  .max(50)
  .optional()
  .describe("Only these fields");
export const offset = z.int().min(0).optional().describe("Skip into one field");

/** What names one resource in a path. */
export const identifier = (most: number, what: string) =>
  z
    .string()
    .min(1, "must not be empty")
    .max(most, `must have at most ${most} characters`)
    .refine(
      (value) => value === "" || isSegment(value),
      "cannot be an id; give it exactly as a list shows it",
    )
    .describe(what);

export const clientId = identifier(64, "Client id");
export const trimmedName = (most: number, what: string) =>
  z
    .string()
    .trim()
    .min(1, "must not be empty")
    .max(most, `must have at most ${most} characters`)
    .describe(what);

/** A free-form map: the tenant decides what may stand in it. */
export const freeForm = z.record(z.string(), z.json());

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
