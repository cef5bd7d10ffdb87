import { launchOf, programOf } from "../../clients/entry.ts";
import { type FoundEntry, scopesOf } from "../../clients/locate.ts";
import { type Machine, thisMachine } from "../../clients/machine.ts";
import { type ClientStatus, clientStatuses, type FileStatus } from "../../clients/status.ts";
import { pathsOf, shortPath } from "../../config/paths.ts";
import { Exit } from "../../lib/errors.ts";
import type { JsonObject } from "../../lib/json.ts";
import { visible } from "../../policy/untrusted.ts";
import { defineCommand } from "../command.ts";
import { table } from "../table.ts";
import { wrap } from "../wrap.ts";

/**
 * With `--json` prints `{"clients": [{"id", "name", "installed", "configured", "scopes", "files"}]}`, in which
 * - `installed`: there are traces of the client on this machine, other than what adding our entry left
 * - `configured`: an entry of one of its files starts this program
 * - `scopes`: which of "user" and "project" it has files for
 * - `files`: `[{"scope", "path", "exists", "entries", "problem"?}]`, those that are there, or else the one that would be
 *   made; project files are those of the current folder; `problem` says why a file cannot be read
 * - `entries`: `[{"name", "owner", "command", "args"}]`, where `owner` is "ours", "node-server" (the Node.js server for
 *   Auth0), "other" or "remote" (an entry that starts nothing; `command` is null). Arguments of servers that are not ours
 *   may hold secrets: of those `command` is the program alone, and `args` is null
 */
export const clientsList = defineCommand({
  meta: { name: "list", description: "List the MCP clients: installed or not, configured or not, and where" },
  args: { json: { type: "boolean", description: "Print JSON" } },
  examples: [
    { does: "Which clients start this program", type: "clients list" },
    { does: "The same for a script", type: "clients list --json" },
  ],
  async run(args, { environment, output }) {
    const machine = thisMachine(environment);
    const statuses = await clientStatuses(machine, process.cwd());
    await (args.json === true
      ? output.json({ clients: statuses.map(described) })
      : output.data(visible(listed(statuses, machine))));
    return Exit.done;
  },
});

function described({ client, installed, files }: ClientStatus): JsonObject {
  return {
    id: client.id,
    name: client.name,
    installed,
    configured: files.some(isConfigured),
    scopes: [...scopesOf(client)],
    files: files.map(({ scope, path, exists, entries, problem }) => ({
      scope,
      path,
      exists,
      entries: entries.map(({ name, owner, entry }) => {
        const { command, args } = owner === "ours" ? (launchOf(entry) ?? {}) : { command: programOf(entry) };
        return { name, owner, command: command ?? null, args: args === undefined ? null : [...args] };
      }),
      ...(problem === undefined ? {} : { problem }),
    })),
  };
}

function isConfigured({ entries }: FileStatus): boolean {
  return entries.some(({ owner }) => owner === "ours");
}

const HEADINGS = ["CLIENT", "INSTALLED", "CONFIGURED", "FILE"];

/** Columns that a line may take, as far as that can be kept. */
const WIDTH = 100;

/** A row a file, and below it what it says of servers for Auth0. */
function listed(statuses: readonly ClientStatus[], machine: Machine): string {
  const rows = statuses.flatMap((status) => filesToTell(status).map((file) => ({ ...status, file })));
  const columns = rows.map(({ client, installed, file }) => [
    client.id,
    installed ? "yes" : "no",
    configuredIn(file),
    "",
  ]);
  const [head = "", ...starts] = table(HEADINGS, columns).split("\n");
  const margin = head.indexOf("FILE");
  const room = WIDTH - margin;
  const lines = rows.flatMap(({ file }, index) => {
    const details = toldOf(file).flatMap((line) => wrap(line, room));
    const path = cut(shortPath(file.path, machine), room, machine);
    return [(starts[index] ?? "").padEnd(margin) + path, ...details.map((line) => " ".repeat(margin) + line)];
  });
  return [head, ...lines].join("\n");
}

/** The files that hold something to tell of; the first one of a client that has none. */
function filesToTell({ files }: ClientStatus): readonly FileStatus[] {
  const telling = files.filter((file) => toldOf(file).length > 0);
  return telling.length > 0 ? telling : files.slice(0, 1);
}

function configuredIn({ problem, entries }: FileStatus): string {
  if (problem !== undefined) return "unknown";
  const owners = entries.map(({ owner }) => owner);
  if (owners.includes("ours")) return "yes";
  return owners.includes("node-server") ? "Node.js" : owners.length > 0 ? "other" : "no";
}

function toldOf({ problem, entries }: FileStatus): string[] {
  return problem === undefined ? entries.map((entry) => `${entry.name}: ${started(entry)}`) : [problem];
}

function started({ owner, entry }: FoundEntry): string {
  switch (owner) {
    case "ours":
      return launchOf(entry)?.args.join(" ") ?? "";
    case "node-server":
      return `${programOf(entry)}, the Node.js server`;
    case "other":
      return `${programOf(entry)}, another server`;
    case "remote":
      return "nothing, or a remote server";
  }
}

/** A path with parts left out in the middle, when it is longer than the room and that helps. */
function cut(path: string, room: number, machine: Machine): string {
  if (path.length <= room) return path;
  const { sep } = pathsOf(machine);
  const parts = path.split(sep);
  const last = parts.at(-1) ?? "";
  for (let kept = parts.length - 2; kept > 0; kept--) {
    const shorter = [...parts.slice(0, kept), "…", last].join(sep);
    if (shorter.length <= room) return shorter;
  }
  return path;
}
