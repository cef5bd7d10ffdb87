import { type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import { type Json, type JsonObject, parseJson } from "../../lib/json.ts";
import { DocumentError, lineOf } from "../document.ts";

/** An object or property of a JSON document, with where it stands. */
export type JsonNode = Node;

/** A property whose name and value are both there. */
export interface Property {
  readonly name: string;
  readonly key: JsonNode;
  readonly value: JsonNode;
  /** Offsets of the property: from its key to the end of its value. */
  readonly start: number;
  readonly end: number;
}

/**
 * Reads JSON with comments and trailing commas.
 *
 * @returns `undefined` for a document that holds nothing but blanks and comments
 */
export function parseJsonTree(text: string): JsonNode | undefined {
  const blank = triviaBetween(text, 0, text.length);
  if (blank.end === text.length && blank.comma === undefined) return undefined;
  const errors: ParseError[] = [];
  const root = parsedTree(text, errors);
  const [error] = errors;
  if (error !== undefined) {
    const words = printParseErrorCode(error.error).replace(
      /\B[A-Z]/g,
      (letter) => ` ${letter.toLowerCase()}`,
    );
    throw new DocumentError(`cannot be parsed as JSON (${words.toLowerCase()})`, lineOf(text, error.offset));
  }
  return root;
}

function parsedTree(text: string, errors: ParseError[]): JsonNode | undefined {
  try {
    return parseTree(text, errors, { allowTrailingComma: true });
  } catch (error) {
    if (error instanceof RangeError) throw new DocumentError("is nested too deeply");
    throw error;
  }
}

/** A node as data. Of a key that stands twice, the last counts, as everywhere in JSON. */
export function dataOf(text: string, node: JsonNode): Json {
  switch (node.type) {
    case "object": {
      const entries = propertiesOf(node).map(({ name, value }) => [name, dataOf(text, value)] as const);
      return Object.fromEntries(entries) satisfies JsonObject;
    }
    case "array":
      return (node.children ?? []).map((item) => dataOf(text, item));
    default:
      return parseJson(text.slice(node.offset, endOf(node))) ?? null;
  }
}

/** The properties of an object that have both a name and a value, in their order. */
export function propertiesOf(object: JsonNode): Property[] {
  const properties: Property[] = [];
  for (const { children } of object.children ?? []) {
    const [key, value] = children ?? [];
    if (key === undefined || value === undefined) continue;
    properties.push({ name: String(key.value), key, value, start: key.offset, end: endOf(value) });
  }
  return properties;
}

/**
 * The property of a name.
 *
 * @throws DocumentError when the object has the key twice: which one counts is the reader's choice
 */
export function findProperty(text: string, object: JsonNode, name: string): Property | undefined {
  const [first, second] = propertiesOf(object).filter((property) => property.name === name);
  if (second !== undefined)
    throw new DocumentError(`holds the key "${name}" twice`, lineOf(text, second.start));
  return first;
}

/** Offset behind a node. */
export function endOf(node: JsonNode): number {
  return node.offset + node.length;
}

/** What stands between two tokens, or in front of the first. */
export interface Trivia {
  /** Offset of the comma, if one is there. */
  readonly comma: number | undefined;
  /** Whether there is a comment. */
  readonly comment: boolean;
  /** Offset behind the last comment or comma; where the stretch begins when it has neither. */
  readonly last: number;
  /** Whether what stands last is a comment that takes the rest of its line. */
  readonly lineComment: boolean;
  /** Where the stretch ends: at `to`, or at the first other token. */
  readonly end: number;
}

/** Walks over blanks, comments and commas. */
export function triviaBetween(text: string, from: number, to: number): Trivia {
  const token = /[ \t\r\n]+|\/\/[^\r\n]*|\/\*[\s\S]*?\*\/|,/y;
  let comma: number | undefined;
  let comment = false;
  let lineComment = false;
  let last = from;
  let end = from;
  for (token.lastIndex = from; end < to; end = token.lastIndex) {
    const [piece] = token.exec(text) ?? [];
    if (piece === undefined) break;
    if (piece === ",") comma = end;
    const isComment = piece.startsWith("/");
    comment ||= isComment;
    if (piece !== "," && !isComment) continue;
    last = end + piece.length;
    lineComment = piece.startsWith("//");
  }
  return { comma, comment, last, lineComment, end };
}
