import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { SIGNATURE, SUMS } from "../../src/upgrade/release-files.ts";
import { ROOT } from "../build.ts";

/** Where a release is written unless somebody names another folder. */
export const RELEASE_FOLDER: string = join(ROOT, "dist", "release");
/** What stands in a release and not in its list of checksums. */
const UNLISTED = [SUMS, SIGNATURE, "Dockerfile", "npm", "manifests"];

/** The folder a release is written to, and what is in it. */
export class Publication {
  readonly folder: string;
  /** The files that are offered for download, by name. */
  readonly downloads = new Map<string, Buffer>();

  /**
   * Empties the folder.
   *
   * @throws Error when something else than a release is in it
   */
  constructor(folder: string) {
    this.folder = folder;
    const foreign = resolve(folder) === RELEASE_FOLDER ? undefined : foreignIn(folder);
    if (foreign !== undefined)
      throw new Error(`${folder} holds ${foreign}, which is no part of a release; name an empty folder`);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }

  /** Writes a file that is offered for download. */
  offer(name: string, content: Buffer | string): void {
    const bytes = Buffer.from(content);
    this.downloads.set(name, bytes);
    this.write(name, bytes);
  }

  /** Writes a file that goes somewhere else, below the folder. */
  write(name: string, content: Buffer | string): void {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}

/** The name of something in a folder that is no part of the release that is there. */
function foreignIn(folder: string): string | undefined {
  const sums = join(folder, SUMS);
  const listed = existsSync(sums) ? readFileSync(sums, "utf8").split(/ [ *]|\n/) : [];
  const known = new Set(listed.length === 0 ? [] : [...UNLISTED, ...listed]);
  return existsSync(folder) ? readdirSync(folder).find((name) => !known.has(name)) : undefined;
}

export function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
