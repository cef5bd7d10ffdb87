import {
  type ArgsDef,
  type BooleanArgDef,
  type CommandContext,
  type CommandDef,
  runCommand,
  type StringArgDef,
} from "citty";
import type { Environment } from "../config/environment.ts";
import type { Option } from "../config/options.ts";
import { PRODUCT } from "../config/product.ts";
import { Exit, type ExitCode } from "../lib/errors.ts";
import type { FinishedCall } from "../policy/observed.ts";
import type { Output } from "./output.ts";

/** What every command is handed beside its arguments: the process, as far as a command may touch it. */
export interface Invocation {
  readonly environment: Environment;
  readonly output: Output;
  /** Aborts on SIGINT and SIGTERM. */
  readonly interrupt: AbortSignal;
  readonly stdin: () => ReadableStream<Uint8Array>;
  /** Told of every tool call that a server has finished, where somebody counts them. */
  readonly onCall?: (call: FinishedCall) => void;
}

/** One example of a command's help: what it does and what to type behind the program's name. */
export interface Example {
  readonly does: string;
  readonly type: string;
  /** A command of any shell that has to be done first. */
  readonly first?: string;
}

/** The line of a shell that an example is. */
export function exampleLine({ type, first }: Example): string {
  return [...(first === undefined ? [] : [first, "&&"]), PRODUCT, type].join(" ");
}

interface CommandMeta {
  readonly name: string;
  /** One sentence without a full stop. */
  readonly description: string;
}

/** A command as the tree holds it: it either runs or has children. */
export interface Command {
  readonly meta: CommandMeta;
  readonly args: ArgsDef;
  readonly examples: readonly Example[];
  /** The settings it heeds besides those of its flags; help tells their variables. */
  readonly variables: readonly Option[];
  /** The commands below a group, each loaded when it is wanted. */
  readonly children?: Children;
  /** @param rawArgs words that `strictArgs` has checked */
  readonly run?: (rawArgs: string[], invocation: Invocation) => Promise<ExitCode>;
}

export type Children = Readonly<Record<string, () => Promise<Command>>>;

/** Defines a command whose `run` returns the exit code. */
export function defineCommand<const T extends ArgsDef>(definition: {
  readonly meta: CommandMeta;
  readonly args: T;
  readonly examples?: readonly Example[];
  readonly variables?: readonly Option[];
  run(args: CommandContext<T>["args"], invocation: Invocation): Promise<ExitCode>;
}): Command {
  const { meta, args, examples = [], variables = [] } = definition;
  return {
    meta,
    args,
    examples,
    variables,
    async run(rawArgs, invocation) {
      let code: ExitCode = Exit.failed;
      const runnable: CommandDef<T> = {
        args,
        run: async (context) => {
          code = await definition.run(context.args, invocation);
        },
      };
      await runCommand(runnable, { rawArgs });
      return code;
    },
  };
}

/** Defines a command that only holds others. */
export function defineGroup(definition: {
  readonly meta: CommandMeta;
  readonly children: Children;
  readonly examples?: readonly Example[];
  readonly variables?: readonly Option[];
}): Command {
  return { args: {}, examples: [], variables: [], ...definition };
}

/** The flag of an option that takes a value. */
export function stringFlag(option: Option & { type: "string" }): StringArgDef {
  return { type: "string", description: described(option), valueHint: option.placeholder ?? "value" };
}

/** The flag of an option that is on or off. */
export function booleanFlag(option: Option & { type: "boolean" }): BooleanArgDef {
  return { type: "boolean", description: described(option) };
}

function described({ help, variable, default: fallback }: Option): string {
  const extras = [
    ...(fallback === undefined ? [] : [`default: ${fallback}`]),
    ...(variable === undefined ? [] : [`variable: ${variable}`]),
  ];
  return extras.length === 0 ? help : `${help} (${extras.join(", ")})`;
}
