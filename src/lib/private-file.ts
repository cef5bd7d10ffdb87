import { constants } from "node:fs";
import { access, lstat, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AppError } from "./errors.ts";

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

/**
 * Replaces a file that only its owner may read, creating its folder the same way. The name holds the old content or the
 * new at every moment, also after a crash: the content is written under an unpredictable name, flushed, and renamed.
 *
 * @throws AppError `file_not_written` (exit 1) naming the file and the system's reason
 */
export async function writePrivateFile(file: string, content: string): Promise<void> {
  const temporary = join(dirname(file), `.${crypto.randomUUID()}.tmp`);
  try {
    await mkdir(dirname(file), { recursive: true, mode: FOLDER_MODE });
    const handle = await open(temporary, "wx", FILE_MODE);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw notWritten(file, cause);
  }
}

/**
 * Reads a file that must be private: a regular file of this user that nobody else may read, in such a folder. The
 * content is read through the handle that was checked.
 *
 * @returns `undefined` when there is no such file
 * @throws AppError `unsafe_file` (exit 1) for a link, another owner or a mode that lets others in, with the remedy
 */
export async function readPrivateFile(file: string): Promise<string | undefined> {
  const folder = dirname(file);
  try {
    const place = await lstat(folder);
    if (!place.isDirectory()) throw unsafe(folder, "is a link or no folder", `Remove ${folder}`);
    checkAccess(folder, place, FOLDER_MODE);
    const entry = await lstat(file);
    if (!entry.isFile()) throw unsafe(file, "is a link or no regular file", `Remove ${file}`);
    const handle = await open(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    try {
      checkAccess(file, await handle.stat(), FILE_MODE);
      return await handle.readFile("utf8");
    } finally {
      await handle.close();
    }
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    if (errorCode(cause) === "ENOENT") return undefined;
    throw new AppError({
      code: "unsafe_file",
      message: `${file} cannot be read (${errorCode(cause) ?? "unknown error"}).`,
      hint: `Make ${file} readable for you alone, or remove it and sign in again.`,
      cause,
    });
  }
}

/**
 * Whether files could be created below a folder that need not exist yet. Nothing is written to find out.
 *
 * @throws AppError `file_not_written` (exit 1) when the nearest folder that exists cannot be written
 */
export async function checkWritable(folder: string): Promise<void> {
  for (let place = folder; ; place = dirname(place)) {
    try {
      return await access(place, constants.W_OK | constants.X_OK);
    } catch (cause) {
      if (errorCode(cause) !== "ENOENT" || dirname(place) === place) throw notWritten(folder, cause);
    }
  }
}

interface Access {
  readonly mode: number;
  readonly uid: number;
}

function checkAccess(path: string, { mode, uid }: Access, wanted: number): void {
  const self = process.getuid?.();
  // Windows has neither owner ids nor these modes; the profile folder's own rights protect the file there.
  if (self === undefined) return;
  if (uid !== self) throw unsafe(path, "belongs to another user", `Remove ${path} or have it given to you`);
  if ((mode & 0o077) !== 0) {
    throw unsafe(
      path,
      `may be read by others (mode ${octal(mode)})`,
      `Run: chmod ${octal(wanted)} '${path}'`,
    );
  }
}

function octal(mode: number): string {
  return (mode & 0o777).toString(8);
}

function unsafe(path: string, why: string, remedy: string): AppError {
  return new AppError({
    code: "unsafe_file",
    message: `${path} ${why}, so it is not trusted with secrets.`,
    hint: `${remedy}. If others may have read it, sign out and in again.`,
  });
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "your quota is used up",
  EROFS: "the file system is read-only",
  EACCES: "you may not write there",
  EPERM: "you may not write there",
  ENOTDIR: "a part of its path is no folder",
};

function notWritten(path: string, cause: unknown): AppError {
  const code = errorCode(cause) ?? "unknown error";
  return new AppError({
    code: "file_not_written",
    message: `${path} cannot be written: ${REASONS[code] ?? code}.`,
    hint: "Make room or make the folder writable, then try again. What was there before is untouched.",
    cause,
  });
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
