import type { JsonObject } from "../lib/json.ts";
import { listed } from "./listed.ts";
import { pick } from "./objects.ts";

/** What a list shows of each item. */
export interface Shown {
  /** The member that names an item; it is always shown. */
  readonly id: string;
  /** The fields that were asked for, if any were. */
  readonly fields: readonly string[] | undefined;
  /** What is shown otherwise. */
  readonly summary: readonly string[];
}

/** The members that a list shows, its id first. */
export function shownNames({ id, fields, summary }: Shown): string[] {
  return [...new Set([id, ...(fields ?? summary)])];
}

/** The items as the list shows them. */
export function showItems(
  items: readonly JsonObject[],
  shown: Shown,
  notice: (text: string) => void,
): JsonObject[] {
  noteAbsent(items, shown.fields ?? [], notice);
  const names = shownNames(shown);
  return items.map((item) => pick(item, names));
}

/** Says which fields no item has: the API leaves out what is not set, what does not exist, and some of it in lists. */
export function noteAbsent(
  items: readonly JsonObject[],
  fields: readonly string[],
  notice: (text: string) => void,
): void {
  const absent = fields.filter((name) => !items.some((item) => Object.hasOwn(item, name)));
  if (items.length === 0 || absent.length === 0) return;
  notice(
    `fields: no item of this list has ${listed(absent)}: not set, no such field, or shown by the get tool only.`,
  );
}
