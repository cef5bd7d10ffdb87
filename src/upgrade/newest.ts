import { AppError } from "../lib/errors.ts";
import { asObject, asString, parseJson } from "../lib/json.ts";
import type { ReleasePlace } from "./address.ts";
import type { Downloads } from "./download.ts";
import { BUILD_INFO } from "./release-files.ts";
import { readVersion } from "./version.ts";

const MOST_INFO = 1024 * 1024;

/**
 * The version that a release folder holds, or the newest one of a repository. No archive is downloaded for it: a
 * repository redirects `releases/latest` to the release's page, whose address ends with its tag.
 *
 * @throws AppError `no_release` (exit 1) when nothing there names a version; as `Downloads` does
 */
export async function newestVersion({ kind, address }: ReleasePlace, downloads: Downloads): Promise<string> {
  if (kind === "repository") {
    const tag = await downloads.destination(`${address}/releases/latest`, /\/releases\/tag\/([^/]+)$/);
    if (tag === undefined) throw noRelease(`${address} has published no release.`);
    // A plus sign may come encoded; anything else that does is no part of a version.
    const version = readVersion(tag.replace(/%2b/i, "+"));
    if (version === undefined) throw noRelease(`The newest release of ${address} is named by no version.`);
    return version;
  }
  const info = parseJson((await downloads.file(`${address}/${BUILD_INFO}`, MOST_INFO)).toString("utf8"));
  const version = readVersion(asString(asObject(info)?.["version"]) ?? "");
  if (version === undefined) throw noRelease(`${address}/${BUILD_INFO} names no version.`);
  return version;
}

function noRelease(message: string): AppError {
  return new AppError({ code: "no_release", message, hint: "There is nothing to upgrade to." });
}
