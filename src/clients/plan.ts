import type { Clock } from "../lib/clock.ts";
import type { JsonObject } from "../lib/json.ts";
import type { McpClient, Scope } from "./client.ts";
import { type AdditionRequest, withEntry, withoutEntry } from "./edit.ts";
import { editorFor } from "./editors/index.ts";
import { type Launch, nodeServerArguments, type Owner, ownerOf, startedBy } from "./entry.ts";
import { documentText, readSnapshot } from "./file.ts";
import { locateFile } from "./locate.ts";
import type { Machine } from "./machine.ts";
import { explained } from "./refusal.ts";
import { openJournal } from "./state.ts";
import { withheldBy } from "./withheld.ts";

/** Where and when edits happen. */
export interface Workshop {
  readonly machine: Machine;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
}

/** Which entry of which client. */
export interface EntryAddress {
  readonly client: McpClient;
  readonly scope: Scope;
  /** The project's folder; matters for scope `project` alone. */
  readonly project: string;
  readonly name: string;
}

/** An entry that is there already. */
export interface PreviousEntry {
  readonly owner: Owner;
  /** What it starts, in words; of another server the program alone. `undefined` when it starts nothing. */
  readonly starts: string | undefined;
  /** What it hands to the Node.js server; `undefined` when it starts another. */
  readonly nodeArguments: readonly string[] | undefined;
}

/** One change of one file, worked out and not yet made. */
export interface Plan {
  readonly address: EntryAddress;
  readonly kind: "add" | "update" | "remove" | "nothing";
  /** The file as the client names it, which may be a link. */
  readonly file: string;
  /** The document now and then, without byte order mark; `undefined` for no file. */
  readonly before: string | undefined;
  readonly after: string | undefined;
  readonly previous: PreviousEntry | undefined;
  /** The entry then; `undefined` when it goes. */
  readonly entry: JsonObject | undefined;
  /** What is to be added; `undefined` when an entry is to be taken out. */
  readonly request: AdditionRequest | undefined;
}

/** What is asked of a client's document for an entry to be there. */
export function requestFor(
  { client, name }: EntryAddress,
  launch: Launch,
  machine: Machine,
): AdditionRequest {
  const { passOn, set } = withheldBy(client, machine);
  const env = { ...set, ...launch.env };
  const started = Object.keys(env).length === 0 ? launch : { ...launch, env };
  return { client, name, launch: started, passOn };
}

/**
 * Works out what adding or updating an entry does to the client's file. Nothing is written.
 *
 * @throws AppError `client_file` (exit 1) naming the file and line, with the snippet to paste; or naming the entry that
 * is not ours, with another name to take
 */
export async function planEntry(address: EntryAddress, launch: Launch, { machine }: Workshop): Promise<Plan> {
  const { client, scope, project, name } = address;
  const request = requestFor(address, launch, machine);
  const file = await locateFile(client, scope, name, project, machine);
  return explained(file, request, async () => {
    const editor = await editorFor(client.format);
    const before = documentText(await readSnapshot(file));
    const { text, entry, previous } = withEntry(editor, before, request);
    const kind = before === text ? "nothing" : previous === undefined ? "add" : "update";
    return { address, kind, file, before, after: text, previous: described(previous), entry, request };
  });
}

/**
 * Works out what taking an entry out does to the client's file. Nothing is written.
 *
 * @throws AppError `client_file` (exit 1) naming the file and line
 */
export async function planRemoval(address: EntryAddress, { machine }: Workshop): Promise<Plan> {
  const { client, scope, project, name } = address;
  const file = await locateFile(client, scope, name, project, machine);
  return explained(file, undefined, async () => {
    const editor = await editorFor(client.format);
    const journal = await openJournal(machine);
    const snapshot = await readSnapshot(file);
    const before = documentText(snapshot);
    const shared = { address, file, before, entry: undefined, request: undefined };
    if (before === undefined) return { ...shared, kind: "nothing", after: undefined, previous: undefined };
    const { text, previous } = withoutEntry(editor, before, client, name, (place) =>
      journal.find(snapshot.path, place),
    );
    const kind = previous === undefined ? "nothing" : "remove";
    return { ...shared, kind, after: text, previous: described(previous) };
  });
}

function described(entry: JsonObject | undefined): PreviousEntry | undefined {
  return (
    entry && { owner: ownerOf(entry), starts: startedBy(entry), nodeArguments: nodeServerArguments(entry) }
  );
}
