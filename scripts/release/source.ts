import { cpSync, existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import manifest from "../../package.json" with { type: "json" };
import { ROOT } from "../build.ts";
import { finished } from "./run.ts";

/** What executables are made of: nothing else of the repository can change their bytes. */
const PARTS = ["src", "package.json", "bun.lock", "bunfig.toml", "tsconfig.json"];

/** The state of the repository that a release is made from. */
export interface Source {
  /** Full commit hash. */
  readonly commit: string;
  /** Seconds since 1970 of that commit: the time of every file in a release (`SOURCE_DATE_EPOCH`). */
  readonly epoch: number;
  readonly version: string;
  /** Whether files differ from the commit; such a release is for trying only. */
  readonly changed: boolean;
}

/** @throws Error outside a clone */
export function readSource(): Source {
  const [commit = "", epoch = ""] = git("log", "-1", "--format=%H %ct").split(" ");
  return {
    commit,
    epoch: Number(process.env["SOURCE_DATE_EPOCH"] || epoch),
    version: manifest.version,
    changed: git("status", "--porcelain", "--", ...PARTS) !== "",
  };
}

/** Copies what executables are made of into an empty folder: the files git knows or would add, as they are now. */
export function copySource(folder: string): void {
  const files = git("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", ...PARTS);
  for (const file of new Set(files.split("\0"))) {
    if (file === "" || !existsSync(join(ROOT, file))) continue;
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(ROOT, file), join(folder, file));
  }
}

function git(...args: string[]): string {
  return finished(["git", ...args], { cwd: ROOT }).trim();
}
