import { PRODUCT } from "../config/product.ts";
import { refused } from "./refused.ts";
import { readZipFile } from "./zip.ts";

// Releases are packed by these names too. Executables that are out there ask for them, so none of them ever changes.

/** Files of a release that do not depend on the target. */
export const SUMS = "SHA256SUMS";
export const SIGNATURE = "SHA256SUMS.minisig";
export const BUILD_INFO = "build-info.json";

/** What the signature of the checksums vouches for besides them: that no older release is passed off as this one. */
export function signedComment(version: string): string {
  return `${PRODUCT} ${version}`;
}

/** The archive of a target, without a version in its name. */
export function archiveName(target: string): string {
  return `${PRODUCT}-${target}.${isWindows(target) ? "zip" : "tar.gz"}`;
}

/** The executable's name in that archive. */
export function executableName(target: string): string {
  return isWindows(target) ? `${PRODUCT}.exe` : PRODUCT;
}

function isWindows(target: string): boolean {
  return target.startsWith("windows-");
}

/**
 * The executable in an archive; whatever else is in it stays packed.
 *
 * @throws AppError `download_refused` (exit 1) when the archive is damaged or holds no executable
 */
export async function unpackExecutable(archive: Buffer, target: string): Promise<Buffer> {
  const name = archiveName(target);
  let executable: Buffer | undefined;
  try {
    executable = isWindows(target)
      ? await readZipFile(archive, executableName(target))
      : await readTarFile(archive, executableName(target));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : "unknown error";
    throw refused(`${name} cannot be unpacked: ${why}.`, cause);
  }
  if (executable === undefined || executable.length === 0)
    throw refused(`${name} holds no ${executableName(target)}.`);
  return executable;
}

async function readTarFile(archive: Buffer, name: string): Promise<Buffer | undefined> {
  const file = (await new Bun.Archive(archive).files(name)).get(name);
  return file === undefined ? undefined : Buffer.from(await file.arrayBuffer());
}
