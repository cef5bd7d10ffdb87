import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { errorCode } from "../lib/system-error.ts";
import { DocumentError } from "./document.ts";
import { withoutEntry } from "./edit.ts";
import { editorFor } from "./editors/index.ts";
import { documentText, readSnapshot } from "./file.ts";
import type { Journal, JournalRecord } from "./journal.ts";
import { clients } from "./table.ts";

/**
 * Whether a text is nothing but what we wrote into a file that we made.
 *
 * @param path the file's real path
 */
export async function isOursAlone(
  text: string | undefined,
  path: string,
  journal: Journal,
): Promise<boolean> {
  const isMaker = ({ record }: { readonly record: JournalRecord }) => record.madeFile === true;
  const records = journal.recordsOf(path);
  if (!records.some(isMaker)) return false;
  let rest = text;
  try {
    // The file goes with the entry that it was made for, once no other is in it.
    for (const { name, record } of records.toSorted((a, b) => Number(isMaker(a)) - Number(isMaker(b)))) {
      const client = clients.find(({ id }) => id === record.client);
      if (client === undefined) return false;
      if (rest === undefined) break;
      const editor = await editorFor(client.format);
      rest = withoutEntry(editor, rest, client, name, (place) => journal.find(path, place)).text;
    }
  } catch (error) {
    // An entry that we added is somebody else's by now, or the file is no longer what it was.
    if (error instanceof DocumentError) return false;
    throw error;
  }
  return rest === undefined || rest.trim() === "";
}

/**
 * Whether a path is there through our doing alone: a file that we made and that holds our entries alone, or a folder that
 * we made with nothing else in it.
 *
 * @param path a real path
 */
export async function isOurDoing(path: string, journal: Journal): Promise<boolean> {
  if (!journal.made(path)) return false;
  const names = await namesIn(path);
  if (names !== undefined) {
    for (const name of names) if (!(await isOurDoing(join(path, name), journal))) return false;
    return true;
  }
  try {
    return await isOursAlone(documentText(await readSnapshot(path)), path, journal);
  } catch (error) {
    if (error instanceof DocumentError) return false;
    throw error;
  }
}

/** The names in a folder; `undefined` for what is none, or cannot be read. */
async function namesIn(path: string): Promise<string[] | undefined> {
  try {
    return await readdir(path);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return undefined;
  }
}
