import { readFile } from "node:fs/promises";
import { sep } from "node:path";
import {
  asNumber,
  asObject,
  asObjects,
  asString,
  asStrings,
  type JsonObject,
  parseJson,
} from "../lib/json.ts";
import { removeStaged, writePrivateFile } from "../lib/private-file.ts";
import { errorCode } from "../lib/system-error.ts";
import type { Trace } from "./edit.ts";
import { inheritedFootprint, type Place } from "./editors/editor.ts";

/** What we remember of an entry that we added. Nothing of it is secret: separators, brackets and keys. */
export interface JournalRecord extends Trace {
  /** The topmost folder that we made for the file. */
  readonly madeFolder?: string;
  /** The client whose file it is. */
  readonly client: string;
}

/** Whether a path is a folder, or is somewhere in it. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/**
 * Remembers what was added to which file. A journal that is lost or damaged costs no more than the exact bytes around an
 * entry, so it is never a reason to refuse. It is read once: whoever writes holds the lock.
 */
export class Journal {
  readonly #path: string;
  #entries: readonly JournalEntry[];

  private constructor(path: string, entries: readonly JournalEntry[]) {
    this.#path = path;
    this.#entries = entries;
  }

  /** Reads the journal; one that is not there or damaged is empty. */
  static async open(path: string): Promise<Journal> {
    const found = asObject(parseJson(await textOf(path)));
    const entries = asObjects(found?.["entries"]).map(journalEntry);
    return new Journal(
      path,
      entries.filter((entry) => entry !== undefined),
    );
  }

  /** Whether nothing is remembered at all. */
  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  /** @param file real path of the client's file */
  find(file: string, place: Place): JournalRecord | undefined {
    return this.#entries.find((entry) => isFor(entry, file, place))?.record;
  }

  /** All that we remember to have added to a file. */
  recordsOf(file: string): readonly { readonly name: string; readonly record: JournalRecord }[] {
    return this.#entries.filter((entry) => entry.file === file);
  }

  /** Whether a path is there because we made it, or the folder it is in. */
  made(path: string): boolean {
    return this.#entries.some(({ file, record: { madeFile, madeFolder } }) =>
      madeFolder === undefined ? madeFile === true && file === path : isWithin(path, madeFolder),
    );
  }

  /** Remembers an entry that is about to be added, in place of what was remembered of it before. */
  async put(file: string, place: Place, record: JournalRecord): Promise<void> {
    const others = this.#entries.filter((entry) => !isFor(entry, file, place));
    const { path, name } = place;
    await this.#write([...others, { file, path, name, record }]);
  }

  /** Forgets an entry that is gone. What was made for it and serves another one by now is that one's from then on. */
  async forget(file: string, place: Place): Promise<void> {
    const record = this.find(file, place);
    if (record === undefined) return;
    const others = this.#entries.filter((entry) => !isFor(entry, file, place));
    const { madeFolder } = record;
    const inSameFile = others.find((entry) => isFor(entry, file, { ...place, name: entry.name }));
    const inSameFolder = others.find((entry) => madeFolder !== undefined && isWithin(entry.file, madeFolder));
    const heir = inSameFile ?? inSameFolder;
    const inherited = others.map((entry) =>
      entry === heir ? { ...entry, record: inherit(entry.record, record, entry === inSameFile) } : entry,
    );
    await this.#write(inherited);
  }

  async #write(entries: readonly JournalEntry[]): Promise<void> {
    this.#entries = entries;
    await removeStaged(this.#path);
    await writePrivateFile(
      this.#path,
      `${JSON.stringify({ version: 1, entries: this.#entries }, null, 2)}\n`,
    );
  }
}

/** A folder stays for as long as another file of ours is in it, and goes with that one. */
function inherit(own: JournalRecord, left: JournalRecord, inSameFile: boolean): JournalRecord {
  const { madeFolder } = left;
  const record = { ...own, ...(madeFolder === undefined ? {} : { madeFolder }) };
  if (!inSameFile) return record;
  return { ...left, ...record, footprint: inheritedFootprint(own.footprint, left.footprint) };
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return "";
  }
}

interface JournalEntry {
  readonly file: string;
  readonly path: readonly string[];
  readonly name: string;
  readonly record: JournalRecord;
}

function isFor(entry: JournalEntry, file: string, { path, name }: Place): boolean {
  return entry.file === file && entry.name === name && entry.path.join("\n") === path.join("\n");
}

function journalEntry(value: JsonObject): JournalEntry | undefined {
  const file = asString(value["file"]);
  const name = asString(value["name"]);
  const record = asObject(value["record"]) ?? {};
  const footprint = asObject(record["footprint"]) ?? {};
  const made = asNumber(footprint["made"]);
  const lead = asString(footprint["lead"]);
  const tail = asString(footprint["tail"]);
  const isWhole = file !== undefined && name !== undefined && made !== undefined;
  const client = asString(record["client"]);
  if (!isWhole || lead === undefined || tail === undefined || client === undefined) return undefined;
  const preamble = asString(record["preamble"]);
  const madeFolder = asString(record["madeFolder"]);
  return {
    file,
    name,
    path: asStrings(value["path"]),
    record: {
      client,
      footprint: { made, lead, tail, ...(footprint["bare"] === true ? { bare: true } : {}) },
      ...(preamble === undefined ? {} : { preamble }),
      ...(record["madeFile"] === true ? { madeFile: true as const } : {}),
      ...(madeFolder === undefined ? {} : { madeFolder }),
    },
  };
}
