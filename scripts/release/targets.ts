import { archiveName, executableName } from "../../src/upgrade/release-files.ts";

/** What an executable is built for. */
export interface Target {
  /** As in archive names, for example `linux-x64-musl`. */
  readonly name: string;
  /** Node's `process.platform`. */
  readonly platform: "linux" | "darwin" | "win32";
  readonly arch: "x64" | "arm64";
  /** Only on Linux. */
  readonly libc: "glibc" | "musl" | undefined;
  /** The compiler's `--target`. */
  readonly runtime: string;
  /** The npm package with the keyring module of this target. */
  readonly binding: string;
  /** File name of the executable inside its archive. */
  readonly executable: string;
  /** File name of the archive, without a version, so that a link to the latest release never changes. */
  readonly archive: string;
}

const OS = { linux: "linux", darwin: "darwin", win32: "windows" } as const;

/**
 * Every x64 executable is built on Bun's baseline runtime, which needs no AVX2. As of Bun 1.4 that is also the plain
 * one, byte for byte, and every release checks that it still is. So there is no archive named `-baseline`: it would hold
 * the same file again, and people would have to choose where there is no choice.
 */
export const targets: readonly Target[] = [
  target("linux", "x64", "glibc"),
  target("linux", "arm64", "glibc"),
  target("linux", "x64", "musl"),
  target("linux", "arm64", "musl"),
  target("darwin", "x64"),
  target("darwin", "arm64"),
  target("win32", "x64"),
  target("win32", "arm64"),
];

function target(platform: Target["platform"], arch: Target["arch"], libc?: "glibc" | "musl"): Target {
  const os = OS[platform];
  const musl = libc === "musl" ? "-musl" : "";
  const name = `${os}-${arch}${musl}`;
  const abi = { linux: libc === "musl" ? "-musl" : "-gnu", darwin: "", win32: "-msvc" }[platform];
  return {
    name,
    platform,
    arch,
    libc,
    runtime: `bun-${name}${arch === "x64" ? "-baseline" : ""}`,
    binding: `@napi-rs/keyring-${platform}-${arch}${abi}`,
    executable: executableName(name),
    archive: archiveName(name),
  };
}

/**
 * A target by its name.
 *
 * @throws Error that lists the names when there is none
 */
export function targetNamed(name: string): Target {
  const found = targets.find((candidate) => candidate.name === name);
  if (found === undefined) {
    throw new Error(`no target is named ${name}; there are ${targets.map((each) => each.name).join(", ")}`);
  }
  return found;
}

/** The target this machine runs natively. */
export function hostTarget(): Target {
  const musl = process.platform === "linux" && usesMusl() ? "-musl" : "";
  const os = Object.entries(OS).find(([platform]) => platform === process.platform)?.[1];
  return targetNamed(`${os ?? process.platform}-${process.arch}${musl}`);
}

/** Node's report names the glibc it runs on, and none on musl. */
function usesMusl(): boolean {
  const report: unknown = process.report.getReport();
  return !JSON.stringify(report).includes("glibcVersionRuntime");
}
