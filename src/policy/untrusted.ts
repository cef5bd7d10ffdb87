import { isObject, type Json, type JsonObject } from "../lib/json.ts";

/** Terminal escape sequences (ECMA-48): CSI, and the string sequences that end with ST or BEL. */
const ESCAPES =
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b[\]PX^_]|[\u009d\u0090])[^\u0007\u001b]*(?:\u0007|\u001b\\)/g;
/** The flags that Unicode spells with tag characters (RGI: England, Scotland, Wales). */
const FLAGS =
  /\u{1f3f4}\u{e0067}\u{e0062}(?:\u{e0065}\u{e006e}\u{e0067}|\u{e0073}\u{e0063}\u{e0074}|\u{e0077}\u{e006c}\u{e0073})\u{e007f}/u;
/**
 * What no reader sees but a model or a terminal acts on: control characters other than tab and line breaks,
 * bidirectional overrides (Unicode UAX #9), zero-width and annotation characters, and the tag block.
 */
const INVISIBLE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{1d173}-\u{1d17a}\u{e0000}-\u{e007f}]/u;
const HIDDEN = new RegExp(`(${FLAGS.source})|${INVISIBLE.source}`, "gu");
/**
 * Variation selectors and joiners (Persian, Indic scripts, emoji) belong to ordinary text, a selector and a joiner at
 * most; longer rows of them only carry hidden bits.
 */
const ROWS =
  /(?=\p{Variation_Selector}|\p{Join_Control})(\p{Variation_Selector}?\p{Join_Control}?)[\p{Variation_Selector}\p{Join_Control}]*/gu;

/** Text of the tenant without characters that hide or steer. */
export function visible(text: string): string {
  return text.replace(ESCAPES, "").replace(HIDDEN, "$1").replace(ROWS, "$1");
}

/** Whether JSON text may hold such characters: it writes control characters as escapes. */
export function mayHide(text: string): boolean {
  return SUSPECT.test(text);
}

const SUSPECT = /\\[ubf]|[^ -~]/;

/** The same as `visible` for every key and string of an object. */
export function visibleMembers(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [visible(key), visibleJson(item)]));
}

function visibleJson(value: Json): Json {
  if (typeof value === "string") return visible(value);
  if (Array.isArray(value)) return value.map(visibleJson);
  return isObject(value) ? visibleMembers(value) : value;
}
