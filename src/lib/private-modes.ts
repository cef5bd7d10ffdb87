import { constants } from "node:fs";
import { lstat, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { unlessMissing } from "./system-error.ts";

/** What group and others may do. */
const OTHERS = 0o077;

/**
 * What of a private folder others may look into: the folder and the files in it that belong to this user. Nothing where
 * there is no such folder, and nothing on Windows, where the profile folder's own rights protect it.
 */
export async function exposedPaths(folder: string): Promise<string[]> {
  if (process.getuid === undefined) return [];
  const names = (await unlessMissing(readdir(folder))) ?? [];
  const paths = [folder, ...names.map((name) => join(folder, name))];
  const exposed = await Promise.all(paths.map(isExposed));
  return paths.filter((_, index) => exposed[index]);
}

/** Takes from everybody else what they may do with a file or folder of this user's; a link is refused. */
export async function protect(path: string): Promise<void> {
  const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  try {
    await handle.chmod((await handle.stat()).mode & 0o777 & ~OTHERS);
  } finally {
    await handle.close();
  }
}

async function isExposed(path: string): Promise<boolean> {
  const found = await unlessMissing(lstat(path));
  if (found === undefined) return false;
  const { mode, uid } = found;
  const kind = mode & constants.S_IFMT;
  if (kind !== constants.S_IFREG && kind !== constants.S_IFDIR) return false;
  return uid === process.getuid?.() && (mode & OTHERS) !== 0;
}
