import { createHash } from "node:crypto";
import manifest from "../../package.json" with { type: "json" };
import type { BundledPackage } from "./packages.ts";
import type { Source } from "./source.ts";

/** The bill of materials of a release as CycloneDX 1.6: what npm packages and which runtime are in the executables. */
export function sbom(source: Source, packages: readonly BundledPackage[]): object {
  const own = `pkg:npm/${manifest.name}@${source.version}`;
  const runtime = `pkg:npm/bun@${Bun.version}`;
  const references = new Map(packages.map((each) => [each.name, packageUrl(each)]));
  const among = (names: readonly string[]) => names.flatMap((name) => references.get(name) ?? []).sort();
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    serialNumber: `urn:uuid:${uuid(`${source.commit} ${source.changed}`)}`,
    version: 1,
    metadata: {
      timestamp: new Date(source.epoch * 1000).toISOString(),
      component: {
        type: "application",
        "bom-ref": own,
        name: manifest.name,
        version: source.version,
        description: manifest.description,
        licenses: [{ license: { id: manifest.license } }],
        purl: own,
      },
    },
    components: [
      {
        type: "platform",
        "bom-ref": runtime,
        name: "bun",
        version: Bun.version,
        licenses: [{ license: { id: "MIT" } }],
        purl: runtime,
      },
      ...packages.map((each) => ({
        type: "library",
        "bom-ref": packageUrl(each),
        ...groupAndName(each.name),
        version: each.version,
        licenses: [{ expression: each.license }],
        purl: packageUrl(each),
      })),
    ],
    dependencies: [
      { ref: own, dependsOn: [runtime, ...among(Object.keys(manifest.dependencies))] },
      { ref: runtime },
      ...packages.map((each) => ({ ref: packageUrl(each), dependsOn: among(each.dependencies) })),
    ],
  };
}

function packageUrl({ name, version }: BundledPackage): string {
  return `pkg:npm/${name.replace("@", "%40")}@${version}`;
}

function groupAndName(name: string): { group?: string; name: string } {
  const [group, own] = name.split("/");
  return own === undefined || group === undefined ? { name } : { group, name: own };
}

/** A UUID that is the same for the same text. */
function uuid(text: string): string {
  const digest = createHash("sha256").update(text).digest().subarray(0, 16);
  digest.writeUInt8((digest.readUInt8(6) & 0x0f) | 0x80, 6);
  digest.writeUInt8((digest.readUInt8(8) & 0x3f) | 0x80, 8);
  return digest.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
