import type { ArgDef, ArgsDef } from "citty";
import { argumentSources, flagSources, type Source } from "./sources.ts";

/** What can stand where the cursor is, behind a command's own words. */
export type Place =
  | {
      readonly kind: "value";
      /** What of the current word stands before the value: `--tools=`, or nothing. */
      readonly prefix: string;
      readonly definition: ArgDef;
      readonly source: Source | undefined;
    }
  | { readonly kind: "flag"; readonly names: readonly string[] }
  | { readonly kind: "nothing" };

/**
 * Where the cursor is.
 *
 * @param path the words that lead to the command
 * @param typed the words between them and the current one
 * @param current the word under the cursor, perhaps empty
 */
export function placeOf(
  path: readonly string[],
  definitions: ArgsDef,
  typed: readonly string[],
  current: string,
): Place {
  const flags = flagsOf(definitions);
  const seen = new Set<string>();
  let awaiting: Flag | undefined;
  let positionals = 0;
  let flagsEnded = false;
  for (const word of typed) {
    if (awaiting !== undefined) awaiting = undefined;
    else if (flagsEnded || !word.startsWith("-") || word === "-") positionals++;
    else if (word === "--") flagsEnded = true;
    else {
      const [name = "", value] = splitFlag(word);
      const flag = flags.get(name);
      if (flag === undefined) continue;
      seen.add(flag.key);
      if (flag.takesValue && value === undefined) awaiting = flag;
    }
  }
  if (awaiting !== undefined) return valuePlace(awaiting, "");

  const free = [...flags].filter(([, { key }]) => !seen.has(key)).map(([name]) => `--${name}`);
  if (!flagsEnded && current.startsWith("-")) {
    const [name = "", value] = splitFlag(current);
    if (value === undefined) return { kind: "flag", names: [...free, "--help"] };
    const flag = flags.get(name);
    return flag === undefined ? { kind: "nothing" } : valuePlace(flag, `--${name}=`);
  }
  const places = Object.entries(definitions).filter(([, { type }]) => type === "positional");
  const last = places.at(-1);
  const place = places[positionals] ?? (last?.[1].valueHint?.endsWith("…") === true ? last : undefined);
  if (place !== undefined) {
    const source = argumentSources.get([...path, place[0]].join(" "));
    return { kind: "value", prefix: "", definition: place[1], source };
  }
  return flagsEnded ? { kind: "nothing" } : { kind: "flag", names: free };
}

interface Flag {
  /** The argument's own name; the negated form of a flag shares it. */
  readonly key: string;
  readonly definition: ArgDef;
  readonly takesValue: boolean;
}

/** Every flag by the name under which help shows it. */
function flagsOf(definitions: ArgsDef): Map<string, Flag> {
  const named = Object.entries(definitions).filter(([, { type }]) => type !== "positional");
  return new Map(
    named.map(([key, definition]) => {
      const negated = definition.type === "boolean" && definition.negativeDescription !== undefined;
      return [negated ? `no-${key}` : key, { key, definition, takesValue: definition.type !== "boolean" }];
    }),
  );
}

/** The name of a flag, and its value where one stands behind `=`. */
function splitFlag(word: string): string[] {
  const [, name = "", value] = /^--?([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
  return value === undefined ? [name] : [name, value];
}

function valuePlace({ key, definition }: Flag, prefix: string): Place {
  return { kind: "value", prefix, definition, source: flagSources.get(key) };
}
