import { asObject, isObject, type Json, type JsonObject, sameJson } from "../../lib/json.ts";

/** Where an entry stands in a client's document. */
export interface Place {
  /** Keys that lead from the root to what holds the entries; empty when the root itself does. */
  readonly path: readonly string[];
  readonly name: string;
  /** The entries are a list, and each carries its name as `name`. */
  readonly list?: boolean;
}

/** What an editor added around an entry that was not there before, so that it can be taken out again to the byte. */
export interface Footprint {
  /** How many containers were made for it, the root of an empty document included. */
  readonly made: number;
  /** Text put in front of the outermost part that was made, without separating commas, and text put behind it. */
  readonly lead: string;
  readonly tail: string;
  /** The innermost container stood there without a value, as YAML allows. */
  readonly bare?: boolean;
}

/**
 * What takes the entry that stays out again when another goes before it: what was made for the other one, or was there
 * without a value when that came, serves this one from then on.
 */
export function inheritedFootprint(own: Footprint, left: Footprint): Footprint {
  return left.made > 0 || left.bare === true ? left : own;
}

/** Offsets of a part of a text: of its first character, and behind its last. */
export type Range = readonly [start: number, end: number];

/** What setting an entry makes of a text. */
export interface Edited {
  readonly text: string;
  /** Present when the entry was not there before. */
  readonly footprint?: Footprint;
}

/** Edits one format in place. Texts come without byte order mark; every function is pure and throws DocumentError. */
export interface Editor {
  /** The document as data, `undefined` when it holds none. Values that JSON lacks come as text. */
  parse(text: string): Json | undefined;
  /** Gives the entry these fields. Other fields it has stay, and so does every byte outside of it. */
  set(text: string, place: Place, fields: JsonObject): Edited;
  /** Takes the entry out; without one the text comes back as it is. */
  remove(text: string, place: Place, footprint?: Footprint): string;
  /** The parts of the text that are the entry, its name included, in their order: one, or in TOML perhaps several. */
  ranges(text: string, place: Place): readonly Range[];
}

/** One change of a text: `remove` characters at `at` give way to `insert`. */
export interface Splice {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}

/**
 * A text with changes made.
 *
 * @param splices without overlap; those at one offset are applied in their order
 */
export function applySplices(text: string, splices: readonly Splice[]): string {
  let result = "";
  let from = 0;
  for (const { at, remove, insert } of [...splices].sort((a, b) => a.at - b.at)) {
    result += text.slice(from, at) + insert;
    from = at + remove;
  }
  return result + text.slice(from);
}

/** The entry as data, whatever it is; `undefined` when there is none. */
export function entryAt(document: Json | undefined, { path, name, list }: Place): Json | undefined {
  const container = path.reduce<Json | undefined>((value, key) => ownValue(value, key), document);
  if (!list) return ownValue(container, name);
  return Array.isArray(container) ? container.find((item) => ownValue(item, "name") === name) : undefined;
}

/** Whether two documents say the same but for the entry, and for containers that hold nothing else. */
export function sameElsewhere(a: Json | undefined, b: Json | undefined, place: Place): boolean {
  return sameJson(without(a, place) ?? null, without(b, place) ?? null);
}

function without(document: Json | undefined, { path, name, list }: Place): Json | undefined {
  const [key, ...rest] = path;
  if (key !== undefined) {
    const inner = without(ownValue(document, key), { path: rest, name, list: list === true });
    return dropEmpty(replaced(document, key, inner));
  }
  if (!list) return dropEmpty(replaced(document, name, undefined));
  if (!Array.isArray(document)) return dropEmpty(document);
  return dropEmpty(document.filter((item) => ownValue(item, "name") !== name));
}

function replaced(value: Json | undefined, key: string, inner: Json | undefined): Json | undefined {
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter(([name]) => name !== key);
  return Object.fromEntries(inner === undefined ? entries : [...entries, [key, inner]]);
}

function dropEmpty(value: Json | undefined): Json | undefined {
  if (value === null || value === undefined) return undefined;
  return typeof value === "object" && Object.keys(value).length === 0 ? undefined : value;
}

function ownValue(value: Json | undefined, key: string): Json | undefined {
  const object = asObject(value);
  return object !== undefined && Object.hasOwn(object, key) ? object[key] : undefined;
}
