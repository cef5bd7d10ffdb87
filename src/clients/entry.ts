import { PRODUCT } from "../config/product.ts";
import { asObject, asString, asStrings, isObject, type JsonObject } from "../lib/json.ts";

/** What an entry is called when nobody says otherwise. */
export const DEFAULT_NAME = "auth0";

/** What a client shall start. */
export interface Launch {
  /** Absolute path of the executable. */
  readonly command: string;
  readonly args: readonly string[];
  /** Variables to set beside what the client passes on. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * How a client writes an entry.
 * - `plain`: command and args
 * - `stdio`: the same with `type`
 * - `codex`: the same as plain, with the names of variables that it passes on
 * - `local`: one list for both, as opencode has it
 * - `goose`: its own names, and a switch that must be there
 */
export type Shape = "plain" | "stdio" | "codex" | "local" | "goose";

const ENVIRONMENT_KEY: Readonly<Record<Shape, string>> = {
  plain: "env",
  stdio: "env",
  codex: "env",
  local: "environment",
  goose: "envs",
};

/**
 * The fields that an entry is given. What else it has is the person's and is not among them.
 *
 * @param existing the entry that stands there
 * @param passOn names of variables that the client would withhold from the server
 */
export function entryFields(
  shape: Shape,
  name: string,
  launch: Launch,
  existing: JsonObject | undefined,
  passOn: readonly string[],
): JsonObject {
  const key = ENVIRONMENT_KEY[shape];
  const environment =
    launch.env === undefined ? {} : { [key]: { ...asObject(existing?.[key]), ...launch.env } };
  const args = [...launch.args];
  const { command } = launch;
  switch (shape) {
    case "plain":
      return { command, args, ...environment };
    case "stdio":
      return { type: "stdio", command, args, ...environment };
    case "codex": {
      const names = [...new Set([...asStrings(existing?.["env_vars"]), ...passOn])];
      return { command, args, ...(names.length === 0 ? {} : { env_vars: names }), ...environment };
    }
    case "local":
      return { type: "local", command: [command, ...args], ...environment };
    case "goose": {
      const first = existing === undefined ? { name, enabled: true } : {};
      return { ...first, type: "stdio", cmd: command, args, ...environment };
    }
  }
}

/** What an entry starts, however its client writes it; `undefined` when it starts nothing. */
export function launchOf(entry: JsonObject): Launch | undefined {
  const words = asStrings(entry["command"]);
  const command = asString(entry["command"]) ?? asString(entry["cmd"]) ?? words[0];
  if (command === undefined) return undefined;
  return { command, args: words.length > 0 ? words.slice(1) : asStrings(entry["args"]) };
}

/** The folders of programs whose names hold a blank on every machine. */
const WITH_BLANK = String.raw`[a-z]:[\\/]program files(?: \(x86\))?[\\/]|/applications/[^/]+\.app/`;
const FIRST_WORD = new RegExp(`^(?:${WITH_BLANK})?[^\\s=]*`, "i");

/**
 * What an entry starts, in words; `undefined` when it starts nothing. Of the Node.js server without the values of variables
 * that are set in front of it and of flags that are called secrets, and of any other server the program alone: its arguments
 * may hold secrets, which some clients also take in the same text as the command.
 */
export function startedBy(entry: JsonObject): string | undefined {
  const { command, args } = launchOf(entry) ?? {};
  if (command === undefined || args === undefined) return undefined;
  switch (ownerOf(entry)) {
    case "ours":
      return [command, ...args].join(" ");
    case "node-server":
      return [programOf(entry), ...args.map(withoutSecret)].join(" ");
    default:
      return programOf(entry);
  }
}

/** The fields by which an entry starts another server than this one, as far as `startedBy` tells of them. */
export function shownFields(entry: JsonObject): JsonObject {
  const program = programOf(entry);
  if (program === undefined || ownerOf(entry) === "ours") return {};
  const shown = (words: readonly string[]) => words.map(withoutSecret);
  const listed = asStrings(entry["command"]);
  return {
    ...("args" in entry ? { args: shown(asStrings(entry["args"])) } : {}),
    ...(listed.length > 0 ? { command: [program, ...shown(listed).slice(1)] } : {}),
    ...(asString(entry["command"]) === undefined ? {} : { command: program }),
    ...(asString(entry["cmd"]) === undefined ? {} : { cmd: program }),
  };
}

const SECRET_FLAG = /^--?[\w-]*(?:secret|token|key|password)/i;

function withoutSecret(word: string, index: number, words: readonly string[]): string {
  const before = words[index - 1] ?? "";
  if (SECRET_FLAG.test(before) && !before.includes("=")) return "…";
  const assigns = /^\w+=/.test(word) || SECRET_FLAG.test(word);
  return assigns ? word.replace(/=.*$/s, "=…") : word;
}

/** The program that an entry starts, without argument or assignment; `undefined` when it starts nothing. */
export function programOf(entry: JsonObject): string | undefined {
  const { command } = launchOf(entry) ?? {};
  return command === undefined ? undefined : (FIRST_WORD.exec(command.trim())?.[0] ?? "");
}

/** The names of variables that an entry has passed on. */
export function passedOn(entry: JsonObject): readonly string[] {
  return asStrings(entry["env_vars"]);
}

/** The key under which clients of a shape keep an entry's variables. */
export function environmentKey(shape: Shape): string {
  return ENVIRONMENT_KEY[shape];
}

/** The variables that an entry sets. */
export function environmentOf(entry: JsonObject): Record<string, string> {
  const variables =
    Object.values(ENVIRONMENT_KEY)
      .map((key) => entry[key])
      .find(isObject) ?? {};
  return Object.fromEntries(Object.entries(variables).map(([key, value]) => [key, String(value)]));
}

/** Whose server an entry starts. */
export type Owner = "ours" | "node-server" | "other" | "remote";

const NODE_SERVER = /(^|[\\/])(@auth0[\\/])?auth0-mcp-server(@[^\\/]*)?$/;

/** The arguments that an entry hands to the Node.js server; `undefined` when it starts another. */
export function nodeServerArguments(entry: JsonObject): readonly string[] | undefined {
  if (ownerOf(entry) !== "node-server") return undefined;
  const { command = "", args = [] } = launchOf(entry) ?? {};
  const words = [command, ...args];
  return words.slice(words.findIndex((word) => NODE_SERVER.test(word)) + 1);
}

/** Tells whose server an entry starts by the program's name, or by its being this very one, whatever it is called. */
export function ownerOf(entry: JsonObject): Owner {
  const launch = launchOf(entry);
  if (launch === undefined) return "remote";
  if ([launch.command, ...launch.args].some((word) => NODE_SERVER.test(word))) return "node-server";
  const program = launch.command.split(/[\\/]/).at(-1);
  const named = program === PRODUCT || program === `${PRODUCT}.exe`;
  return named || startsThisProgram(launch) ? "ours" : "other";
}

function startsThisProgram({ command, args }: Launch): boolean {
  return Bun.isStandaloneExecutable ? command === process.execPath : args[0] === Bun.main;
}
