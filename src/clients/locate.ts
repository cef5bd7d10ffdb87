import { usageError } from "../lib/errors.ts";
import { asObject, isObject, type Json, type JsonObject } from "../lib/json.ts";
import { didYouMean } from "../lib/suggest.ts";
import type { McpClient, Scope } from "./client.ts";
import { DocumentError, decodeDocument } from "./document.ts";
import { entryAt } from "./editors/editor.ts";
import { editorFor } from "./editors/index.ts";
import { DEFAULT_NAME, type Owner, ownerOf } from "./entry.ts";
import { readSnapshot } from "./file.ts";
import { join, type Machine } from "./machine.ts";
import { clients } from "./table.ts";

/**
 * The client that an id means.
 *
 * @throws AppError (exit 2) for an id, or an alias, that no client has
 */
export function findClient(id: string): McpClient {
  const found = clients.find((client) => client.id === id || client.alias === id);
  if (found !== undefined) return found;
  const known = clients.map((client) => client.id);
  throw usageError(`There is no client "${id}".`, didYouMean(id, known) ?? `Use one of ${known.join(", ")}.`);
}

/** Whose files a client has. */
export function scopesOf({ files }: McpClient): readonly Scope[] {
  return files.project === undefined ? ["user"] : ["user", "project"];
}

/** The files that may hold the client's entries, in the order in which a new one would be made. */
export function candidateFiles(
  { files }: McpClient,
  scope: Scope,
  project: string,
  machine: Machine,
): readonly string[] {
  if (scope === "user") return files.user(machine);
  return (files.project ?? []).map((file) => join(machine, project, ...file.split("/")));
}

/** One of a client's files, as far as it can be read. */
export interface ClientFile {
  readonly path: string;
  readonly exists: boolean;
  /** What it holds; `undefined` when it holds nothing or cannot be read. */
  readonly data: Json | undefined;
  /** Why it cannot be read. */
  readonly problem: DocumentError | undefined;
}

/** Reads one of a client's files, whether or not it is there and can be understood. */
export async function readClientFile(client: McpClient, path: string): Promise<ClientFile> {
  try {
    const { content } = await readSnapshot(path);
    if (content === undefined) return { path, exists: false, data: undefined, problem: undefined };
    const editor = await editorFor(client.format);
    return { path, exists: true, data: editor.parse(decodeDocument(content).text), problem: undefined };
  } catch (error) {
    if (error instanceof DocumentError) return { path, exists: true, data: undefined, problem: error };
    throw error;
  }
}

/**
 * The file in which an entry stands or shall stand: one that holds it already, else the first that is there, else the
 * first.
 */
export async function locateFile(
  client: McpClient,
  scope: Scope,
  name: string,
  project: string,
  machine: Machine,
): Promise<string> {
  const candidates = candidateFiles(client, scope, project, machine);
  const files: ClientFile[] = [];
  for (const path of candidates) files.push(await readClientFile(client, path));
  const holding = files.find(({ data }) => entryAt(data, client.layout(data, name)) !== undefined);
  const chosen = holding ?? files.find(({ exists }) => exists) ?? files[0];
  if (chosen === undefined) throw new TypeError(`${client.id} has no file for scope ${scope}`);
  return chosen.path;
}

/** An entry of a server for Auth0. */
export interface FoundEntry {
  readonly name: string;
  readonly entry: JsonObject;
  readonly owner: Owner;
}

/** The entries of a file that start this program or the Node.js server, and the one named `auth0`, whatever it is. */
export function auth0Entries(client: McpClient, data: Json | undefined): FoundEntry[] {
  const { path, list } = client.layout(data, DEFAULT_NAME);
  const container = path.reduce<Json | undefined>((value, key) => asObject(value)?.[key], data);
  const named: readonly (readonly [string, Json])[] = list
    ? (Array.isArray(container) ? container : []).map((item) => [String(asObject(item)?.["name"]), item])
    : Object.entries(asObject(container) ?? {});
  return named.flatMap(([name, entry]) => {
    if (!isObject(entry)) return [];
    const owner = ownerOf(entry);
    const known = owner === "ours" || owner === "node-server" || name === DEFAULT_NAME;
    return known ? [{ name, entry, owner }] : [];
  });
}
