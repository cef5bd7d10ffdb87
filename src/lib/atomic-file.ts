import { rmSync } from "node:fs";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname, extname, join } from "node:path";
import { errorCode, OWNER_LOST } from "./system-error.ts";

export interface FileAttributes {
  /** Permission bits. */
  readonly mode: number;
  /** Whose file it shall be; the process's own when left out. */
  readonly owner?: { readonly uid: number; readonly gid: number } | undefined;
}

/** New content of a file, on the disk beside it and not yet in its place. One of the two must be called. */
export interface StagedFile {
  /** Where the content is until then. */
  readonly path: string;
  /** Puts the content in place: whoever opens the name finds the old content whole, or the new. */
  commit(): Promise<void>;
  discard(): Promise<void>;
}

/**
 * Writes the content that a file shall have under an unpredictable name in its folder, created exclusively, and
 * flushes it. Links are not followed: hand in the real path. A process that exits before the end leaves nothing behind.
 *
 * @param prefix what the other name begins with
 * @throws the system's error; nothing is left behind then
 */
export async function stageFile(
  file: string,
  content: Uint8Array,
  attributes: FileAttributes,
  prefix = ".",
): Promise<StagedFile> {
  // Windows starts a program only under its own ending.
  const ending = extname(file) === ".exe" ? ".tmp.exe" : ".tmp";
  const staged = join(dirname(file), `${prefix}${crypto.randomUUID()}${ending}`);
  const finished = removeAtExit(staged);
  const discard = async () => {
    await rm(staged, { force: true });
    finished();
  };
  const handle = await open(staged, "wx", 0o600).catch((error: unknown) => {
    finished();
    throw error;
  });
  try {
    try {
      await handle.writeFile(content);
      await setAttributes(handle, attributes);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    await discard();
    throw error;
  }
  return {
    path: staged,
    discard,
    async commit() {
      try {
        await renameOver(staged, file);
      } catch (error) {
        await discard();
        throw error;
      }
      finished();
      await flushFolder(dirname(file));
    },
  };
}

/** @returns what is to be called when the file is no longer there to be removed */
function removeAtExit(path: string): () => void {
  const remove = () => rmSync(path, { force: true });
  process.once("exit", remove);
  return () => process.off("exit", remove);
}

async function setAttributes(handle: FileHandle, { mode, owner }: FileAttributes): Promise<void> {
  if (process.platform === "win32") return;
  const { uid, gid } = await handle.stat();
  if (owner !== undefined && (owner.uid !== uid || owner.gid !== gid)) await giveTo(handle, owner);
  await handle.chmod(mode);
}

async function giveTo(handle: FileHandle, { uid, gid }: NonNullable<FileAttributes["owner"]>): Promise<void> {
  try {
    await handle.chown(uid, gid);
  } catch (cause) {
    if (errorCode(cause) !== "EPERM") throw cause;
    throw Object.assign(new Error("The owner cannot be kept.", { cause }), { code: OWNER_LOST });
  }
}

/** Pauses between attempts, in milliseconds: Windows refuses while a virus scanner or an indexer has the file open. */
const PAUSES = process.platform === "win32" ? [10, 50, 200, 500] : [];

async function renameOver(from: string, to: string): Promise<void> {
  for (const pause of PAUSES) {
    try {
      return await rename(from, to);
    } catch (error) {
      if (!["EPERM", "EACCES", "EBUSY"].includes(errorCode(error) ?? "")) throw error;
      await Bun.sleep(pause);
    }
  }
  await rename(from, to);
}

/**
 * Without this a power cut may bring the old name back. Windows has no such call. Some file systems refuse it, and a folder
 * may be writable and not readable; the content is in its place by then, so to call that a failed write would be wrong.
 */
async function flushFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  try {
    const handle = await open(folder, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
  }
}
