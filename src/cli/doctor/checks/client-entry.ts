import { existsSync, realpathSync } from "node:fs";
import { isAbsolute } from "node:path";
import { applyEdit } from "../../../clients/apply.ts";
import type { McpClient, Scope } from "../../../clients/client.ts";
import { DEFAULT_NAME, environmentOf, launchOf } from "../../../clients/entry.ts";
import { ownCommand } from "../../../clients/launcher.ts";
import type { FoundEntry } from "../../../clients/locate.ts";
import { type Plan, planEntry, type Workshop } from "../../../clients/plan.ts";
import { selfCheck } from "../../../clients/self-check.ts";
import { options, secretVariables } from "../../../config/options.ts";
import { shortPath } from "../../../config/paths.ts";
import { PRODUCT, VERSION } from "../../../config/product.ts";
import { Exit } from "../../../lib/errors.ts";
import { sentence } from "../../../lib/sentence.ts";
import { shellWord } from "../../../lib/shell.ts";
import { launchFlags } from "../../commands/clients-args.ts";
import type { Check, Examination, Finding } from "../check.ts";
import { isTwin } from "./client-program.ts";

/** Milliseconds that a client's server has to answer. */
const TIMEOUT = 15_000;

/** One entry of a client's file that starts this program. */
export interface ConfiguredEntry {
  readonly client: McpClient;
  readonly scope: Scope;
  /** The project's folder. */
  readonly project: string;
  /** The file, as people write it. */
  readonly path: string;
  readonly entry: FoundEntry;
}

/** Whether a client's entry points at an executable that starts, and at this version. */
export function clientEntry(configured: ConfiguredEntry): Check {
  const { client, scope, entry } = configured;
  return {
    id: `client.${client.id}.${scope}.${entry.name}`,
    title: client.name,
    run: (examination) => (scope === "user" ? start(configured, examination) : look(configured, examination)),
  };
}

async function start(configured: ConfiguredEntry, examination: Examination): Promise<Finding> {
  const { client, entry, path } = configured;
  const { machine, invocation, clock, redactor } = examination;
  const set = environmentOf(entry.entry);
  for (const variable of secretVariables) redactor.register(set[variable] ?? "");
  const result = await selfCheck(client, entry.entry, {
    environment: invocation.environment,
    platform: machine.platform,
    clock,
    timeout: TIMEOUT,
    signal: invocation.interrupt,
  });
  const where = `${entry.name} in ${path}`;
  if (!result.ok) {
    const said = result.stderr.split("\n").slice(0, 2).join(" ").slice(0, 300);
    const more = said === "" ? "" : ` It said: ${said}`;
    return {
      status: "fail",
      message: `${where} does not start: ${sentence(result.reason)}${more}`,
      ...(await adviceFor(configured, examination, result)),
    };
  }
  const version = result.server.split(" ").at(-1) ?? "";
  if (version === VERSION) {
    return {
      status: "pass",
      message: `${where} starts version ${version}, which offers ${result.tools} tools.`,
    };
  }
  return {
    status: "warn",
    message: `${where} starts version ${version}, and this is ${VERSION}.`,
    remedy: `Let it start this one with: ${addCommand(configured)}`,
    mend: mendWith(await rewriteOf(configured, examination), configured, examination),
  };
}

/**
 * What to do about an entry that does not start: to write it anew, unless that would leave it as it is, or start another
 * install of the same version, which would fail alike.
 */
async function adviceFor(
  configured: ConfiguredEntry,
  examination: Examination,
  { unstartable, exit }: { readonly unstartable?: true; readonly exit?: number },
): Promise<Pick<Finding, "remedy" | "mend">> {
  const rewrite = await rewriteOf(configured, examination);
  const alike = unstartable !== true && (await isTwin(configured.entry.entry, examination));
  if (rewrite?.kind !== "nothing" && !alike) {
    const anew = `Write the entry anew with: ${addCommand(configured)}`;
    // Another version would fail for want of a session as well.
    const remedy =
      exit === Exit.signedOut ? `Sign in first with: ${signInCommand(configured)}\n${anew}` : anew;
    return { remedy, mend: mendWith(rewrite, configured, examination) };
  }
  const { client } = configured;
  const withheld = `${client.name} passes few variables on: sign in with ${PRODUCT} login, or set them in the entry.`;
  return { remedy: client.environment === "all" ? "Mend what it said." : `Mend what it said. ${withheld}` };
}

/**
 * The change that lets an entry start this executable, with the limits that it has and with what its client withholds as
 * things stand now; `undefined` where it does not show its limits.
 */
async function rewriteOf(
  { client, scope, project, entry }: ConfiguredEntry,
  examination: Examination,
): Promise<Plan | undefined> {
  const limits = limitsIn(entry);
  if (limits === undefined) return undefined;
  const [command, ...words] = ownCommand(examination.machine);
  const launch = { command, args: [...words, "run", ...limits] };
  return planEntry({ client, scope, project, name: entry.name }, launch, workshopOf(examination));
}

/** Writes an entry anew; nothing where that would leave it as it is, or where a person has to say its limits. */
function mendWith(
  rewrite: Plan | undefined,
  { client, path, entry }: ConfiguredEntry,
  examination: Examination,
): Finding["mend"] {
  if (rewrite === undefined || rewrite.kind === "nothing") return undefined;
  return async () => {
    await applyEdit(rewrite, workshopOf(examination));
    const [command] = ownCommand(examination.machine);
    return `${client.name}: ${entry.name} in ${path} starts ${command} now, with the same limits as before.`;
  };
}

function workshopOf({ machine, clock, invocation }: Examination): Workshop {
  return { machine, clock, signal: invocation.interrupt };
}

/** What stands behind `run` in an entry's arguments; `undefined` without one. */
function limitsIn({ entry }: FoundEntry): readonly string[] | undefined {
  const { args = [] } = launchOf(entry) ?? {};
  const begin = args.indexOf("run");
  return begin === -1 ? undefined : args.slice(begin + 1);
}

/** A project's file comes with the project: what it names is looked at and never started. */
async function look(configured: ConfiguredEntry, { machine }: Examination): Promise<Finding> {
  const { command = "" } = launchOf(configured.entry.entry) ?? {};
  const where = `${configured.entry.name} in ${configured.path}`;
  const shown = shortPath(command, machine);
  if (isAbsolute(command) && !existsSync(command)) {
    return {
      status: "fail",
      message: `${where} names ${shown}, which is not there.`,
      remedy: `Write the entry anew with: ${addCommand(configured)}`,
    };
  }
  if (isAbsolute(command) && realpathSync(command) === realpathSync(process.execPath)) {
    return {
      status: "pass",
      message: `${where} names this executable. Entries of projects are not started.`,
    };
  }
  return {
    status: "warn",
    message: `${where} names ${shown}, which is not this executable. Entries of projects are not started.`,
    remedy: `Remove it unless you know it, or write it anew with: ${addCommand(configured)}`,
  };
}

/** The command that signs in to the tenant that an entry works on. */
function signInCommand({ entry }: ConfiguredEntry): string {
  const limits = limitsIn(entry) ?? [];
  const flag = `--${options.tenant.flag}`;
  const tenant = limits[limits.indexOf(flag) + 1];
  const words = limits.includes(flag) && tenant !== undefined ? [flag, tenant] : [];
  return [PRODUCT, "login", ...words.map(shellWord)].join(" ");
}

/** The command that writes an entry anew with the limits that it has, as far as that command takes them. */
function addCommand({ client, scope, entry }: ConfiguredEntry): string {
  const limits = limitsIn(entry) ?? [];
  const flags = limits.filter((word) => word.startsWith("--")).map((word) => word.slice(2).split("=")[0]);
  const taken = flags.every((flag) => flag !== undefined && Object.hasOwn(launchFlags, flag));
  const words = [
    ...(scope === "project" ? ["--scope", "project"] : []),
    ...(entry.name === DEFAULT_NAME ? [] : ["--name", entry.name]),
    ...(taken ? limits : []),
  ];
  return [PRODUCT, "clients", "add", client.id, ...words.map(shellWord)].join(" ");
}
