import { constants } from "node:fs";
import { access, lstat, mkdir, open, readdir, readlink, realpath, rm, rmdir, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { type FileAttributes, stageFile } from "../lib/atomic-file.ts";
import type { Clock } from "../lib/clock.ts";
import { errorCode, systemReason } from "../lib/system-error.ts";
import { DocumentError, decodeDocument, LARGEST_DOCUMENT } from "./document.ts";

/** A file as it was found. */
export interface Snapshot {
  /** The real path, links resolved; where the file would be made when there is none. */
  readonly path: string;
  /** `undefined` when there is no such file. */
  readonly content: Uint8Array | undefined;
  readonly attributes: FileAttributes | undefined;
}

/**
 * A file as it is now.
 *
 * @throws DocumentError for what cannot be edited: a folder, a device, a file that is too large or not readable
 */
export async function readSnapshot(file: string): Promise<Snapshot> {
  try {
    const path = await resolveLinks(file);
    return (await readRegular(path)) ?? { path, content: undefined, attributes: undefined };
  } catch (error) {
    if (error instanceof DocumentError || errorCode(error) === undefined) throw error;
    throw new DocumentError(`cannot be read: ${systemReason(error)}`, undefined, error);
  }
}

/**
 * A snapshot's text, without byte order mark; `undefined` for no file.
 *
 * @throws DocumentError when it is not UTF-8
 */
export function documentText({ content }: Snapshot): string | undefined {
  return content === undefined ? undefined : decodeDocument(content).text;
}

async function readRegular(path: string): Promise<Snapshot | undefined> {
  const found = await unlessAbsent(stat(path));
  if (found === undefined) return undefined;
  if (found.isDirectory()) throw new DocumentError("is a folder");
  if (!found.isFile()) throw new DocumentError("is no regular file");
  const handle = await unlessAbsent(open(path, constants.O_RDONLY));
  if (handle === undefined) return undefined;
  try {
    const { size, mode, uid, gid } = await handle.stat();
    if (size > LARGEST_DOCUMENT) throw new DocumentError(`is larger than ${LARGEST_DOCUMENT / 1e6} MB`);
    const content = await handle.readFile();
    return { path, content, attributes: { mode: mode & 0o7777, owner: { uid, gid } } };
  } finally {
    await handle.close();
  }
}

/** How many links may lead from one to the next to what is not there. */
const MOST_LINKS = 40;

/**
 * The real path of a file that need not exist, nor its folder, nor what a link on the way points to: the same path that
 * it has once it is there.
 *
 * @throws DocumentError for links that go round in a circle, or the system's error
 */
export async function resolveLinks(file: string, links = MOST_LINKS): Promise<string> {
  const path = resolve(file);
  const real = await unlessAbsent(realpath(path));
  if (real !== undefined || path === dirname(path)) return real ?? path;
  const folder = await resolveLinks(dirname(path), links);
  const entry = await unlessAbsent(lstat(path));
  if (entry?.isSymbolicLink() !== true) return join(folder, basename(path));
  if (links === 0) throw new DocumentError("cannot be read: its links go round in a circle");
  return resolveLinks(resolve(folder, await readlink(path)), links - 1);
}

/**
 * What is read; `undefined` where there is nothing yet. Below what is no folder nothing can ever be made, so that is
 * told before a change is planned.
 */
async function unlessAbsent<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** What shall become of a file: left as it is, rewritten, or removed. */
export type Decision =
  | { readonly kind: "leave" }
  | { readonly kind: "write"; readonly content: Uint8Array; readonly backup: boolean }
  | { readonly kind: "remove" };

/** How a file is changed. */
export interface ChangeOptions {
  readonly clock: Clock;
  /** Permission bits of a file that is made. */
  readonly newMode: number;
}

/** How often another program may get in between before we give up. */
const ATTEMPTS = 20;

/** What our temporary files are called; those of a process that was killed are found by it. */
const PREFIX = ".auth0-mcp-";

/**
 * Changes a file that other programs change as well. `decide` is asked again whenever the file has changed meanwhile, and
 * once more after the change, until it decides to leave the file: only then is the change known to have lasted.
 *
 * @throws DocumentError when the file cannot be read or written, or keeps being changed
 */
export async function changeFile(
  file: string,
  decide: (snapshot: Snapshot) => Promise<Decision>,
  options: ChangeOptions,
): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const snapshot = await readSnapshot(file);
    const decision = await decide(snapshot);
    if (decision.kind === "leave") return;
    try {
      await carryOut(file, snapshot, decision, options);
    } catch (error) {
      if (error instanceof DocumentError || errorCode(error) === undefined) throw error;
      throw new DocumentError(`cannot be written: ${systemReason(error)}`, undefined, error);
    }
  }
  throw new DocumentError("keeps being changed by another program");
}

async function carryOut(
  file: string,
  snapshot: Snapshot,
  decision: Exclude<Decision, { kind: "leave" }>,
  { clock, newMode }: ChangeOptions,
): Promise<void> {
  const { path, content, attributes } = snapshot;
  if (content !== undefined) await access(path, constants.W_OK);
  if (decision.kind === "remove") {
    if (await isUnchanged(file, snapshot)) await rm(path);
    return;
  }
  await mkdir(dirname(path), { recursive: true });
  await sweep(dirname(path), clock);
  if (content !== undefined && decision.backup) await backUp(path, content, attributes);
  const staged = await stageFile(path, decision.content, attributes ?? { mode: newMode }, PREFIX);
  if (await isUnchanged(file, snapshot)) await staged.commit();
  else await staged.discard();
}

/** The topmost folder that must be made for a file; `undefined` when its folder is there. */
export async function missingFolder(file: string): Promise<string | undefined> {
  let missing: string | undefined;
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    if ((await unlessAbsent(lstat(folder))) !== undefined) break;
    missing = folder;
  }
  return missing;
}

/** Removes the folders from `folder` up to `top`, as long as they are empty. */
export async function removeEmptyFolders(folder: string, top: string): Promise<void> {
  for (
    let current = folder;
    current.length >= top.length && (await isEmpty(current));
    current = dirname(current)
  ) {
    await rmdir(current);
  }
}

async function isEmpty(folder: string): Promise<boolean> {
  return (await unlessAbsent(readdir(folder)))?.length === 0;
}

async function isUnchanged(file: string, { path, content }: Snapshot): Promise<boolean> {
  const now = await readSnapshot(file);
  if (now.path !== path) return false;
  if (now.content === undefined || content === undefined) return now.content === content;
  return Buffer.compare(now.content, content) === 0;
}

/** Keeps the content of before our first change, for its owner alone. */
async function backUp(
  path: string,
  content: Uint8Array,
  attributes: FileAttributes | undefined,
): Promise<void> {
  const backup = `${path}.auth0-mcp.bak`;
  if ((await unlessAbsent(lstat(backup))) !== undefined) return;
  const mode = (attributes?.mode ?? 0o600) & 0o600;
  const staged = await stageFile(backup, content, { mode, owner: attributes?.owner }, PREFIX);
  await staged.commit();
}

/** Age after which a temporary file's process is taken to be dead, in milliseconds. */
const ABANDONED = 60_000;

/** Removes what a process left behind that was killed while it wrote. */
async function sweep(folder: string, clock: Clock): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(PREFIX) || !name.endsWith(".tmp")) continue;
    const path = join(folder, name);
    const found = await unlessAbsent(lstat(path));
    if (found !== undefined && clock.now() - found.mtimeMs > ABANDONED) await rm(path, { force: true });
  }
}
