import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { errorCode } from "./system-error.ts";

export interface FileAttributes {
  /** Permission bits. */
  readonly mode: number;
  /** Whose file it shall be; the process's own when left out. */
  readonly owner?: { readonly uid: number; readonly gid: number } | undefined;
}

/** New content of a file, on the disk beside it and not yet in its place. One of the two must be called. */
export interface StagedFile {
  /** Puts the content in place: whoever opens the name finds the old content whole, or the new. */
  commit(): Promise<void>;
  discard(): Promise<void>;
}

/**
 * Writes the content that a file shall have under an unpredictable name in its folder, created exclusively, and
 * flushes it. Links are not followed: hand in the real path.
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
  const staged = join(dirname(file), `${prefix}${crypto.randomUUID()}.tmp`);
  const discard = () => rm(staged, { force: true });
  const handle = await open(staged, "wx", 0o600);
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
    discard,
    async commit() {
      try {
        await renameOver(staged, file);
      } catch (error) {
        await discard();
        throw error;
      }
      await flushFolder(dirname(file));
    },
  };
}

async function setAttributes(handle: FileHandle, { mode, owner }: FileAttributes): Promise<void> {
  if (process.platform === "win32") return;
  const { uid, gid } = await handle.stat();
  if (owner !== undefined && (owner.uid !== uid || owner.gid !== gid))
    await handle.chown(owner.uid, owner.gid);
  await handle.chmod(mode);
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

/** Without this a power cut may bring the old name back. Windows has no such call. */
async function flushFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
