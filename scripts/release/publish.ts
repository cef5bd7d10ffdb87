import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder a release is written to, and what is in it. */
export class Publication {
  readonly folder: string;
  /** The files that are offered for download, by name. */
  readonly downloads = new Map<string, Buffer>();

  /** Empties the folder. */
  constructor(folder: string) {
    this.folder = folder;
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

export function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
