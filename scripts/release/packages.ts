import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { asObject, asString, type JsonObject, parseJson } from "../../src/lib/json.ts";

/** An npm package of which something is in an executable. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** SPDX expression, as the package's own manifest has it. */
  readonly license: string;
  /** Its licence and notice files. */
  readonly texts: readonly string[];
  /** Names of the packages it asks for, whether or not they are in an executable. */
  readonly dependencies: readonly string[];
}

/**
 * The packages of which something got into an executable, sorted by name.
 *
 * @param folder where it was built
 * @param metafile what the compiler tells about that build
 * @throws Error for a package that names no licence or carries no text of it, because it could not be passed on
 */
export function bundledPackages(folder: string, metafile: JsonObject): BundledPackage[] {
  const paths = new Set<string>();
  for (const output of Object.values(asObject(metafile["outputs"]) ?? {})) {
    for (const input of Object.keys(asObject(asObject(output)?.["inputs"]) ?? {})) {
      const [path] = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input) ?? [];
      if (path !== undefined) paths.add(path);
    }
  }
  return [...paths].map((path) => readPackage(join(folder, path))).sort(byName);
}

/** All packages of several executables, each once. */
export function mergePackages(lists: readonly (readonly BundledPackage[])[]): BundledPackage[] {
  const merged = new Map(lists.flat().map((each) => [`${each.name}@${each.version}`, each]));
  return [...merged.values()].sort(byName);
}

function readPackage(folder: string): BundledPackage {
  const manifest = asObject(parseJson(readFileSync(join(folder, "package.json"), "utf8")));
  const name = asString(manifest?.["name"]);
  const version = asString(manifest?.["version"]);
  const license = asString(manifest?.["license"]);
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file));
  const texts = files.sort().map((file) => readFileSync(join(folder, file), "utf8").trim());
  if (name === undefined || version === undefined) throw new Error(`${folder} has no name or version`);
  if (license === undefined || texts.length === 0) throw new Error(`${name}@${version} carries no licence`);
  const dependencies = ["dependencies", "optionalDependencies"].flatMap((field) =>
    Object.keys(asObject(manifest?.[field]) ?? {}),
  );
  return { name, version, license, texts, dependencies };
}

function byName(a: BundledPackage, b: BundledPackage): number {
  const [left, right] = [`${a.name}@${a.version}`, `${b.name}@${b.version}`];
  return left < right ? -1 : left > right ? 1 : 0;
}
