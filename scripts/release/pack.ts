import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../build.ts";
import { type Entry, tarGz, zip } from "./archive.ts";
import type { BuiltExecutable } from "./build-target.ts";
import { notices } from "./notices.ts";
import { json, type Publication } from "./publish.ts";
import type { ReleaseFacts } from "./release-facts.ts";
import { extensionManifest, extensionName, hasExtension } from "./ways/gemini.ts";
import { bundleManifest, bundleName, hasBundle } from "./ways/mcpb.ts";
import { platformPackage, platformPackageName, wrapperPackage } from "./ways/npm.ts";

const text = (name: string, content: string): Entry => ({
  name,
  bytes: Buffer.from(content),
  executable: false,
});

/** Packs an executable for every way in that carries it: the archive, the bundle, the extension, the npm package. */
export async function packExecutable(
  publication: Publication,
  facts: ReleaseFacts,
  built: BuiltExecutable,
): Promise<void> {
  const { target } = built;
  const { epoch } = facts.source;
  const program: Entry = { name: target.executable, bytes: built.bytes, executable: true };
  const papers = [licence(), text("THIRD-PARTY-NOTICES.md", notices(built.packages))];
  const plain = (entries: readonly Entry[]) =>
    target.platform === "win32" ? zip(entries, epoch) : tarGz(entries, epoch);
  const below = (folder: string, entries: readonly Entry[]) =>
    entries.map((entry) => ({ ...entry, name: `${folder}/${entry.name}` }));

  const archive = async () => publication.offer(target.archive, await plain([program, ...papers]));
  const bundle = async () => {
    if (!hasBundle(target)) return;
    const manifest = text("manifest.json", json(bundleManifest(facts, target)));
    const entries = [manifest, ...below("server", [program]), ...papers];
    publication.offer(bundleName(target), await zip(entries, epoch));
  };
  const extension = async () => {
    if (!hasExtension(target)) return;
    const manifest = text("gemini-extension.json", json(extensionManifest(facts, target)));
    publication.offer(extensionName(target), await plain([manifest, program, ...papers]));
  };
  const npmPackage = async () => {
    const manifest = text("package.json", json(platformPackage(facts, target)));
    const entries = below("package", [manifest, program, ...papers]);
    publication.write(`npm/${platformPackageName(target)}.tgz`, await tarGz(entries, epoch));
  };
  await Promise.all([archive(), bundle(), extension(), npmPackage()]);
}

/** Packs the npm package that people name. */
export async function packWrapper(publication: Publication, facts: ReleaseFacts): Promise<void> {
  const start = readFileSync(join(import.meta.dir, "ways", "npm-start.cjs"));
  const entries: Entry[] = [
    text("package/package.json", json(wrapperPackage(facts))),
    { name: "package/start.cjs", bytes: start, executable: true },
    { ...licence(), name: "package/LICENSE" },
    text("package/README.md", readmeOf(facts)),
  ];
  publication.write("npm/auth0-mcp.tgz", await tarGz(entries, facts.source.epoch));
}

/**
 * The README, with the address of the repository where that is known.
 *
 * @throws Error when the README stands for it in another way than is known here
 */
function readmeOf({ repository }: ReleaseFacts): string {
  const readme = readFileSync(join(ROOT, "README.md"), "utf8");
  if (repository === undefined) return readme;
  const named = readme
    .replaceAll("https://github.com/OWNER/auth0-mcp", repository)
    .replace(/ OWNER is whoever publishes it\./, "");
  if (/\bOWNER\b/.test(named)) throw new Error("README.md names OWNER in a place that is not known here");
  return named;
}

function licence(): Entry {
  return text("LICENSE", readFileSync(join(ROOT, "LICENSE"), "utf8"));
}
