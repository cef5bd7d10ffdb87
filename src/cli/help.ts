import { styleText } from "node:util";
import type { ArgDef, ArgsDef } from "citty";
import type { Option } from "../config/options.ts";
import { PRODUCT } from "../config/product.ts";
import { type Children, type Command, exampleLine } from "./command.ts";
import { wrap } from "./wrap.ts";

type Row = readonly [term: string, text: string];

const HELP_FLAG: Row = ["-h, --help", "Show this help"];
const VERSION_FLAG: Row = ["-v, --version", "Print the version"];

/** Columns of a line of help; longer descriptions go on in the next line, below their beginning. */
const WIDTH = 100;

/**
 * The help of one command: what it does, how to write it, its commands, arguments, flags and variables, and examples.
 *
 * @param path the words that lead to it, without the program's name
 */
export async function renderHelp(command: Command, path: readonly string[]): Promise<string> {
  const name = [PRODUCT, ...path].join(" ");
  const args = Object.entries(command.args);
  const positionals = args.filter(([, arg]) => arg.type === "positional");
  const flags = args.filter(([, arg]) => arg.type !== "positional");
  const sections = [
    `${command.meta.description}.`,
    section("USAGE", [`  ${usage(name, command, positionals)}`]),
    section("COMMANDS", aligned(await describeChildren(command.children ?? {}))),
    section(
      "ARGUMENTS",
      aligned(positionals.map(([key, arg]) => [key.toUpperCase(), arg.description ?? ""])),
    ),
    section(
      "FLAGS",
      aligned([...flags.map(describeFlag), ...(path.length === 0 ? [VERSION_FLAG] : []), HELP_FLAG]),
    ),
    section("VARIABLES", aligned(command.variables.flatMap(describeVariable))),
    section(
      "EXAMPLES",
      command.examples.flatMap((example) => [
        styleText("dim", `  # ${example.does}`),
        `  ${exampleLine(example)}`,
      ]),
    ),
  ];
  return sections.filter((text) => text !== "").join("\n\n");
}

function section(heading: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : [styleText("bold", heading), ...lines].join("\n");
}

function usage(name: string, command: Command, positionals: readonly [string, ArgDef][]): string {
  if (command.children !== undefined) return `${name} <command>`;
  const places = positionals.map(([key, { required, valueHint = key }]) =>
    required === false ? `[${valueHint}]` : `<${valueHint}>`,
  );
  return [name, ...places, "[flags]"].join(" ");
}

async function describeChildren(children: Children): Promise<Row[]> {
  const loaded = Object.entries(children).map(async ([name, load]): Promise<Row> => {
    return [name, (await load()).meta.description];
  });
  return Promise.all(loaded);
}

function describeFlag([name, arg]: [string, ArgsDef[string]]): Row {
  if (arg.type === "boolean" && arg.negativeDescription) return [`--no-${name}`, arg.negativeDescription];
  if (arg.type === "boolean") return [`--${name}`, arg.description ?? ""];
  const value = arg.type === "enum" ? (arg.options ?? []).join("|") : (arg.valueHint ?? "value");
  return [`--${name} <${value}>`, arg.description ?? ""];
}

function describeVariable({ variable, help, default: fallback }: Option): Row[] {
  if (variable === undefined) return [];
  return [[variable, fallback === undefined ? help : `${help} (default: ${fallback})`]];
}

/** Two columns; the second is wrapped. */
function aligned(rows: readonly Row[]): string[] {
  const left = Math.max(0, ...rows.map(([term]) => term.length)) + 4;
  return rows.flatMap(([term, text]) =>
    wrap(text, WIDTH - left).map(
      (line, index) => `  ${index === 0 ? term.padEnd(left - 2) : " ".repeat(left - 2)}${line}`,
    ),
  );
}
