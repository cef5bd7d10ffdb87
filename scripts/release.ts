// `npm run release`: builds, checks and packs everything that is published, into dist/release.
//   release.ts [--target <name>]… [--out <folder>] [--no-smoke]
// The same commit and the same settings give the same bytes. MINISIGN_SECRET_KEY signs the checksums,
// AUTH0_MCP_REPOSITORY names the repository where package.json does not, and AUTH0_MCP_ANALYTICS_URL is built in.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { options } from "../src/config/options.ts";
import { BUILD_INFO, SIGNATURE, SUMS, signedComment } from "../src/upgrade/release-files.ts";
import { buildInfo } from "./release/build-info.ts";
import { type BuiltExecutable, buildTarget } from "./release/build-target.ts";
import { checksums, sha256 } from "./release/checksums.ts";
import { installerOf } from "./release/installer.ts";
import { notices } from "./release/notices.ts";
import { packExecutable, packWrapper } from "./release/pack.ts";
import { mergePackages } from "./release/packages.ts";
import { json, Publication, RELEASE_FOLDER } from "./release/publish.ts";
import { type ReleaseFacts, repositoryOf } from "./release/release-facts.ts";
import { sbom } from "./release/sbom.ts";
import { publicKeyOf, SIGNING_KEY, sign } from "./release/signing.ts";
import { smokeTest } from "./release/smoke.ts";
import { copySource, readSource } from "./release/source.ts";
import { targetNamed, targets } from "./release/targets.ts";
import { writeManifests } from "./release/ways/manifests.ts";
import { argumentsOf } from "./support/arguments.ts";

const { flags, chosen } = argumentsOf(() => {
  const { values: flags } = parseArgs({
    options: {
      target: { type: "string", multiple: true },
      out: { type: "string", default: RELEASE_FOLDER },
      "no-smoke": { type: "boolean", default: false },
    },
  });
  return { flags, chosen: flags.target?.map(targetNamed) ?? targets };
});
const say = (line: string) => console.log(line);

const source = readSource();
const repository = repositoryOf();
const publicKey = publicKeyOf();
const analyticsUrl = process.env[options.analyticsUrl.variable] || undefined;
say(`auth0-mcp ${source.version} from ${source.commit}, with Bun ${Bun.version}`);
if (source.changed) say("NOT A COMMIT: files differ from it; such a release is for trying only.");

const publication = argumentsOf(() => new Publication(flags.out));
const copy = mkdtempSync(join(tmpdir(), "auth0-mcp-source-"));
const built: BuiltExecutable[] = [];
const buildFacts = {
  ...(repository === undefined ? {} : { repository }),
  ...(publicKey === undefined ? {} : { publicKey }),
  ...(analyticsUrl === undefined ? {} : { analyticsUrl }),
};
try {
  copySource(copy);
  for (const target of chosen) {
    const executable = await buildTarget(target, copy, buildFacts);
    const facts: ReleaseFacts = { source, repository, sums: new Map() };
    await packExecutable(publication, facts, executable);
    built.push(executable);
    say(
      `built   ${target.name.padEnd(18)} ${executable.bytes.length} bytes, ${executable.sizeRatio.toFixed(3)} × an empty one`,
    );
  }
} finally {
  rmSync(copy, { recursive: true });
}

const packages = mergePackages(built.map((each) => each.packages));
publication.offer("THIRD-PARTY-NOTICES.md", notices(packages));
publication.offer("auth0-mcp.cdx.json", json(sbom(source, packages)));
publication.offer(BUILD_INFO, json(buildInfo(source, built)));
publication.offer("install.sh", installerOf(repository, publicKey));

const sums = checksums(publication.downloads);
publication.write(SUMS, sums);
const signature = sign(Buffer.from(sums), signedComment(source.version));
if (signature === undefined) say(`NOT SIGNED: ${SIGNING_KEY} is not set.`);
else publication.write(SIGNATURE, signature);

const digests = new Map([...publication.downloads].map(([name, bytes]) => [name, sha256(bytes)]));
const facts: ReleaseFacts = { source, repository, sums: digests };
await packWrapper(publication, facts);
for (const left of writeManifests(publication, facts)) say(`NOT WRITTEN: ${left}`);

let failed = 0;
for (const { target, bytes } of flags["no-smoke"] ? [] : built) {
  for (const { name, outcome, message } of await smokeTest(target, bytes)) {
    say(
      `${outcome.padEnd(7)} ${target.name.padEnd(18)} ${name}${message === undefined ? "" : `: ${message}`}`,
    );
    if (outcome === "failed") failed++;
  }
}
say(`${publication.downloads.size} files to download, and what is generated from them, in ${flags.out}`);
if (failed > 0) {
  console.error(`${failed} smoke tests failed.`);
  process.exit(1);
}
