import { unescape as decoded } from "node:querystring";
import type { BuildFacts } from "../config/build-facts.ts";
import { isConfidential } from "../config/domain.ts";
import { options } from "../config/options.ts";
import { AppError, usageError } from "../lib/errors.ts";
import { BUILD_INFO, SUMS } from "./release-files.ts";

/** Where releases are: one of them in a folder, or all of them in a repository. */
export interface ReleasePlace {
  readonly kind: "folder" | "repository";
  /** Without credentials, and without a slash at its end. */
  readonly address: string;
  /** What the host of a folder, and no other one, is sent in a header of this name (RFC 7617). */
  readonly authorization?: string;
}

/**
 * Where newer versions come from.
 *
 * @param downloadUrl the variable's value
 * @throws AppError when the variable holds no address that may be downloaded from (exit 2), or when there is neither a
 * variable nor a repository (exit 1)
 */
export function releasePlace(downloadUrl: string | undefined, { repository }: BuildFacts): ReleasePlace {
  if (downloadUrl !== undefined) return { kind: "folder", ...readFolder(downloadUrl) };
  if (repository !== undefined) return { kind: "repository", address: repository };
  throw new AppError({
    code: "no_release_place",
    message: "It is not known where newer versions of this build are published.",
    hint: `Set ${options.downloadUrl.variable} to the folder that holds the archives, ${SUMS} and ${BUILD_INFO}.`,
  });
}

/** The folder with the files of one release. */
export function releaseFolder({ kind, address }: ReleasePlace, version: string): string {
  // The version is named even where it is the latest, so that another release in between mixes nothing.
  return kind === "folder" ? address : `${address}/releases/download/v${version}`;
}

function readFolder(text: string): Omit<ReleasePlace, "kind"> {
  const { variable } = options.downloadUrl;
  const refuse = (why: string) => usageError(`${variable} cannot be downloaded from: ${why}.`);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw refuse("it is no address");
  if (url.search !== "" || url.hash !== "") throw refuse("it holds a query or a fragment");
  if (!isConfidential(url)) throw refuse("only https is, and http from this machine");
  const { username, password } = url;
  url.username = "";
  url.password = "";
  const address = url.href.replace(/\/$/, "");
  if (username === "" && password === "") return { address };
  const credentials = Buffer.from(`${decoded(username)}:${decoded(password)}`).toString("base64");
  return { address, authorization: `Basic ${credentials}` };
}
