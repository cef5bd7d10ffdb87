import { PRODUCT } from "../../../src/config/product.ts";
import { json, type Publication } from "../publish.ts";
import { REPOSITORY_VARIABLE, type ReleaseFacts } from "../release-facts.ts";
import { targets } from "../targets.ts";
import { dockerfile } from "./dockerfile.ts";
import { homebrewFormula } from "./homebrew.ts";
import { scoopManifest } from "./scoop.ts";
import { serverJson } from "./server-json.ts";
import { wingetManifest } from "./winget.ts";

/**
 * Writes the manifests of the ways in that download from a release.
 *
 * @returns a line for each reason why some were left out
 */
export function writeManifests(publication: Publication, facts: ReleaseFacts): string[] {
  publication.write("Dockerfile", dockerfile(facts));
  const { repository } = facts;
  const addressed = "Homebrew, Scoop, WinGet and the MCP registry";
  if (repository === undefined)
    return [
      `${addressed}: neither package.json nor ${REPOSITORY_VARIABLE} names a repository to download from`,
    ];
  if (targets.some(({ archive }) => !facts.sums.has(archive))) {
    return [`${addressed}: not every target was built`];
  }
  const published = { ...facts, repository };
  publication.write(`manifests/homebrew/${PRODUCT}.rb`, homebrewFormula(published));
  publication.write(`manifests/scoop/${PRODUCT}.json`, json(scoopManifest(published)));
  for (const [name, content] of wingetManifest(published))
    publication.write(`manifests/winget/${name}`, content);
  publication.write("manifests/server.json", json(serverJson(published)));
  return [];
}
