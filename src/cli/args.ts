import type { ArgDef, ArgsDef } from "citty";
import { parseBoolean } from "../config/environment.ts";
import { usageError } from "../lib/errors.ts";
import { didYouMean } from "../lib/suggest.ts";

/**
 * Checks what a person typed behind a command against its arguments, and writes it so that citty cannot read it in
 * another way: citty takes unknown and mistyped flags without a word.
 *
 * @throws AppError (exit 2) for an unknown flag, a flag given twice or without its value, an empty value, a value of the
 * wrong kind, a surplus or a missing argument
 */
export function strictArgs(typed: readonly string[], definitions: ArgsDef, command: string): string[] {
  const flags = new Map(
    Object.entries(definitions).filter(([, definition]) => definition.type !== "positional"),
  );
  const negations = negatedFlags(definitions);
  const places = Object.entries(definitions).filter(([, definition]) => definition.type === "positional");
  const seen = new Set<string>();
  const strict: string[] = [];
  const positionals: string[] = [];

  for (let index = 0; index < typed.length; index++) {
    const word = typed[index] ?? "";
    if (word === "--") {
      positionals.push(...typed.slice(index + 1));
      break;
    }
    if (!word.startsWith("-") || word === "-") {
      positionals.push(word);
      continue;
    }
    const equals = word.indexOf("=");
    const flag = equals === -1 ? word : word.slice(0, equals);
    const typedName = flag.replace(/^--/, "");
    const negated = negations.get(typedName);
    const name = negated ?? typedName;
    const definition = flag.startsWith("--") ? flags.get(name) : undefined;
    if (definition === undefined) throw unknownFlag(flag, [...flags.keys(), ...negations.keys()], command);
    if (seen.has(name)) throw usageError(`${flag} is given twice.`);
    seen.add(name);

    if (definition.type === "boolean") {
      const said = equals === -1 || parseBoolean(word.slice(equals + 1), flag);
      strict.push(said === (negated === undefined) ? `--${name}` : `--${name}=false`);
    } else {
      const value = equals === -1 ? followingValue(typed[++index]) : word.slice(equals + 1);
      strict.push(`${flag}=${checkedValue(value, flag, definition)}`);
    }
  }
  checkPositionals(positionals, places, command);
  return positionals.length === 0 ? strict : [...strict, "--", ...positionals];
}

/** `no-x` to `x`, for every flag that says what its negation means. */
function negatedFlags(definitions: ArgsDef): Map<string, string> {
  const negatable = Object.entries(definitions).filter(
    ([, definition]) => definition.type === "boolean" && definition.negativeDescription !== undefined,
  );
  return new Map(negatable.map(([name]) => [`no-${name}`, name]));
}

function followingValue(word: string | undefined): string | undefined {
  return word === undefined || (word.startsWith("-") && word !== "-") ? undefined : word;
}

function checkedValue(value: string | undefined, flag: string, definition: ArgDef): string {
  const hint = definition.valueHint ?? "value";
  if (value === undefined)
    throw usageError(`${flag} needs a value.`, `Write ${flag} <${hint}>, or ${flag}=<${hint}>.`);
  if (value === "") throw usageError(`${flag} is empty.`, `Give ${flag} a value, or leave it out.`);
  const allowed = definition.type === "enum" ? (definition.options ?? []) : undefined;
  if (allowed !== undefined && !allowed.includes(value)) {
    throw usageError(
      `${flag} cannot be "${value}".`,
      didYouMean(value, allowed) ?? `Use one of ${allowed.join(", ")}.`,
    );
  }
  return value;
}

function unknownFlag(flag: string, known: readonly string[], command: string) {
  const flags = [...known.map((name) => `--${name}`), "--help"];
  const advice = didYouMean(flag, flags) ?? `See: ${command} --help`;
  return usageError(`Unknown flag ${flag} for ${command}.`, advice);
}

function checkPositionals(
  given: readonly string[],
  places: readonly [string, ArgDef][],
  command: string,
): void {
  const takesMore = places.at(-1)?.[1].valueHint?.endsWith("…") === true;
  const surplus = takesMore ? undefined : given[places.length];
  if (surplus !== undefined)
    throw usageError(`Unexpected argument "${surplus}" for ${command}.`, `See: ${command} --help`);
  const missing = places[given.length];
  if (missing !== undefined && missing[1].required !== false) {
    throw usageError(`${missing[0].toUpperCase()} is missing.`, `See: ${command} --help`);
  }
  const empty = given.indexOf("");
  if (empty !== -1) throw usageError(`${places[empty]?.[0].toUpperCase()} is empty.`);
}
