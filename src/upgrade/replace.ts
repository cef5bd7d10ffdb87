import { constants } from "node:fs";
import { access, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { PRODUCT } from "../config/product.ts";
import { type StagedFile, stageFile } from "../lib/atomic-file.ts";
import { AppError, cancelledError } from "../lib/errors.ts";
import { errorCode, isMissing, systemReason } from "../lib/system-error.ts";
import { askVersion, type Trial } from "./program.ts";
import { refused } from "./refused.ts";

const PREFIX = `.${PRODUCT}-`;
const UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
/** How old a file must be before it is taken for what a crash left, in milliseconds: an upgrade takes no hour. */
const ABANDONED = 3_600_000;

/**
 * Looks whether an executable can be replaced, before anything is downloaded for it.
 *
 * @param file its real path
 * @throws AppError (exit 1) when its folder cannot be written, when it belongs to another user, or when it is not this
 * program but what starts it
 */
export async function checkReplaceable(file: string, trial: Trial): Promise<void> {
  const folder = dirname(file);
  const unwritable = (message: string, cause?: unknown) =>
    new AppError({
      code: "file_not_written",
      message,
      hint: `Repeat it as the user whom ${file} belongs to.`,
      cause,
    });
  try {
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw unwritable(`${folder} cannot be written: ${systemReason(cause)}.`, cause);
  }
  // Only root can give a file to somebody else.
  const own = process.getuid?.();
  if (own !== undefined && own !== 0 && (await stat(file)).uid !== own)
    throw unwritable(`${file} belongs to another user.`);
  // Started through a loader or an emulator, the running executable is that one.
  const told = await askVersion(file, trial);
  if ("reason" in told) {
    throw new AppError({
      code: "not_this_program",
      message: `${file} is what runs, but it ${told.reason}, so it is not replaced.`,
      hint: `Start ${PRODUCT} by its own path, or install it again with install.sh.`,
    });
  }
}

export interface Replacement extends Trial {
  /** Real path of the executable that is replaced. */
  readonly file: string;
  readonly bytes: Uint8Array;
  /** The version that the new one must tell. */
  readonly version: string;
  readonly platform?: NodeJS.Platform;
}

/**
 * Puts another executable in a file's place, with its mode and owner, once it has started and told the right version.
 * Whoever runs the old one keeps it. Until the last step nothing has changed, and nothing else is left in the folder.
 *
 * @throws AppError `file_not_written` (exit 1) with the system's reason, `download_refused` when the new one is not
 * what it should be, `cancelled`
 */
export async function replaceExecutable(replacement: Replacement): Promise<void> {
  const { file, bytes, version, signal, platform = process.platform } = replacement;
  await removeLeftovers(file);
  const staged = await unlessUnwritable(file, async () => {
    const { mode, uid, gid } = await stat(file);
    return stageFile(file, bytes, { mode: mode & 0o777, owner: { uid, gid } }, PREFIX);
  });
  try {
    const told = await askVersion(staged.path, replacement);
    if ("reason" in told) throw refused(`The new executable ${told.reason}.`);
    if (told.version !== version)
      throw refused(`The new executable is version ${told.version}, not ${version}.`);
    if (signal.aborted) throw cancelledError();
    await unlessUnwritable(file, () => (platform === "win32" ? moveAside(file, staged) : staged.commit()));
  } finally {
    await staged.discard();
  }
}

/** Windows lets a running executable be renamed, but neither replaced nor removed. */
async function moveAside(file: string, staged: StagedFile): Promise<void> {
  const aside = `${file}.${crypto.randomUUID()}.old`;
  await rename(file, aside);
  try {
    await staged.commit();
  } catch (error) {
    await rename(aside, file).catch((cause: unknown) => {
      throw new AppError({
        code: "file_not_written",
        message: `${file} could not be put back: ${systemReason(cause)}.`,
        hint: `Give ${aside} its name again.`,
        cause,
      });
    });
    throw error;
  }
  await removeUnlessRunning(aside);
}

/** Removes what earlier upgrades could not: executables that were running then, and what a crash left. */
async function removeLeftovers(file: string): Promise<void> {
  const folder = dirname(file);
  const old = new RegExp(`^\\.${UUID}\\.old$`);
  const staged = new RegExp(`^${UUID}\\.tmp(\\.exe)?$`);
  for (const name of await unlessUnwritable(file, () => readdir(folder))) {
    const path = join(folder, name);
    if (name.startsWith(basename(file)) && old.test(name.slice(basename(file).length)))
      await removeUnlessRunning(path);
    if (name.startsWith(PREFIX) && staged.test(name.slice(PREFIX.length)) && (await isAbandoned(path)))
      await removeUnlessRunning(path);
  }
}

async function isAbandoned(path: string): Promise<boolean> {
  try {
    return (await stat(path)).mtimeMs < Date.now() - ABANDONED;
  } catch (error) {
    // Another upgrade has just finished with it.
    if (isMissing(error)) return false;
    throw error;
  }
}

async function removeUnlessRunning(path: string): Promise<void> {
  try {
    await rm(path, { force: true });
  } catch (error) {
    if (!["EPERM", "EACCES", "EBUSY"].includes(errorCode(error) ?? "")) throw error;
  }
}

async function unlessUnwritable<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof AppError || errorCode(cause) === undefined) throw cause;
    throw new AppError({
      code: "file_not_written",
      message: `${file} cannot be replaced: ${systemReason(cause)}.`,
      hint: "Make room or make it writable for you, then try again. Nothing was changed.",
      cause,
    });
  }
}
