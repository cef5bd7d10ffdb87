import type { BuildFacts } from "../config/build-facts.ts";
import { type Environment, readVariable } from "../config/environment.ts";
import { options } from "../config/options.ts";
import { PRODUCT, VERSION } from "../config/product.ts";
import { AppError } from "../lib/errors.ts";
import { type ReleasePlace, releaseFolder, releasePlace } from "./address.ts";
import { checkSum, listedSum } from "./checksums.ts";
import { type DownloadOptions, Downloads, type OnBytes } from "./download.ts";
import { newestVersion } from "./newest.ts";
import { type Owner, ownershipOf } from "./owner.ts";
import { refused } from "./refused.ts";
import { archiveName, SIGNATURE, SUMS, signedComment, unpackExecutable } from "./release-files.ts";
import { checkReplaceable, replaceExecutable } from "./replace.ts";
import { checkSignature } from "./signature.ts";
import { isNewer } from "./version.ts";

/** How large files may be, in bytes. A release's archive has some 50 MB. */
const MOST_SUMS = 1024 * 1024;
const MOST_SIGNATURE = 64 * 1024;
const MOST_ARCHIVE = 512 * 1024 * 1024;

export interface Upgrading extends DownloadOptions {
  /** The running executable's real path. */
  readonly file: string;
  readonly build: BuildFacts;
  readonly environment: Environment;
  /** Tells of a step of longer work. */
  readonly progress: (step: string) => void;
}

/** How this executable stands to what is published. */
export interface Standing {
  readonly current: string;
  /** The newest version, or the one that was named. */
  readonly latest: string;
  readonly newer: boolean;
  readonly owner: Owner | undefined;
}

/**
 * Looks what is published, and downloads no archive for it.
 *
 * @param named the version that is wanted instead of the newest one
 * @throws AppError when that cannot be found out
 */
export async function findStanding(upgrading: Upgrading, named?: string): Promise<Standing> {
  const place = placeOf(upgrading);
  // A repository holds every release; whether it holds this one is seen where its checksums are.
  const latest =
    named !== undefined && place.kind === "repository"
      ? named
      : await newestVersion(place, downloadsFrom(place, upgrading));
  if (named !== undefined && latest !== named) {
    throw new AppError({
      code: "no_release",
      message: `${place.address} holds version ${latest}, not ${named}.`,
      hint: `Set ${options.downloadUrl.variable} to the folder that holds version ${named}.`,
    });
  }
  return { current: VERSION, latest, newer: isNewer(latest, VERSION), owner: ownershipOf(upgrading).owner };
}

/**
 * Downloads a version, checks it and puts it in the place of the running executable.
 *
 * @throws AppError when the executable belongs to somebody else, when what was downloaded is not what it should be, or
 * when it cannot be written; the executable is as it was then
 */
export async function install(upgrading: Upgrading, version: string): Promise<void> {
  const { file, build, environment, signal, progress } = upgrading;
  const own = ownershipOf(upgrading);
  if (own.owner !== undefined) throw ownedError(own.owner);
  await checkReplaceable(file, upgrading);

  const place = placeOf(upgrading);
  const folder = releaseFolder(place, version);
  const downloads = downloadsFrom(place, upgrading);
  const sums = await downloads.file(`${folder}/${SUMS}`, MOST_SUMS);
  if (build.publicKey !== undefined) {
    const signature = await signatureOf(folder, downloads);
    const comment = checkSignature(build.publicKey, sums, signature.toString("utf8"));
    if (comment !== signedComment(version))
      throw refused(`${SUMS} is signed for "${comment}", not for version ${version}.`);
  }
  const name = archiveName(own.target);
  const sum = listedSum(sums.toString("utf8"), name);
  progress(`Downloading ${name} …`);
  const archive = await downloads.file(`${folder}/${name}`, MOST_ARCHIVE, quarters(progress));
  progress("Checking it …");
  checkSum(name, archive, sum);
  const bytes = await unpackExecutable(archive, own.target);
  await replaceExecutable({ file, bytes, version, environment, signal });
}

/** @throws AppError `not_found` (exit 1) for a release without one, in words that say why it takes one */
async function signatureOf(folder: string, downloads: Downloads): Promise<Buffer> {
  try {
    return await downloads.file(`${folder}/${SIGNATURE}`, MOST_SIGNATURE);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "not_found") throw error;
    throw error.with({
      message: `${folder}/${SIGNATURE} does not exist, and this build takes signed releases only.`,
      hint: "Choose a version that is signed, or install this one with install.sh.",
    });
  }
}

/** Nothing is done to a file that another program looks after. */
export function ownedError(owner: Owner): AppError {
  return new AppError({
    code: "owned",
    message: `This ${PRODUCT} ${owner.how}, so it does not replace itself.`,
    hint: adviceOf(owner),
  });
}

/** What installs the newest version, as a sentence for people. */
export function adviceOf({ command, advice }: Owner): string | undefined {
  return command === undefined ? advice : `Run: ${command}`;
}

function placeOf({ environment, build }: Upgrading): ReleasePlace {
  return releasePlace(readVariable(environment, options.downloadUrl.variable), build);
}

function downloadsFrom({ authorization }: ReleasePlace, how: DownloadOptions): Downloads {
  return new Downloads({ ...how, authorization });
}

/** Tells of each quarter of a download, where its size is known. */
function quarters(progress: (step: string) => void): OnBytes {
  let told = 0;
  return (received, size) => {
    const reached = size === undefined ? 0 : Math.floor((4 * received) / size);
    if (size === undefined || reached <= told || reached > 3) return;
    told = reached;
    progress(`${reached * 25} % of ${(size / 1e6).toFixed(0)} MB`);
  };
}
