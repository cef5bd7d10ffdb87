import { launchOf } from "../../clients/entry.ts";
import { scopesOf, shortPath } from "../../clients/locate.ts";
import { type Machine, thisMachine } from "../../clients/machine.ts";
import { type ClientStatus, clientStatuses, type FileStatus } from "../../clients/status.ts";
import { Exit } from "../../lib/errors.ts";
import type { JsonObject } from "../../lib/json.ts";
import { defineCommand } from "../command.ts";
import { table } from "../table.ts";

/**
 * With `--json` prints `{"clients": [{"id", "name", "installed", "configured", "scopes", "files"}]}`, in which
 * - `installed`: there are traces of the client on this machine
 * - `configured`: an entry of one of its files starts this program
 * - `scopes`: which of "user" and "project" it has files for
 * - `files`: `[{"scope", "path", "exists", "entries", "problem"?}]`, those that are there, or else the one that would be
 *   made; project files are those of the current folder; `problem` says why a file cannot be read
 * - `entries`: `[{"name", "owner", "command", "args"}]`, where `owner` is "ours", "node-server" (the Node.js server for
 *   Auth0), "other" or "remote" (an entry that starts nothing; `command` is null)
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
    if (args.json === true) await output.json({ clients: statuses.map(described) });
    else {
      const headings = ["CLIENT", "INSTALLED", "CONFIGURED", "FILE", "ARGUMENTS"];
      await output.data(
        table(
          headings,
          statuses.flatMap((status) => rows(status, machine)),
        ),
      );
    }
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
        const launch = launchOf(entry);
        return { name, owner, command: launch?.command ?? null, args: [...(launch?.args ?? [])] };
      }),
      ...(problem === undefined ? {} : { problem }),
    })),
  };
}

function isConfigured({ entries }: FileStatus): boolean {
  return entries.some(({ owner }) => owner === "ours");
}

/** One row an entry or problem; one for a client that has neither. */
function rows({ client, installed, files }: ClientStatus, machine: Machine): string[][] {
  const head = [client.id, installed ? "yes" : "no"];
  const found = files.flatMap((file) => {
    const path = shortPath(file.path, machine);
    if (file.problem !== undefined) return [[...head, "unknown", path, file.problem]];
    return file.entries.map(({ name, owner, entry }) => {
      const { command = "", args = [] } = launchOf(entry) ?? {};
      const words = owner === "ours" ? args.join(" ") : [command, ...args].join(" ");
      const what = owner === "ours" ? "yes" : owner === "node-server" ? "Node.js server" : "other server";
      return [...head, name === "auth0" ? what : `${what} (${name})`, path, words];
    });
  });
  const [first] = files;
  return found.length > 0 || first === undefined
    ? found
    : [[...head, "no", shortPath(first.path, machine), ""]];
}
