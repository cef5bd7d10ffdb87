import picomatch from "picomatch";
import { usageError } from "./errors.ts";

/** What makes a text a glob, and no plain name. */
const GLOB = /[*?[\]{}()]/;

/** Whether a text is a glob, and no plain name. */
export function isGlob(text: string): boolean {
  return GLOB.test(text);
}

/** Splits a list at its commas; those inside braces, brackets and parentheses belong to a glob. */
export function splitList(text: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const character of text) {
    if ("{[(".includes(character)) depth++;
    if ("}])".includes(character)) depth = Math.max(0, depth - 1);
    if (character === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += character;
  }
  return parts.map((part) => part.trim());
}

/**
 * Makes a test of a glob.
 *
 * @param source the flag or variable it was given by, for the error
 * @throws AppError (exit 2) for a glob that cannot be read
 */
export function globMatcher(glob: string, source: string): (name: string) => boolean {
  try {
    // Without `posix` a class such as [!a] would hold the exclamation mark, and allow what it was to keep out.
    const matches = picomatch(glob, { strictBrackets: true, nonegate: true, posix: true });
    return (name) => matches(name);
  } catch (cause) {
    throw usageError(
      `${source}: "${glob}" is not a valid glob (${cause instanceof Error ? cause.message : "unreadable"}).`,
      undefined,
      cause,
    );
  }
}
