/** Documents above this size are left alone: no client's configuration is that large. In bytes. */
export const LARGEST_DOCUMENT = 20_000_000;

const MARK = "\uFEFF";

/** A configuration file's content as text: what the editors see, and what must be put back around it. */
export interface Document {
  /** Whether the file begins with a byte order mark. */
  readonly mark: boolean;
  /** The text behind the mark. */
  readonly text: string;
}

/** Why a document is not edited, and on which line (from 1) when one is to blame. */
export class DocumentError extends Error {
  readonly reason: string;
  readonly line: number | undefined;

  constructor(reason: string, line?: number, cause?: unknown) {
    super(reason, { cause });
    this.name = "DocumentError";
    this.reason = reason;
    this.line = line;
  }
}

/** An entry under our name is not ours, and stays as it is. */
export class ForeignEntryError extends DocumentError {
  /** @param what what the entry is, for people: behind "has an entry …" */
  constructor(name: string, what: string) {
    super(`has an entry "${name}" ${what}`);
    this.name = "ForeignEntryError";
  }
}

/**
 * A file's bytes as text.
 *
 * @throws DocumentError when the bytes are not UTF-8
 */
export function decodeDocument(bytes: Uint8Array): Document {
  const text = decodeUtf8(bytes);
  if (text === undefined) {
    const wide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
    throw wide
      ? new DocumentError("is UTF-16, not UTF-8")
      : new DocumentError("is not UTF-8", badLine(bytes));
  }
  const mark = text.startsWith(MARK);
  return { mark, text: mark ? text.slice(MARK.length) : text };
}

/** The bytes of a document, its byte order mark included. */
export function encodeDocument({ mark, text }: Document): Uint8Array {
  return new TextEncoder().encode(mark ? MARK + text : text);
}

/** `undefined` for bytes that are not UTF-8. */
function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function badLine(bytes: Uint8Array): number {
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const end = bytes.indexOf(0x0a, start) + 1 || bytes.length;
    if (decodeUtf8(bytes.subarray(start, end)) === undefined) return line;
    start = end;
  }
  return line;
}

/** The line end that most lines have; a line feed where there is none. */
export function lineEnd(text: string): "\n" | "\r\n" {
  const feeds = text.split("\n").length - 1;
  const pairs = text.split("\r\n").length - 1;
  return pairs * 2 > feeds ? "\r\n" : "\n";
}

/** The blanks that the first indented line begins with: what one level is indented by. Two spaces where none is. */
export function indentUnit(text: string): string {
  const [, blanks] = /^([ \t]+)[^\s*/#]/m.exec(text) ?? [];
  if (blanks === undefined) return "  ";
  return blanks.startsWith("\t") ? "\t" : blanks;
}

/** Offset at which the line of `offset` begins. */
export function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf("\n", offset - 1) + 1;
}

/** Offset at which the line of `offset` ends, in front of its line end. */
export function lineStop(text: string, offset: number): number {
  const feed = text.indexOf("\n", offset);
  if (feed === -1) return text.length;
  return feed > offset && text[feed - 1] === "\r" ? feed - 1 : feed;
}

/** The blanks that the line of `offset` begins with. */
export function indentAt(text: string, offset: number): string {
  const start = lineStart(text, offset);
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? "";
}

/** Number of the line (from 1) that holds `offset`. */
export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
