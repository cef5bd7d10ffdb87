import { usageError } from "../lib/errors.ts";

/** Environment variables as the process got them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * A variable's value. Exactly empty counts as unset, because hosts of bundles pass settings that nobody filled in
 * that way; blanks alone are a mistake.
 *
 * @throws AppError (exit 2) when the value is nothing but blanks
 */
export function readVariable(environment: Environment, name: string): string | undefined {
  const value = environment[name];
  if (value === undefined || value === "") return undefined;
  if (value.trim() === "")
    throw usageError(`${name} holds only blanks.`, `Give ${name} a value, or unset it.`);
  return value;
}

const TRUE = new Set(["1", "true", "yes", "on"]);
const FALSE = new Set(["0", "false", "no", "off"]);

/**
 * Reads a boolean in one of its accepted spellings, in any case.
 *
 * @throws AppError (exit 2) for every other word, so that a typo never switches a limit off
 */
export function parseBoolean(text: string, source: string): boolean {
  const word = text.trim().toLowerCase();
  if (TRUE.has(word)) return true;
  if (FALSE.has(word)) return false;
  throw usageError(
    `${source} must be a boolean, not "${text}".`,
    "Use one of 1/0, true/false, yes/no, on/off.",
  );
}
