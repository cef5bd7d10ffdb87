import { AppError } from "../lib/errors.ts";

declare const encoded: unique symbol;
/** A path below `/api/v2` whose variable parts are encoded. Only the `path` tag makes one. */
export type ApiPath = string & { readonly [encoded]: true };

/**
 * Builds a path: every value becomes exactly one percent-encoded segment.
 *
 * @throws AppError `invalid_arguments` for a value that would change the path: empty, `.`, `..`, control characters
 */
export function path(literals: TemplateStringsArray, ...values: readonly string[]): ApiPath {
  let result = literals[0] ?? "";
  values.forEach((value, index) => {
    result += encodeSegment(value) + (literals[index + 1] ?? "");
  });
  return brand(result);
}

/** Whether a value can be one segment of a path without changing the rest of it. */
export function isSegment(value: string): boolean {
  const hasControl = [...value].some((character) => character < " " || character === "\u007f");
  return value !== "" && value !== "." && value !== ".." && !hasControl && value.isWellFormed();
}

function encodeSegment(value: string): string {
  if (!isSegment(value)) {
    throw new AppError({
      code: "invalid_arguments",
      message: `"${value.slice(0, 40)}" cannot be an identifier.`,
      hint: "Use the id exactly as a list or get tool returned it.",
    });
  }
  return encodeURIComponent(value);
}

function brand(text: string): ApiPath {
  return text as ApiPath;
}
