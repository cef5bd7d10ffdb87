import { SUMS } from "../../../src/upgrade/release-files.ts";
import { addressOf, DESCRIPTION, LICENSE, type PublishedFacts, sumOf } from "../release-facts.ts";
import { type Target, targetNamed } from "../targets.ts";

/** A manifest for a Scoop bucket. */
export function scoopManifest(facts: PublishedFacts): object {
  const x64 = targetNamed("windows-x64");
  const arm64 = targetNamed("windows-arm64");
  const download = ({ archive }: Target) => ({ url: addressOf(facts, archive), hash: sumOf(facts, archive) });
  const next = ({ archive }: Target) => ({
    url: `${facts.repository}/releases/download/v$version/${archive}`,
  });
  return {
    version: facts.source.version,
    description: DESCRIPTION,
    homepage: facts.repository,
    license: LICENSE,
    architecture: { "64bit": download(x64), arm64: download(arm64) },
    bin: x64.executable,
    checkver: { github: facts.repository },
    autoupdate: {
      architecture: { "64bit": next(x64), arm64: next(arm64) },
      hash: { url: `$baseurl/${SUMS}` },
    },
  };
}
