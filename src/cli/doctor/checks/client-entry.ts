import { existsSync, realpathSync } from "node:fs";
import { isAbsolute } from "node:path";
import { applyEdit } from "../../../clients/apply.ts";
import { DEFAULT_NAME, environmentOf, launchOf } from "../../../clients/entry.ts";
import { ownCommand } from "../../../clients/launcher.ts";
import { type FoundEntry, shortPath } from "../../../clients/locate.ts";
import { planEntry } from "../../../clients/plan.ts";
import { selfCheck } from "../../../clients/self-check.ts";
import type { McpClient, Scope } from "../../../clients/client.ts";
import { options } from "../../../config/options.ts";
import { PRODUCT, VERSION } from "../../../config/product.ts";
import { sentence } from "../../../lib/sentence.ts";
import type { Check, Examination, Finding } from "../check.ts";

/** Milliseconds that a client's server has to answer. */
const TIMEOUT = 15_000;

/** One entry of a client's file that starts this program. */
export interface Place {
  readonly client: McpClient;
  readonly scope: Scope;
  /** The project's folder. */
  readonly project: string;
  /** The file, as people write it. */
  readonly path: string;
  readonly entry: FoundEntry;
}

/** Whether a client's entry points at an executable that starts, and at this version. */
export function clientEntry(place: Place): Check {
  const { client, scope, entry } = place;
  return {
    id: `client.${client.id}.${scope}.${entry.name}`,
    title: client.name,
    run: (examination) => (scope === "user" ? start(place, examination) : look(place, examination)),
  };
}

async function start(place: Place, examination: Examination): Promise<Finding> {
  const { client, entry, path } = place;
  const { machine, invocation, clock, redactor } = examination;
  const set = environmentOf(entry.entry);
  for (const { variable } of [options.token, options.clientSecret]) redactor.register(set[variable] ?? "");
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
      ...adviceFor(place, examination),
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
    remedy: `Let it start this one with: ${addCommand(place)}`,
    mend: mendFor(place, examination),
  };
}

/** What to do about an entry that does not start. One that starts this very executable is not mended by writing it anew. */
function adviceFor(place: Place, examination: Examination): Pick<Finding, "remedy" | "mend"> {
  const { client, entry } = place;
  const [command] = ownCommand(examination.machine);
  if (launchOf(entry.entry)?.command !== command) {
    return { remedy: `Write the entry anew with: ${addCommand(place)}`, mend: mendFor(place, examination) };
  }
  const withheld = `${client.name} passes few variables on: sign in with ${PRODUCT} login, or set them in the entry.`;
  return { remedy: client.environment === "all" ? "Mend what it said." : `Mend what it said. ${withheld}` };
}

/**
 * Lets an entry start this executable with the limits that it has; nothing where it starts this one already, since what
 * is wrong with it then is for a person to say.
 */
function mendFor({ client, scope, project, path, entry }: Place, examination: Examination) {
  const { machine, clock, invocation } = examination;
  const [command, ...words] = ownCommand(machine);
  const { command: former = "", args = [] } = launchOf(entry.entry) ?? {};
  const begin = args.indexOf("run");
  if (former === command || begin === -1) return undefined;
  return async () => {
    const workshop = { machine, clock, signal: invocation.interrupt };
    const launch = { command, args: [...words, ...args.slice(begin)] };
    await applyEdit(
      await planEntry({ client, scope, project, name: entry.name }, launch, workshop),
      workshop,
    );
    return `${client.name}: ${entry.name} in ${path} starts ${command} now, with the same limits as before.`;
  };
}

/** A project's file comes with the project: what it names is looked at and never started. */
async function look(place: Place, { machine }: Examination): Promise<Finding> {
  const { command = "" } = launchOf(place.entry.entry) ?? {};
  const where = `${place.entry.name} in ${place.path}`;
  const shown = shortPath(command, machine);
  if (isAbsolute(command) && !existsSync(command)) {
    return {
      status: "fail",
      message: `${where} names ${shown}, which is not there.`,
      remedy: `Write the entry anew with: ${addCommand(place)}`,
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
    remedy: `Remove it unless you know it, or write it anew with: ${addCommand(place)}`,
  };
}

function addCommand({ client, scope, entry }: Place): string {
  const words = [
    ...(scope === "project" ? ["--scope", "project"] : []),
    ...(entry.name === DEFAULT_NAME ? [] : ["--name", entry.name]),
  ];
  return [PRODUCT, "clients", "add", client.id, ...words].join(" ");
}
