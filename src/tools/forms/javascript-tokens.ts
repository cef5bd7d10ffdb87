/** A piece of JavaScript that means something: no comment, no blank. */
export interface Token {
  readonly kind: "word" | "text" | "sign" | "other";
  /** A word or a sign as written, the value of a text; empty for the rest (numbers, patterns, filled templates). */
  readonly value: string;
  /** Whether a text is written with backslashes, so that its value stands nowhere in the code as it is. */
  readonly escaped?: boolean;
}

/** What a slash would be: it depends on what stands before, and sometimes only a parser could tell. */
type Slash = "division" | "pattern" | "unclear";

/** Words that are no values, so that a slash behind them begins a pattern. */
const OPERATORS = new Set([
  "return",
  "typeof",
  "case",
  "default",
  "in",
  "instanceof",
  "new",
  "do",
  "else",
  "void",
  "delete",
  "throw",
]);
/** Words that are operators in some places and names in others. */
const EITHER = new Set(["of", "await", "yield"]);
/** Words whose parentheses hold a condition, and not a value. */
const CONDITIONAL = new Set(["if", "while", "for", "with"]);
const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  b: "\b",
  f: "\f",
  v: "\v",
  0: "\0",
};
const BLANK = /\s+/y;
const WORD = /[\p{ID_Start}$_#][\p{ID_Continue}$\u200c\u200d]*/uy;
const NUMBER = /\d[\w.]*/y;
/** Of all other signs each character is one by itself. */
const SIGN = /\?\.(?!\d)|\+\+|--|./suy;

/**
 * Cuts JavaScript into tokens. It is no parser: where only one could tell a division from the beginning of a pattern, and
 * at what is no JavaScript, it ends. Comments vanish, and what stands in a text or a pattern is not taken for code.
 */
export function tokens(code: string): readonly Token[] {
  const reader = new Reader(code);
  for (let more = true; more; ) more = reader.step();
  return reader.found;
}

class Reader {
  readonly found: Token[] = [];
  /** Braces that are open in each template being filled, innermost last. */
  readonly #fillings: number[] = [];
  /** For each open parenthesis whether it holds a condition, innermost last. */
  readonly #parentheses: boolean[] = [];
  #position = 0;
  #slash: Slash = "pattern";

  constructor(readonly code: string) {}

  /** Reads one piece; `false` at the end, or where it cannot tell what follows. */
  step(): boolean {
    const { code } = this;
    const character = code.charAt(this.#position);
    if (character === "" || this.#atOldComment()) return false;
    const commentEnd = endOfComment(code, this.#position);
    if (commentEnd !== undefined) {
      this.#position = commentEnd;
      return true;
    }
    if (this.#match(BLANK) !== "") return true;
    if (character === '"' || character === "'") return this.#text(character);
    if (character === "`") return this.#template();
    if (character === "/") return this.#slashed();
    return this.#word() || this.#number() || this.#sign();
  }

  /** Comments of the web's early days (ECMA-262, annex B.1.1): nobody writes them, but code may hide in them. */
  #atOldComment(): boolean {
    const { code } = this;
    if (code.startsWith("<!--", this.#position)) return true;
    if (!code.startsWith("-->", this.#position)) return false;
    return code.slice(code.lastIndexOf("\n", this.#position) + 1, this.#position).trim() === "";
  }

  /** Takes what matches here; empty when nothing does. */
  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#position;
    const [text = ""] = pattern.exec(this.code) ?? [];
    this.#position += text.length;
    return text;
  }

  #add(kind: Token["kind"], value: string, slash: Slash): true {
    this.found.push({ kind, value });
    this.#slash = slash;
    return true;
  }

  #addText(written: string): true {
    this.found.push({ kind: "text", value: unescaped(written), escaped: written.includes("\\") });
    this.#slash = "division";
    return true;
  }

  #text(quote: string): boolean {
    const start = this.#position + 1;
    const end = endOf(this.code, start, (character) => character === quote || character === "\n");
    if (end === undefined || this.code.charAt(end) === "\n") return false;
    this.#position = end + 1;
    return this.#addText(this.code.slice(start, end));
  }

  /** A template from its beginning, or from behind something filled in, up to its end or to what is filled in next. */
  #template(): boolean {
    const { code } = this;
    const resumed = code.charAt(this.#position) === "}";
    const end = endOf(
      code,
      this.#position + 1,
      (character, at) => character === "`" || code.startsWith("${", at),
    );
    if (end === undefined) return false;
    const written = code.slice(this.#position + 1, end);
    if (code.charAt(end) === "`") {
      this.#position = end + 1;
      return resumed ? this.#add("other", "", "division") : this.#addText(written);
    }
    this.#position = end + 2;
    this.#fillings.push(0);
    return this.#add("sign", "${", "pattern");
  }

  #slashed(): boolean {
    if (this.#slash === "unclear") return false;
    if (this.#slash === "division") return this.#add("sign", this.#match(SIGN), "pattern");
    let inClass = false;
    const end = endOf(this.code, this.#position + 1, (character) => {
      if (character === "[") inClass = true;
      else if (character === "]") inClass = false;
      return character === "\n" || (character === "/" && !inClass);
    });
    if (end === undefined || this.code.charAt(end) === "\n") return false;
    this.#position = end + 1;
    return this.#add("other", "", "division");
  }

  #number(): boolean {
    return this.#match(NUMBER) !== "" && this.#add("other", "", "division");
  }

  #word(): boolean {
    const word = this.#match(WORD);
    if (word === "") return false;
    const isName = isDot(this.found.at(-1));
    const operator = OPERATORS.has(word) ? "pattern" : EITHER.has(word) ? "unclear" : "division";
    return this.#add("word", word, isName ? "division" : operator);
  }

  #sign(): boolean {
    const open = this.#fillings.length - 1;
    const braces = this.#fillings[open];
    const character = this.code.charAt(this.#position);
    if (character === "}" && braces === 0) {
      this.#fillings.pop();
      return this.#template();
    }
    if (braces !== undefined && character === "{") this.#fillings[open] = braces + 1;
    if (braces !== undefined && character === "}") this.#fillings[open] = braces - 1;
    const sign = this.#match(SIGN);
    return sign !== "" && this.#add("sign", sign, this.#behind(sign));
  }

  /** What a slash would be behind a sign that is about to be taken. */
  #behind(sign: string): Slash {
    switch (sign) {
      case "(":
        this.#parentheses.push(this.#beginsCondition());
        return "pattern";
      case ")": {
        const isCondition = this.#parentheses.pop();
        return isCondition === undefined ? "unclear" : isCondition ? "pattern" : "division";
      }
      case "]":
        return "division";
      // Of a block, or of an object.
      case "}":
        return "unclear";
      case "++":
      case "--":
        return this.#slash === "division" ? "division" : "unclear";
      default:
        return "pattern";
    }
  }

  #beginsCondition(): boolean {
    const [word, outer, before] = [this.found.at(-1), this.found.at(-2), this.found.at(-3)];
    const isLoop = isWord(word, "await") && isWord(outer, "for");
    const named = word?.kind === "word" && CONDITIONAL.has(word.value);
    return isLoop ? !isDot(before) : named && !isDot(outer);
  }
}

export function isWord(token: Token | undefined, value: string): boolean {
  return token?.kind === "word" && token.value === value;
}

export function isDot(token: Token | undefined): boolean {
  return token?.kind === "sign" && (token.value === "." || token.value === "?.");
}

function endOfComment(code: string, position: number): number | undefined {
  const close = code.startsWith("//", position) ? "\n" : code.startsWith("/*", position) ? "*/" : undefined;
  if (close === undefined) return undefined;
  const end = code.indexOf(close, position + 2);
  return end < 0 ? code.length : end + close.length;
}

/** Where the first character stands, from a position on, that ends something and has no backslash before it. */
function endOf(
  code: string,
  start: number,
  ends: (character: string, position: number) => boolean,
): number | undefined {
  for (let position = start; position < code.length; position++) {
    const character = code.charAt(position);
    if (character === "\\") position++;
    else if (ends(character, position)) return position;
  }
  return undefined;
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/gs, (_, character: string) => ESCAPES[character] ?? character);
}
