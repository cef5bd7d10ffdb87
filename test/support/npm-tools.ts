import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../scripts/build.ts";

/**
 * A folder with npm packages that only tests use, installed on the first run. They are kept out of the project's own
 * packages, because they are large and bring other versions of the same libraries.
 *
 * @throws Error with npm's own words when they cannot be installed
 */
export function npmTools(name: string, packages: readonly string[]): string {
  const folder = join(ROOT, "node_modules", ".tools", `${name}-${Bun.hash(packages.join(" ")).toString(16)}`);
  const complete = join(folder, "complete");
  if (existsSync(complete)) return folder;
  mkdirSync(folder, { recursive: true });
  const flags = ["--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"];
  const npm = Bun.spawnSync(["npm", "install", "--prefix", folder, ...flags, ...packages], {
    env: process.env,
  });
  if (!npm.success)
    throw new Error(`npm could not install ${packages.join(", ")}:\n${npm.stderr.toString()}`);
  mkdirSync(complete);
  return folder;
}
