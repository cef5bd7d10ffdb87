import { analyticsAddress } from "../config/analytics-address.ts";
import { programVariables } from "../config/options.ts";
import { PRODUCT, VERSION } from "../config/product.ts";
import { AppError, Exit, type ExitCode, usageError } from "../lib/errors.ts";
import { didYouMean } from "../lib/suggest.ts";
import { visible } from "../policy/untrusted.ts";
import { strictArgs } from "./args.ts";
import { type Command, defineGroup, type Invocation } from "./command.ts";
import { renderHelp } from "./help.ts";
import type { Output } from "./output.ts";
import { type Resolved, resolveCommand } from "./tree.ts";

/** The whole command tree. Every command is loaded when it is wanted, and not before. */
export const root: Command = defineGroup({
  meta: { name: PRODUCT, description: "Manage an Auth0 tenant from an AI assistant" },
  children: {
    init: async () => (await import("./commands/init.ts")).init,
    login: async () => (await import("./commands/login.ts")).login,
    logout: async () => (await import("./commands/logout.ts")).logout,
    session: async () => (await import("./commands/session.ts")).session,
    tenants: async () => (await import("./commands/tenants.ts")).tenants,
    clients: async () => (await import("./commands/clients.ts")).clients,
    run: async () => (await import("./commands/run.ts")).run,
    sandbox: async () => (await import("./commands/sandbox.ts")).sandbox,
    tools: async () => (await import("./commands/tools.ts")).tools,
    completion: async () => (await import("./commands/completion.ts")).completion,
    doctor: async () => (await import("./commands/doctor.ts")).doctor,
    upgrade: async () => (await import("./commands/upgrade.ts")).upgrade,
    analytics: async () => (await import("./commands/analytics.ts")).analytics,
  },
  examples: [
    { does: "Try it without an account", type: "tools call auth0_list_applications --sandbox" },
    { does: "Serve MCP on stdio, reading only", type: "run --read-only" },
  ],
  variables: programVariables,
});

const HELP_FLAGS = ["--help", "-h"];
const VERSION_FLAGS = ["--version", "-v"];

/**
 * Runs one command line.
 *
 * @param words what was typed behind the program's name
 * @returns the exit code; every error has been told on stderr
 */
export async function runCli(words: readonly string[], invocation: Invocation): Promise<ExitCode> {
  return told(invocation.output, () => dispatch(words, invocation));
}

/** Does the work, and turns its failure into words on stderr and an exit code. */
async function told(output: Output, work: () => Promise<ExitCode>): Promise<ExitCode> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code !== "cancelled") {
      output.note(visible(`${PRODUCT}: ${error.message}`));
      if (error.hint !== undefined) output.note(visible(error.hint));
    }
    return error.exit;
  }
}

async function dispatch(words: readonly string[], invocation: Invocation): Promise<ExitCode> {
  const { output } = invocation;
  if (VERSION_FLAGS.includes(words[0] ?? "")) {
    if (words.length > 1) throw usageError(`Unexpected argument "${words[1]}" for ${words[0]}.`);
    await output.data(VERSION);
    return Exit.done;
  }
  if (words[0] === "help" || wantsHelp(words)) {
    const asked = await resolveHelp(words);
    await output.data(await renderHelp(asked.command, asked.path));
    return Exit.done;
  }
  // What completion scripts call back; it stands outside the tree, since no person types it.
  if (words[0] === "complete")
    return (await import("./completion/complete.ts")).complete(root, words.slice(1), invocation);
  const asked = await resolveCommand(root, words);
  const name = [PRODUCT, ...asked.path].join(" ");
  const { run, args } = asked.command;
  if (run === undefined) {
    const flag = asked.rest[0];
    if (flag !== undefined) throw unknownFlag(flag, name);
    output.note(await renderHelp(asked.command, asked.path));
    return Exit.usage;
  }
  const work = (handed: Invocation) =>
    told(output, async () => run(strictArgs(asked.rest, args, name), handed));
  if (analyticsAddress(invocation.environment) === undefined) return work(invocation);
  return (await import("./usage.ts")).counted(asked.path.join(" "), invocation, work);
}

/** The command whose help is wanted. Flags typed for it do not matter: whoever mistyped one is about to read of it. */
async function resolveHelp(words: readonly string[]): Promise<Resolved> {
  const named = words.slice(words[0] === "help" ? 1 : 0).filter((word) => !HELP_FLAGS.includes(word));
  const asked = await resolveCommand(root, named);
  if (words[0] === "help" && asked.rest.length > 0)
    throw usageError(`There is no help for "${named.join(" ")}".`, `See: ${PRODUCT} --help`);
  return asked;
}

function unknownFlag(flag: string, command: string): AppError {
  const known = command === PRODUCT ? ["--version", "--help"] : ["--help"];
  const advice = didYouMean(flag, known) ?? `See: ${command} --help`;
  return usageError(`Unknown flag ${flag} for ${command}.`, advice);
}

function wantsHelp(words: readonly string[]): boolean {
  const end = words.indexOf("--");
  return (end === -1 ? words : words.slice(0, end)).some((word) => HELP_FLAGS.includes(word));
}
