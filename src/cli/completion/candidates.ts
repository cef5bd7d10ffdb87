import type { ArgsDef } from "citty";
import type { Environment } from "../../config/environment.ts";
import type { Command } from "../command.ts";
import { type Place, placeOf } from "./place.ts";
import type { Candidate } from "./sources.ts";

/** The words that fit under the cursor, or what the shell, which knows its own rules for paths, shall look up. */
export type Completions = readonly Candidate[] | "files" | "folders";

const HELP: Candidate = { value: "--help", description: "Show help" };
const ROOT_FLAGS: readonly Candidate[] = [{ value: "--version", description: "Print the version" }, HELP];
const HELP_COMMAND: Candidate = { value: "help", description: "Show the help of a command" };

/**
 * What can stand where the cursor is.
 *
 * @param words what stands behind the program's name up to the cursor; the last one is being typed and may be empty
 * @throws AppError when the list of tenants is wanted and cannot be read
 */
export async function completionsFor(
  root: Command,
  words: readonly string[],
  environment: Environment,
): Promise<Completions> {
  const typed = words.slice(0, -1);
  const current = words.at(-1) ?? "";
  const forHelp = typed[0] === "help";
  const start = forHelp ? 1 : 0;
  let command = root;
  let depth = start;
  for (; depth < typed.length && command.children !== undefined; depth++) {
    const word = typed[depth] ?? "";
    const load = Object.hasOwn(command.children, word) ? command.children[word] : undefined;
    if (load === undefined) return [];
    command = await load();
  }
  if (command.children !== undefined) return matching(await below(command, depth, current), current);
  if (forHelp) return [];
  const place = placeOf(typed.slice(0, depth), command.args, typed.slice(depth), current);
  return atPlace(place, command.args, current, environment);
}

/** The commands of a group, and at the top what else can be typed. */
async function below(group: Command, depth: number, current: string): Promise<readonly Candidate[]> {
  if (current.startsWith("-")) return depth === 0 ? ROOT_FLAGS : [HELP];
  const commands = Object.entries(group.children ?? {}).map(async ([value, load]) => {
    return { value, description: (await load()).meta.description };
  });
  return [...(await Promise.all(commands)), ...(depth === 0 ? [HELP_COMMAND] : [])];
}

async function atPlace(
  place: Place,
  definitions: ArgsDef,
  current: string,
  environment: Environment,
): Promise<Completions> {
  if (place.kind === "nothing") return [];
  if (place.kind === "flag") {
    return matching(
      place.names.map((name) => describedFlag(name, definitions)),
      current,
    );
  }
  const { definition, source, prefix } = place;
  if (source === undefined) {
    if (definition.valueHint?.startsWith("file")) return "files";
    if (definition.valueHint === "folder") return "folders";
    const fixed = definition.type === "boolean" ? ["true", "false"] : [];
    const values = definition.type === "enum" ? (definition.options ?? []) : fixed;
    return matching(
      values.map((value) => ({ value: prefix + value })),
      current,
    );
  }
  const listed = source.list ? current.slice(prefix.length, current.lastIndexOf(",") + 1) : "";
  const given = listed.split(",");
  const left = (await source.candidates(environment)).filter(
    ({ value }) => !given.includes(value) && (listed === "" || value !== source.alone),
  );
  return matching(
    left.map((candidate) => ({ ...candidate, value: prefix + listed + candidate.value })),
    current,
  );
}

function describedFlag(flag: string, definitions: ArgsDef): Candidate {
  if (flag === HELP.value) return HELP;
  const name = flag.replace(/^--/, "");
  const negated = definitions[name.replace(/^no-/, "")];
  const description =
    definitions[name]?.description ?? (negated?.type === "boolean" ? negated.negativeDescription : undefined);
  return { value: flag, ...(description === undefined ? {} : { description }) };
}

function matching(candidates: readonly Candidate[], current: string): Candidate[] {
  return candidates.filter(({ value }) => value.startsWith(current));
}
