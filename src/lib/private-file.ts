import { constants } from "node:fs";
import { access, lstat, mkdir, open, readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { stageFile } from "./atomic-file.ts";
import { AppError } from "./errors.ts";
import { shellWord } from "./shell.ts";
import { errorCode, isMissing, replacingRemedy, systemReason } from "./system-error.ts";

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;
/** What `checkWritable` writes, in bytes: more than the secrets of a sign-in and the list of tenants take. */
const ROOM = 32 * 1024;

/**
 * Replaces a file that only its owner may read, creating its folder the same way. The name holds the old content or the
 * new at every moment, also after a crash: the content is written under an unpredictable name, flushed, and renamed.
 *
 * @throws AppError `file_not_written` (exit 1) naming the file and the system's reason
 */
export async function writePrivateFile(file: string, content: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true, mode: FOLDER_MODE });
    const staged = await stageFile(file, Buffer.from(content), { mode: FILE_MODE }, stagedPrefix(file));
    await staged.commit();
  } catch (cause) {
    throw notWritten(file, cause);
  }
}

function stagedPrefix(file: string): string {
  return `.${basename(file)}.`;
}

/**
 * Removes what processes that were killed while they wrote a private file left beside it. Only for whoever keeps others
 * from writing that file meanwhile.
 *
 * @returns how many files that were
 * @throws AppError `file_not_written` (exit 1) naming what cannot be removed
 */
export async function removeStaged(file: string): Promise<number> {
  const folder = dirname(file);
  const prefix = stagedPrefix(file);
  try {
    const staged = (await readdir(folder)).filter((name) => name.startsWith(prefix));
    for (const name of staged) await rm(join(folder, name), { force: true });
    return staged.length;
  } catch (cause) {
    if (isMissing(cause)) return 0;
    throw notWritten(file, cause);
  }
}

/** The name of the private file that a killed process was writing to this one; `undefined` when it was none. */
export function stagedFor(name: string): string | undefined {
  return /^\.(.+)\.[^.]+\.tmp$/.exec(name)?.[1];
}

/**
 * Reads a file that must be private: a regular file of this user that nobody else may read, in such a folder. The
 * content is read through the handle that was checked.
 *
 * @returns `undefined` when there is no such file
 * @throws AppError `unsafe_file` (exit 1) for a link, another owner or a mode that lets others in, with the remedy
 */
export function readPrivateFile(file: string): Promise<string | undefined> {
  return readChecked(file, checkPrivate);
}

/**
 * Reads what was meant to be private although others may have read it, too, so that it can be made worthless. As for
 * `readPrivateFile` it must be a regular file of this user.
 *
 * @throws AppError `unsafe_file` (exit 1) for a link and for another owner
 */
export function readExposedFile(file: string): Promise<string | undefined> {
  return readChecked(file, checkOwner);
}

/**
 * Checks a folder for private files: one of this user that nobody else may enter, unless it does not exist yet.
 *
 * @throws AppError `unsafe_file` (exit 1) for a link, another owner or a mode that lets others in, with the remedy
 */
export async function checkPrivateFolder(folder: string): Promise<void> {
  try {
    await checkPlace(folder, checkPrivate);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    if (!isMissing(cause)) throw notWritten(folder, cause);
  }
}

type AccessCheck = (path: string, access: Access, wanted: number) => void;

async function checkPlace(folder: string, check: AccessCheck): Promise<void> {
  const place = await lstat(folder);
  if (!place.isDirectory()) throw unsafe(folder, "is a link or no folder", `Remove ${folder}`);
  check(folder, place, FOLDER_MODE);
}

async function readChecked(file: string, check: AccessCheck): Promise<string | undefined> {
  try {
    await checkPlace(dirname(file), check);
    const entry = await lstat(file);
    if (!entry.isFile()) throw unsafe(file, "is a link or no regular file", `Remove ${file}`);
    const handle = await open(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    try {
      check(file, await handle.stat(), FILE_MODE);
      return await handle.readFile("utf8");
    } finally {
      await handle.close();
    }
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    if (isMissing(cause)) return undefined;
    throw new AppError({
      code: "unsafe_file",
      message: `${file} cannot be read: ${systemReason(cause)}.`,
      hint: `Make ${file} readable for you alone, or remove it and sign in again.`,
      cause,
    });
  }
}

/**
 * Whether files could be created below a folder that need not exist yet. Nothing is left behind; a full disk shows only
 * when something is written to it.
 *
 * @throws AppError `file_not_written` (exit 1) when the nearest folder that exists cannot be written
 */
export async function checkWritable(folder: string): Promise<void> {
  for (let place = folder; ; place = dirname(place)) {
    try {
      await access(place, constants.W_OK | constants.X_OK);
      const probe = await stageFile(join(place, "probe"), new Uint8Array(ROOM), { mode: FILE_MODE });
      return await probe.discard();
    } catch (cause) {
      if (errorCode(cause) !== "ENOENT" || dirname(place) === place) throw notWritten(folder, cause);
    }
  }
}

interface Access {
  readonly mode: number;
  readonly uid: number;
}

function checkOwner(path: string, { uid }: Access): void {
  const self = process.getuid?.();
  // Windows has neither owner ids nor these modes; the profile folder's own rights protect the file there.
  if (self === undefined || uid === self) return;
  throw unsafe(path, "belongs to another user", `Remove ${path} or have it given to you`);
}

function checkPrivate(path: string, access: Access, wanted: number): void {
  checkOwner(path, access);
  const { mode } = access;
  if (process.getuid !== undefined && (mode & 0o077) !== 0) {
    throw unsafe(
      path,
      `may be read by others (mode ${octal(mode)})`,
      `Run: chmod ${octal(wanted)} ${shellWord(path)}`,
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

function notWritten(path: string, cause: unknown): AppError {
  return new AppError({
    code: "file_not_written",
    message: `${path} cannot be written: ${systemReason(cause)}.`,
    hint: `${replacingRemedy(cause) ?? "Make room or make the folder writable"}, then try again. What was there before is untouched.`,
    cause,
  });
}
