import {
  equals,
  type LogMatcher,
  matchesWildcard,
  queryFault,
  type RangeBound,
  type SearchableField,
  searchableField,
  within,
} from "./log-terms.ts";

/** Characters that mean something in Lucene and are not part of the subset; with a backslash they are text. */
const reserved = /[?^~[\]{}:!]/;
const endOfTerm = /[\s()"]/;

/**
 * Reads a log query in the subset of Lucene that the tenant log search knows: `field:value`, phrases in
 * quotes, `AND`, `OR`, `NOT`, parentheses, ranges and `*`. Two terms side by side are joined by OR, as in Lucene.
 * Throws a 400 for an unknown field, for anything outside of the subset and for broken syntax.
 */
export function parseLogQuery(text: string): LogMatcher {
  const reader = new Reader(text);
  const matches = readAlternatives(reader, undefined);
  reader.skipSpace();
  if (!reader.done) throw reader.unexpected();
  return matches;
}

class Reader {
  #position = 0;

  constructor(readonly text: string) {}

  get done(): boolean {
    return this.#position >= this.text.length;
  }

  /** The next character, or an empty string at the end. */
  get next(): string {
    return this.text.charAt(this.#position);
  }

  standsAt(text: string): boolean {
    return this.text.startsWith(text, this.#position);
  }

  skipSpace(): void {
    while (/\s/.test(this.next)) this.#position += 1;
  }

  take(): string {
    const character = this.next;
    this.#position += 1;
    return character;
  }

  takeIf(character: string): boolean {
    if (this.done || this.next !== character) return false;
    this.#position += 1;
    return true;
  }

  /** Takes an operator when it stands here as a word of its own; operators are upper case. */
  takeOperator(operator: "AND" | "OR" | "NOT" | "TO"): boolean {
    this.skipSpace();
    const after = this.text.charAt(this.#position + operator.length);
    if (!this.standsAt(operator) || !/^[\s()"]?$/.test(after)) return false;
    this.#position += operator.length;
    return true;
  }

  /** The character after a backslash, as it is. */
  takeEscaped(): string {
    this.take();
    if (this.done) throw queryFault("Nothing follows the backslash at the end");
    return this.take();
  }

  unexpected() {
    const place = this.done ? "the end" : `'${this.next}' at position ${this.#position}`;
    return queryFault(`Syntax error: unexpected ${place}`);
  }
}

function readAlternatives(reader: Reader, field: SearchableField | undefined): LogMatcher {
  const terms = [readConjunction(reader, field)];
  for (;;) {
    const joined = reader.takeOperator("OR");
    if (!joined && (reader.done || reader.next === ")")) break;
    terms.push(readConjunction(reader, field));
  }
  return (entry) => terms.some((matches) => matches(entry));
}

function readConjunction(reader: Reader, field: SearchableField | undefined): LogMatcher {
  const terms = [readNegation(reader, field)];
  while (reader.takeOperator("AND")) terms.push(readNegation(reader, field));
  return (entry) => terms.every((matches) => matches(entry));
}

function readNegation(reader: Reader, field: SearchableField | undefined): LogMatcher {
  if (!reader.takeOperator("NOT")) return readTerm(reader, field);
  const matches = readNegation(reader, field);
  return (entry) => !matches(entry);
}

function readTerm(reader: Reader, field: SearchableField | undefined): LogMatcher {
  reader.skipSpace();
  for (const operator of ["AND", "OR"] as const) {
    if (reader.takeOperator(operator)) throw queryFault(`Syntax error: nothing stands before ${operator}`);
  }
  if (reader.takeIf("(")) {
    const matches = readAlternatives(reader, field);
    reader.skipSpace();
    if (!reader.takeIf(")")) throw reader.unexpected();
    return matches;
  }
  if (reader.next === '"') return equals(field, readPhrase(reader));
  if (reader.next === "[" || reader.next === "{") return readRange(reader, field);
  const pieces = readWord(reader);
  if (!reader.takeIf(":"))
    return pieces.length === 1 ? equals(field, pieces.join("")) : matchesWildcard(field, pieces);
  if (field !== undefined) throw queryFault(`Syntax error: unexpected ':' in the value of ${field}`);
  const named = searchableField(pieces.join("*"));
  if (reader.done || /\s/.test(reader.next)) throw queryFault(`Syntax error: ${named} has no value`);
  return readTerm(reader, named);
}

/** A word cut at its asterisks; one piece when it has none. */
function readWord(reader: Reader): readonly string[] {
  if (reader.done || /[+\-/]/.test(reader.next)) throw reader.unexpected();
  const pieces: string[] = [];
  let piece = "";
  let length = 0;
  for (; !reader.done && !endOfTerm.test(reader.next); length += 1) {
    if (reader.next === ":" && length > 0) break;
    if (reader.standsAt("&&") || reader.standsAt("||")) throw reader.unexpected();
    if (reader.next === "\\") piece += reader.takeEscaped();
    else if (reader.takeIf("*")) {
      pieces.push(piece);
      piece = "";
    } else if (reserved.test(reader.next)) throw reader.unexpected();
    else piece += reader.take();
  }
  if (length === 0) throw reader.unexpected();
  return [...pieces, piece];
}

function readPhrase(reader: Reader): string {
  reader.take();
  let phrase = "";
  while (!reader.takeIf('"')) {
    if (reader.done) throw queryFault("Syntax error: a quote is not closed");
    phrase += reader.next === "\\" ? reader.takeEscaped() : reader.take();
  }
  return phrase;
}

function readRange(reader: Reader, field: SearchableField | undefined): LogMatcher {
  if (field === undefined) throw queryFault("Syntax error: a range needs a field");
  const lowInclusive = reader.take() === "[";
  const low = readBound(reader);
  if (!reader.takeOperator("TO")) throw reader.unexpected();
  const high = readBound(reader);
  reader.skipSpace();
  if (reader.next !== "]" && reader.next !== "}") throw reader.unexpected();
  const highInclusive = reader.take() === "]";
  const bound = (value: string, inclusive: boolean): RangeBound => ({
    value: value === "*" ? undefined : value,
    inclusive,
  });
  return within(field, bound(low, lowInclusive), bound(high, highInclusive));
}

/** Colons need no escape inside of a range, since times are full of them. */
function readBound(reader: Reader): string {
  reader.skipSpace();
  if (reader.next === '"') return readPhrase(reader);
  let value = "";
  while (!reader.done && !/[\s\]}]/.test(reader.next)) {
    value += reader.next === "\\" ? reader.takeEscaped() : reader.take();
  }
  if (value === "") throw reader.unexpected();
  return value;
}
