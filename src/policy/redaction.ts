import { isObject, type Json, type JsonObject } from "../lib/json.ts";
import { holdsSecret, isPrivateKeyPart } from "./secret-names.ts";
import { secretShapes, type TextRange } from "./secret-shapes.ts";
import { visible, visibleJson } from "./untrusted.ts";

/** What stands in an answer in place of a secret. Arguments that hold it are refused, so it is never written back. */
export const WITHHELD = "[withheld by auth0-mcp]";

/** Shorter values are not looked for in other texts: they would be found in words that are no secrets. */
const SHORTEST_VALUE = 6;
/** The same for the names of members: a secret as common as "password" must not make settings unreadable. */
const SHORTEST_IN_NAMES = 12;
/** The most recent secrets a process remembers for replacement by value. */
const MOST_VALUES = 2_000;

/** A value without its secrets, and where they stood. */
export interface Redacted<T> {
  readonly value: T;
  /** Names of the members that were withheld, each once. */
  readonly withheld: readonly string[];
}

/**
 * Removes secrets from everything that leaves the process: by the member's name, by their shape (private keys, JWTs),
 * and by value wherever a secret seen before appears again. What hides characters is removed on the way, before values
 * are compared, so that nothing can be hidden inside a secret to get it past the comparison.
 */
export class Redactor {
  /** Every secret with the forms in which it may appear in a text. */
  readonly #values = new Map<string, readonly string[]>();

  /** Remembers a secret, so that its value is withheld wherever it appears. */
  register(value: string): void {
    if (value.length < SHORTEST_VALUE || WITHHELD.includes(value)) return;
    this.#values.delete(value);
    this.#values.set(value, formsOf(value));
    const [oldest] = this.#values.keys();
    if (this.#values.size > MOST_VALUES && oldest !== undefined) this.#values.delete(oldest);
  }

  /** Remembers every secret that stands under a telling name in a value. */
  registerSecretsOf(value: Json): void {
    withholdByName(value, [], (secret) => this.register(secret));
  }

  /** A value without secrets and without hidden characters. */
  redact(value: JsonObject): Redacted<JsonObject> {
    const withheld = new Set<string>();
    const named = withholdByName(value, [], (secret, name) => {
      this.register(secret);
      withheld.add(name);
    });
    const clean = this.#byValue(visibleJson(named));
    return { value: isObject(clean) ? clean : {}, withheld: [...withheld] };
  }

  /** Text without secrets and without hidden characters. */
  text(text: string): string {
    return this.#withhold(visible(text), SHORTEST_VALUE);
  }

  #byValue(value: Json): Json {
    if (typeof value === "string") return this.#withhold(value, SHORTEST_VALUE);
    if (Array.isArray(value)) return value.map((item) => this.#byValue(item));
    if (!isObject(value)) return value;
    const members = Object.entries(value);
    return Object.fromEntries(
      members.map(([key, item]) => [this.#withhold(key, SHORTEST_IN_NAMES), this.#byValue(item)]),
    );
  }

  #withhold(text: string, shortest: number): string {
    const ranges = secretShapes(text);
    for (const forms of this.#values.values()) {
      for (const form of forms) if (form.length >= shortest) ranges.push(...occurrences(text, form));
    }
    return withoutRanges(text, ranges);
  }
}

/** A secret as it stands, and as it stands in a URL, a form and a JSON text. */
function formsOf(secret: string): string[] {
  const shown = visible(secret);
  const forms = [secret, shown, JSON.stringify(shown).slice(1, -1)];
  if (secret.isWellFormed()) {
    const encoded = encodeURIComponent(secret);
    forms.push(
      encoded,
      encoded.replaceAll("%20", "+"),
      new URLSearchParams([["", secret]]).toString().slice(1),
    );
  }
  return [...new Set(forms)].filter((form) => form.length >= SHORTEST_VALUE);
}

function occurrences(text: string, part: string): TextRange[] {
  const found: TextRange[] = [];
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + 1)) {
    found.push({ start: at, end: at + part.length });
  }
  return found;
}

/** Text with a mark in place of the ranges; ranges that overlap or touch get one. */
function withoutRanges(text: string, ranges: readonly TextRange[]): string {
  if (ranges.length === 0) return text;
  let result = "";
  let end = -1;
  for (const range of [...ranges].sort((a, b) => a.start - b.start)) {
    if (range.start > end) result += text.slice(Math.max(0, end), range.start) + WITHHELD;
    end = Math.max(end, range.end);
  }
  return result + text.slice(end);
}

/**
 * Replaces every string that stands in a secret place.
 *
 * @param path names of the members on the way; array positions do not count
 */
function withholdByName(
  value: Json,
  path: readonly string[],
  found: (secret: string, name: string) => void,
): Json {
  if (typeof value === "string") {
    if (value === "" || !holdsSecret(path)) return value;
    return withhold(value, path.at(-1) ?? "", found);
  }
  if (Array.isArray(value)) return value.map((item) => withholdByName(item, path, found));
  if (!isObject(value)) return value;
  const members = Object.entries(value).map(([key, item]) => {
    const secret = typeof item === "string" && item !== "" && isPrivateKeyPart(key, value);
    return [key, secret ? withhold(item, key, found) : withholdByName(item, [...path, key], found)];
  });
  return Object.fromEntries(members);
}

function withhold(secret: string, name: string, found: (secret: string, name: string) => void): string {
  found(secret, name);
  return WITHHELD;
}
