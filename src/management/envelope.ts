import { CHECK_DOMAIN } from "../config/domain.ts";
import { AppError } from "../lib/errors.ts";
import { asNumber, asObjects, asString, isObject, type Json, type JsonObject } from "../lib/json.ts";

/** A list answer, whichever envelope it came in. */
export interface ListPage {
  readonly items: JsonObject[];
  /** Items in all; `undefined` when the answer does not say. */
  readonly total: number | undefined;
  /** Checkpoint of the next page; `undefined` on the last. */
  readonly next: string | undefined;
}

/**
 * Reads a list as the Management API sends it: a bare array, `{start, limit, total, <key>}`, `{<key>, next}`, or an
 * envelope with its zero values left out.
 *
 * @param key the resource's name inside the envelope
 * @throws AppError `unexpected_answer` when it is neither an array nor an object that holds one
 */
export function readList(body: Json, key: string): ListPage {
  if (Array.isArray(body)) return { items: asObjects(body), total: undefined, next: undefined };
  const items = isObject(body) ? (body[key] ?? []) : undefined;
  if (!isObject(body) || !Array.isArray(items)) throw unexpected("a list");
  return {
    items: asObjects(items),
    total: asNumber(body["total"]),
    next: asString(body["next"]) || undefined,
  };
}

/**
 * Reads the answer to a request for one resource.
 *
 * @throws AppError `unexpected_answer` when it is anything but an object
 */
export function readObject(body: Json): JsonObject {
  if (isObject(body)) return body;
  throw unexpected("the object asked for");
}

function unexpected(wanted: string): AppError {
  return new AppError({
    code: "unexpected_answer",
    message: `The tenant answered with something other than ${wanted}.`,
    hint: CHECK_DOMAIN,
  });
}
