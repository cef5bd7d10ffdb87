import { dirname } from "node:path";
import { withLock } from "../lib/lock.ts";
import { decodeDocument, encodeDocument } from "./document.ts";
import { type AdditionRequest, withEntry, withoutEntry } from "./edit.ts";
import type { Place } from "./editors/editor.ts";
import { editorFor } from "./editors/index.ts";
import { changeFile, documentText, missingFolder, removeEmptyFolders, type Snapshot } from "./file.ts";
import type { Journal, JournalRecord } from "./journal.ts";
import { isOursAlone } from "./ours-alone.ts";
import type { Plan, Workshop } from "./plan.ts";
import { explained } from "./refusal.ts";
import { lockFile, openJournal } from "./state.ts";

/** How long another of our processes may keep the files, in milliseconds. */
const PATIENCE = 30_000;

/**
 * Makes a planned change, on the file as it is by then: what others changed since the plan stays.
 *
 * @throws AppError `client_file` (exit 1) when the file cannot be edited any more, with nothing written;
 * `lock_unavailable` or `file_not_written` (exit 1) when our own state folder cannot be used
 */
export async function applyEdit(plan: Plan, workshop: Workshop): Promise<void> {
  if (plan.kind === "nothing") return;
  const { machine, clock, signal } = workshop;
  const { request, file } = plan;
  await withLock(lockFile(machine), { clock, timeout: PATIENCE, signal }, () =>
    explained(file, request, async () => {
      const journal = await openJournal(machine);
      await (request === undefined
        ? removeEntry(plan, journal, workshop)
        : addEntry(plan, request, journal, workshop));
    }),
  );
}

async function addEntry(
  { file, address }: Plan,
  request: AdditionRequest,
  journal: Journal,
  { clock }: Workshop,
): Promise<void> {
  const editor = await editorFor(request.client.format);
  const newMode = address.scope === "user" ? 0o600 : 0o666 & ~process.umask();
  let madeFolder: string | undefined;
  await changeFile(
    file,
    async (snapshot) => {
      const text = documentText(snapshot);
      const { text: after, place, trace } = withEntry(editor, text, request);
      if (after === text) return { kind: "leave" };
      // Noted before the file is written: when the process dies in between, the note says nothing that is wrong.
      if (trace !== undefined) {
        madeFolder ??= await folderToMake(snapshot, journal.find(snapshot.path, place));
        const { id } = request.client;
        await journal.put(snapshot.path, place, {
          ...trace,
          client: id,
          ...(madeFolder === undefined ? {} : { madeFolder }),
        });
      }
      const backup = !(await isOursAlone(text, snapshot.path, journal));
      return { kind: "write", content: withText(snapshot, after), backup };
    },
    { clock, newMode },
  );
}

/**
 * The topmost folder that is to be made for a file. A process that was killed may have made it already, and noted so:
 * it is ours then, as long as no file is in its place.
 */
async function folderToMake(
  { path, content }: Snapshot,
  noted: JournalRecord | undefined,
): Promise<string | undefined> {
  const missing = await missingFolder(path);
  return content === undefined ? (noted?.madeFolder ?? missing) : missing;
}

async function removeEntry({ file, address }: Plan, journal: Journal, { clock }: Workshop): Promise<void> {
  const { client, name } = address;
  const editor = await editorFor(client.format);
  let removed: { readonly path: string; readonly place: Place } | undefined;
  await changeFile(
    file,
    async (snapshot) => {
      const text = documentText(snapshot);
      if (text === undefined) return { kind: "leave" };
      const removal = withoutEntry(editor, text, client, name, (place) => journal.find(snapshot.path, place));
      if (removal.previous === undefined) return { kind: "leave" };
      removed = { path: snapshot.path, place: removal.place };
      if (removal.text === undefined) return { kind: "remove" };
      const backup = !(await isOursAlone(text, snapshot.path, journal));
      return { kind: "write", content: withText(snapshot, removal.text), backup };
    },
    { clock, newMode: 0o600 },
  );
  if (removed === undefined) return;
  const { path, place } = removed;
  const { madeFolder } = journal.find(path, place) ?? {};
  if (madeFolder !== undefined) await removeEmptyFolders(dirname(path), madeFolder);
  await journal.forget(path, place);
}

/** A snapshot's bytes with another text, the byte order mark kept. */
function withText({ content }: Snapshot, text: string): Uint8Array {
  const mark = content !== undefined && decodeDocument(content).mark;
  return encodeDocument({ mark, text });
}
