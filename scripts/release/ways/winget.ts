import { stringify } from "yaml";
import { PRODUCT } from "../../../src/config/product.ts";
import {
  AUTHORS,
  addressOf,
  DESCRIPTION,
  LICENSE,
  ownerOf,
  type PublishedFacts,
  sumOf,
} from "../release-facts.ts";
import { targets } from "../targets.ts";

const MANIFEST_VERSION = "1.10.0";

/** The three files of a WinGet manifest, by name. */
export function wingetManifest(facts: PublishedFacts): Map<string, string> {
  const identifier = `${ownerOf(facts)}.${PRODUCT}`;
  const common = { PackageIdentifier: identifier, PackageVersion: facts.source.version };
  const ending = (type: string) => ({ ManifestType: type, ManifestVersion: MANIFEST_VERSION });
  const installers = targets
    .filter(({ platform }) => platform === "win32")
    .map(({ arch, archive }) => ({
      Architecture: arch,
      InstallerUrl: addressOf(facts, archive),
      InstallerSha256: sumOf(facts, archive).toUpperCase(),
    }));
  const files: [string, object][] = [
    ["", { ...common, DefaultLocale: "en-US", ...ending("version") }],
    [
      ".installer",
      {
        ...common,
        InstallerType: "zip",
        NestedInstallerType: "portable",
        NestedInstallerFiles: [{ RelativeFilePath: `${PRODUCT}.exe`, PortableCommandAlias: PRODUCT }],
        Commands: [PRODUCT],
        ReleaseDate: new Date(facts.source.epoch * 1000).toISOString().slice(0, 10),
        Installers: installers,
        ...ending("installer"),
      },
    ],
    [
      ".locale.en-US",
      {
        ...common,
        PackageLocale: "en-US",
        Publisher: AUTHORS,
        PackageName: PRODUCT,
        PackageUrl: facts.repository,
        License: LICENSE,
        ShortDescription: DESCRIPTION,
        Moniker: PRODUCT,
        Tags: ["auth0", "cli", "mcp"],
        ...ending("defaultLocale"),
      },
    ],
  ];
  return new Map(files.map(([part, content]) => [`${identifier}${part}.yaml`, stringify(content)]));
}
