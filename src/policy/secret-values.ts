import type { TextRange } from "./secret-shapes.ts";
import { visible } from "./untrusted.ts";
import { WITHHELD } from "./withholding.ts";

/** Shorter values are not looked for in other texts: they would be found in words that are no secrets. */
export const SHORTEST_VALUE = 6;
/** The most recent secrets of each kind that a process remembers for replacement by value. */
export const MOST_VALUES = 2_000;

/** The forms in which a secret may appear. */
export interface Forms {
  /** In a text. */
  readonly plain: readonly string[];
  /** In a JSON value that is written as text. */
  readonly written: readonly string[];
}

export function remember(value: string, values: Map<string, Forms>): void {
  if (value.length < SHORTEST_VALUE || WITHHELD.includes(value)) return;
  const forms = values.get(value) ?? formsOf(value);
  values.delete(value);
  values.set(value, forms);
  if (values.size <= MOST_VALUES) return;
  const [oldest] = values.keys();
  if (oldest !== undefined) values.delete(oldest);
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

export function occurrences(text: string, part: string): TextRange[] {
  const found: TextRange[] = [];
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + part.length)) {
    found.push({ start: at, end: at + part.length });
  }
  return found;
}

/** Text with a mark in place of the ranges; ranges that overlap or touch get one. */
export function withoutRanges(text: string, ranges: readonly TextRange[]): string {
  if (ranges.length === 0) return text;
  let result = "";
  let end = -1;
  for (const range of [...ranges].sort((a, b) => a.start - b.start)) {
    if (range.start > end) result += text.slice(Math.max(0, end), range.start) + WITHHELD;
    end = Math.max(end, range.end);
  }
  return result + text.slice(end);
}
