import type { McpClient, Scope } from "./client.ts";
import { isInstalled } from "./installed.ts";
import { auth0Entries, candidateFiles, type FoundEntry, readClientFile, scopesOf } from "./locate.ts";
import type { Machine } from "./machine.ts";
import { clients } from "./table.ts";

/** One of a client's files, and what of ours is in it. */
export interface FileStatus {
  readonly scope: Scope;
  readonly path: string;
  readonly exists: boolean;
  readonly entries: readonly FoundEntry[];
  /** Why the file cannot be read. */
  readonly problem: string | undefined;
}

/** How one client stands. */
export interface ClientStatus {
  readonly client: McpClient;
  readonly installed: boolean;
  /** Per scope: the files that are there, or the one that would be made. */
  readonly files: readonly FileStatus[];
}

/** How every client stands on this machine and in a project. */
export async function clientStatuses(machine: Machine, project: string): Promise<ClientStatus[]> {
  const statuses: ClientStatus[] = [];
  for (const client of clients) {
    const files: FileStatus[] = [];
    for (const scope of scopesOf(client)) files.push(...(await filesOf(client, scope, project, machine)));
    // In the home folder some clients' two files are one.
    const distinct = files.filter(
      ({ path }, index) => files.findIndex((file) => file.path === path) === index,
    );
    statuses.push({ client, installed: await isInstalled(client, machine), files: distinct });
  }
  return statuses;
}

async function filesOf(
  client: McpClient,
  scope: Scope,
  project: string,
  machine: Machine,
): Promise<FileStatus[]> {
  const all: FileStatus[] = [];
  for (const path of candidateFiles(client, scope, project, machine)) {
    const { exists, data, problem } = await readClientFile(client, path);
    const line = problem?.line === undefined ? "" : ` (line ${problem.line})`;
    const words = problem && `${problem.reason}${line}`;
    all.push({ scope, path, exists, entries: auth0Entries(client, data), problem: words });
  }
  const there = all.filter(({ exists }) => exists);
  return there.length > 0 ? there : all.slice(0, 1);
}
