/** A piece of JavaScript that means something: no comment, no blank. */
export interface Token {
  readonly kind: "word" | "text" | "sign" | "other";
  /** A word or a sign as written, the value of a text; empty for the rest (numbers, patterns, filled templates). */
  readonly value: string;
}

/** Words behind which a slash begins a pattern, though a word before a slash otherwise means a division. */
const BEFORE_PATTERN = new Set([
  "return",
  "typeof",
  "case",
  "in",
  "of",
  "do",
  "else",
  "void",
  "delete",
  "throw",
]);
const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  b: "\b",
  f: "\f",
  v: "\v",
  0: "\0",
};
const WORD = /[\p{ID_Start}$_#][\p{ID_Continue}$\u200c\u200d]*/uy;
const NUMBER = /\d[\w.]*/y;
const OTHER: Token = { kind: "other", value: "" };

/**
 * Cuts JavaScript into tokens. It is no parser and never fails: of what is not JavaScript it makes what it can.
 * Comments vanish, and what stands in a text or a pattern is not taken for code.
 */
export function tokens(code: string): Token[] {
  const found: Token[] = [];
  /** Braces that are open in each template being filled, innermost last. */
  const fillings: number[] = [];
  let position = 0;

  const take = (token: Token, end: number) => {
    found.push(token);
    position = end;
  };
  const takeTemplate = (start: number, resumed: boolean) => {
    const { value, end, filled } = readTemplate(code, start);
    take(filled || resumed ? OTHER : { kind: "text", value }, end);
    if (filled) fillings.push(0);
  };
  const takeSign = (sign: string) => {
    const open = fillings.at(-1);
    if (open === 0 && sign === "}") {
      fillings.pop();
      return takeTemplate(position + 1, true);
    }
    if (open !== undefined && (sign === "{" || sign === "}")) {
      fillings[fillings.length - 1] = sign === "{" ? open + 1 : open - 1;
    }
    take({ kind: "sign", value: sign }, position + sign.length);
  };

  while (position < code.length) {
    const character = code.charAt(position);
    const commentEnd = endOfComment(code, position);
    const word = match(WORD, code, position);
    const number = match(NUMBER, code, position);
    if (/\s/.test(character)) position++;
    else if (commentEnd !== undefined) position = commentEnd;
    else if (character === '"' || character === "'") take(...readText(code, position));
    else if (character === "`") takeTemplate(position + 1, false);
    else if (character === "/" && beginsPattern(found.at(-1))) take(OTHER, endOfPattern(code, position));
    else if (word !== undefined) take({ kind: "word", value: word }, position + word.length);
    else if (number !== undefined) take(OTHER, position + number.length);
    else takeSign(code.startsWith("?.", position) ? "?." : character);
  }
  return found;
}

function match(pattern: RegExp, code: string, position: number): string | undefined {
  pattern.lastIndex = position;
  return pattern.exec(code)?.[0];
}

function endOfComment(code: string, position: number): number | undefined {
  const close = code.startsWith("//", position) ? "\n" : code.startsWith("/*", position) ? "*/" : undefined;
  if (close === undefined) return undefined;
  const end = code.indexOf(close, position + 2);
  return end < 0 ? code.length : end + close.length;
}

/** A slash is a division behind a value, and the begin of a pattern everywhere else. */
function beginsPattern(before: Token | undefined): boolean {
  if (before === undefined) return true;
  if (before.kind === "sign") return ![")", "]", "}"].includes(before.value);
  return before.kind === "word" && BEFORE_PATTERN.has(before.value);
}

function endOfPattern(code: string, start: number): number {
  let inClass = false;
  for (let position = start + 1; position < code.length; position++) {
    const character = code.charAt(position);
    if (character === "\n") return position;
    if (character === "\\") position++;
    else if (character === "[") inClass = true;
    else if (character === "]") inClass = false;
    else if (character === "/" && !inClass) return position + 1;
  }
  return code.length;
}

function readText(code: string, start: number): [Token, number] {
  const quote = code.charAt(start);
  let value = "";
  for (let position = start + 1; position < code.length; position++) {
    const character = code.charAt(position);
    if (character === quote) return [{ kind: "text", value }, position + 1];
    if (character === "\n") return [OTHER, position];
    if (character === "\\") value += unescaped(code.charAt(++position));
    else value += character;
  }
  return [OTHER, code.length];
}

/** A template from behind its opening (or behind something filled in) up to its end or to what is filled in next. */
function readTemplate(code: string, start: number): { value: string; end: number; filled: boolean } {
  let value = "";
  for (let position = start; position < code.length; position++) {
    const character = code.charAt(position);
    if (character === "`") return { value, end: position + 1, filled: false };
    if (code.startsWith("${", position)) return { value, end: position + 2, filled: true };
    if (character === "\\") value += unescaped(code.charAt(++position));
    else value += character;
  }
  return { value, end: code.length, filled: false };
}

function unescaped(character: string): string {
  return ESCAPES[character] ?? character;
}
