import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { ROOT } from "../../scripts/build.ts";
import { ROOT_PROGRAMS, unpack } from "../../scripts/release/roots.ts";
import { targetNamed } from "../../scripts/release/targets.ts";
import { needPrograms } from "../../scripts/support/packages.ts";
import type { Finished } from "../support/executable.ts";
import { applets, collect } from "./install-harness.ts";

/** It lies where not every PATH leads. */
const CHROOT = Bun.which("chroot", { PATH: "/usr/sbin:/sbin:/usr/bin:/bin" });

/** Enters a root. The process files, which Bun needs, are mounted for this one process only. */
const ENTER = `mount -t proc proc "$0/proc" && exec ${CHROOT} "$0" "$@"`;

/** Whether this user may mount file systems and change the root. */
export const canEnterRoots =
  process.platform === "linux" &&
  Bun.spawnSync(["unshare", "--mount", "sh", "-c", ENTER, "/", "true"]).exitCode === 0;
if (!canEnterRoots) {
  process.stderr.write("\n*** NOT TESTED: bare roots. This user may not mount file systems here.\n\n");
}

/** A folder in which a program finds nothing of this machine but its kernel. */
export class Root {
  readonly folder: string;

  /** Makes the folders that every system has, and busybox under all its names. */
  constructor(folder: string, busybox: string) {
    this.folder = folder;
    for (const name of ["bin", "tmp", "root", "dev", "proc"])
      mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, "dev", "null"), "");
    copyProgram(busybox, join(folder, "bin", "busybox"));
    for (const applet of applets(busybox)) {
      if (applet !== "busybox") symlinkSync("busybox", join(folder, "bin", applet));
    }
  }

  /** The command that runs a program inside. */
  command(...program: string[]): string[] {
    return ["/usr/bin/unshare", "--mount", "/bin/sh", "-c", ENTER, this.folder, ...program];
  }

  run(program: readonly string[], env: Record<string, string> = {}, stdin = ""): Promise<Finished> {
    const base = { PATH: "/bin:/usr/bin:/usr/sbin:/sbin", HOME: "/root" };
    return collect(this.command(...program), stdin, { ...base, ...env });
  }
}

/** A root with glibc: busybox, and the libraries that it and the executable name. */
export function glibcRoot(folder: string): Root {
  const busybox = Bun.which("busybox") ?? "";
  for (const program of [busybox, process.execPath]) {
    const libraries = Bun.spawnSync(["ldd", program])
      .stdout.toString()
      .matchAll(/(\/\S+) \(0x/g);
    for (const [, library = ""] of libraries) copyProgram(library, join(folder, library));
  }
  return new Root(folder, busybox);
}

export const MUSL_TARGET = targetNamed(`linux-${process.arch === "arm64" ? "arm64" : "x64"}-musl`);
const PARTS = join(ROOT, "node_modules", ".tools", `roots-${MUSL_TARGET.name}`);

/** Whether roots with musl can be made here. What they are made of is fetched on the first run. */
export function haveMuslRoots(): boolean {
  if (!canEnterRoots) return false;
  if (existsSync(PARTS)) return true;
  if (!needPrograms("install.sh on musl", ROOT_PROGRAMS, ["apt", "dpkg"])) return false;
  const fetched = `${PARTS}.${process.pid}`;
  try {
    unpack(MUSL_TARGET.arch, ["musl"], join(fetched, "musl"));
    unpack(MUSL_TARGET.arch, ["busybox-static"], join(fetched, "busybox"));
    renameSync(fetched, PARTS);
  } catch (cause) {
    rmSync(fetched, { recursive: true, force: true });
    if (process.env["CI"]) throw cause;
    process.stderr.write(
      `\n*** NOT TESTED: install.sh on musl, because Debian's packages were not fetched: ${cause}\n\n`,
    );
  }
  return existsSync(PARTS);
}

/** A root with musl's C library, and a busybox that needs none. */
export function muslRoot(folder: string): Root {
  cpSync(join(PARTS, "musl"), folder, { recursive: true, verbatimSymlinks: true });
  const places = ["bin", "usr/bin"].map((place) => join(PARTS, "busybox", place, "busybox"));
  return new Root(folder, places.find(existsSync) ?? "busybox");
}

function copyProgram(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, readFileSync(from), { mode: 0o755 });
}
