import { isObject, type Json, type JsonObject } from "../lib/json.ts";
import { holdsSecret, holdsSecretObjects, isPlainName, isPrivateKeyPart } from "./secret-names.ts";
import { mayHoldSecretShape, secretShapes, type TextRange } from "./secret-shapes.ts";
import { mayHide, visible, visibleMembers } from "./untrusted.ts";

/** What stands in an answer in place of a secret. Arguments that hold it are refused, so it is never written back. */
export const WITHHELD = "[withheld by auth0-mcp]";

/** Shorter values are not looked for in other texts: they would be found in words that are no secrets. */
const SHORTEST_VALUE = 6;
/** The same for the names of members: a secret as common as "password" must not make settings unreadable. */
const SHORTEST_IN_NAMES = 12;
/** The most recent secrets of each kind that a process remembers for replacement by value. */
const MOST_VALUES = 2_000;

/** A value without its secrets, and where they stood. */
export interface Redacted {
  readonly value: JsonObject;
  /** Names of the members that were withheld, each once. */
  readonly withheld: readonly string[];
}

/**
 * Removes secrets from everything that leaves the process: by the member's name, by their shape (private keys, JWTs),
 * and by value wherever a secret seen before appears again. What hides characters is removed on the way, before values
 * are compared, so that nothing can be hidden inside a secret to get it past the comparison.
 */
export class Redactor {
  /** This process's own: tokens, and what proves who it is. Whatever a tenant answers, they are not forgotten for it. */
  readonly #own = new Map<string, Forms>();
  /** Met in arguments and in answers. */
  readonly #met = new Map<string, Forms>();
  /** Met in the value that is looked at, and forgotten with it. */
  readonly #here = new Map<string, Forms>();
  /** Values whose secrets are not looked for yet. */
  #unread: JsonObject[] = [];

  /** Remembers a secret of this process, so that its value is withheld wherever it appears. */
  register(value: string): void {
    remember(value, this.#own);
  }

  /**
   * Remembers every secret that stands under a telling name in a value: before the next text is looked at, and in the
   * next turn of the event loop at the latest. The caller can send its next request first.
   */
  registerSecretsOf(value: JsonObject): void {
    if (this.#unread.push(value) === 1) setImmediate(() => this.#readOn());
  }

  #readOn(): void {
    const values = this.#unread;
    this.#unread = [];
    for (const value of values) withholdMembers(value, [], (secret) => remember(secret, this.#met));
  }

  /**
   * A value without secrets and without hidden characters.
   *
   * @param trusted whether the tenant's own people wrote it. What outsiders wrote may call any word a secret: it is
   *   withheld all over this value, and not looked for in others
   */
  redact(value: JsonObject, trusted = true): Redacted {
    const withheld = new Set<string>();
    const named = withholdMembers(value, [], (secret, name) => {
      remember(secret, trusted ? this.#met : this.#here);
      withheld.add(name);
    });
    const clean = this.#isClean(JSON.stringify(named), "written")
      ? named
      : this.#byValue(visibleMembers(named));
    this.#here.clear();
    return { value: clean, withheld: [...withheld] };
  }

  /**
   * Whether nothing is left to remove. Most texts are clean, and one look at the whole tells it many times faster than
   * a look at every string.
   */
  #isClean(text: string, form: keyof Forms): boolean {
    if (mayHide(text) || mayHoldSecretShape(text)) return false;
    for (const values of this.#remembered()) {
      for (const forms of values.values()) {
        for (const secret of forms[form]) if (text.includes(secret)) return false;
      }
    }
    return true;
  }

  #remembered(): readonly ReadonlyMap<string, Forms>[] {
    this.#readOn();
    return [this.#own, this.#met, this.#here];
  }

  /** Text without secrets and without hidden characters. */
  text(text: string): string {
    return this.#isClean(text, "plain") ? text : this.#withhold(visible(text), SHORTEST_VALUE);
  }

  #byValue(value: JsonObject): JsonObject {
    const members = Object.entries(value);
    return Object.fromEntries(
      members.map(([key, item]) => [this.#withhold(key, SHORTEST_IN_NAMES), this.#valueByValue(item)]),
    );
  }

  #valueByValue(value: Json): Json {
    if (typeof value === "string") return this.#withhold(value, SHORTEST_VALUE);
    if (Array.isArray(value)) return value.map((item) => this.#valueByValue(item));
    return isObject(value) ? this.#byValue(value) : value;
  }

  #withhold(text: string, shortest: number): string {
    const ranges = secretShapes(text);
    for (const { plain } of this.#remembered().flatMap((values) => [...values.values()])) {
      for (const form of plain) if (form.length >= shortest) ranges.push(...occurrences(text, form));
    }
    return withoutRanges(text, ranges);
  }
}

/** The forms in which a secret may appear. */
interface Forms {
  /** In a text. */
  readonly plain: readonly string[];
  /** In a JSON value that is written as text. */
  readonly written: readonly string[];
}

function remember(value: string, values: Map<string, Forms>): void {
  if (value.length < SHORTEST_VALUE || WITHHELD.includes(value)) return;
  const forms = values.get(value) ?? formsOf(value);
  values.delete(value);
  values.set(value, forms);
  const [oldest] = values.keys();
  if (values.size > MOST_VALUES && oldest !== undefined) values.delete(oldest);
}

/** A secret as it stands, and as it stands in a URL, a form and a JSON text. */
function formsOf(secret: string): Forms {
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
  const plain = [...new Set(forms)].filter((form) => form.length >= SHORTEST_VALUE);
  return { plain, written: plain.map((form) => JSON.stringify(form).slice(1, -1)) };
}

function occurrences(text: string, part: string): TextRange[] {
  const found: TextRange[] = [];
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + part.length)) {
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

type Found = (secret: string, name: string) => void;

/**
 * The object with every string in a secret place replaced; the same object when there is none.
 *
 * @param path names of the members on the way to it; the callee adds its own and takes them off again
 */
function withholdMembers(value: JsonObject, path: string[], found: Found): JsonObject {
  // Answers hold thousands of members, and hardly any has to be looked at twice.
  const below = isPlainName(path[path.length - 1]);
  const isKey = typeof value["kty"] === "string";
  let changed: JsonObject | undefined;
  for (const name of Object.keys(value)) {
    const item = value[name];
    if (item === undefined || item === null || typeof item === "number" || typeof item === "boolean")
      continue;
    if (typeof item === "string" && (item === "" || (below && !isKey && isPlainName(name)))) continue;
    path.push(name);
    const secret = typeof item === "string" && isPrivateKeyPart(name, value);
    const clean = secret ? withhold(item, name, found) : withholdByName(item, path, found);
    path.pop();
    if (clean === item) continue;
    changed ??= { ...value };
    changed[name] = clean;
  }
  return changed ?? value;
}

function withholdByName(value: Json, path: string[], found: Found): Json {
  if (typeof value === "string") {
    return value === "" || !holdsSecret(path) ? value : withhold(value, path.at(-1) ?? "", found);
  }
  if (Array.isArray(value)) {
    const objects = value.some(isObject) && holdsSecretObjects(path);
    const items = value.map((item) =>
      objects && isObject(item)
        ? withholdStrings(item, path.at(-1) ?? "", found)
        : withholdByName(item, path, found),
    );
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  return isObject(value) ? withholdMembers(value, path, found) : value;
}

/** A value with every string in it replaced. */
function withholdStrings(value: Json, name: string, found: Found): Json {
  if (typeof value === "string") return value === "" ? value : withhold(value, name, found);
  if (Array.isArray(value)) return value.map((item) => withholdStrings(item, name, found));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, withholdStrings(item, name, found)]),
  );
}

function withhold(secret: string, name: string, found: Found): string {
  found(secret, name);
  return WITHHELD;
}
