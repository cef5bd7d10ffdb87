import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "./run.ts";
import type { Target } from "./targets.ts";

const ARCHITECTURES = { x64: "amd64", arm64: "arm64" } as const;

/** What must be installed before a root can be made. */
export const ROOT_PROGRAMS = ["apt-get", "dpkg-deb"];

/**
 * Makes a folder with the libraries that an executable for a Linux target needs, from Debian's packages, without
 * installing anything on this machine.
 */
export function makeRoot({ arch, libc }: Target, root: string): void {
  unpack(arch, libc === "musl" ? ["musl"] : ["libc6", "libgcc-s1"], root);
}

/** Fetches Debian packages for a processor and unpacks them into a folder; apt's own state stays untouched. */
export function unpack(arch: Target["arch"], packages: readonly string[], root: string): void {
  const architecture = ARCHITECTURES[arch];
  const state = mkdtempSync(join(tmpdir(), "auth0-mcp-apt-"));
  try {
    for (const folder of ["state/lists/partial", "cache/archives/partial", "debs"]) {
      mkdirSync(join(state, folder), { recursive: true });
    }
    const settings = [
      `Dir::State=${join(state, "state")}`,
      `Dir::Cache=${join(state, "cache")}`,
      `APT::Architecture=${architecture}`,
      `APT::Architectures=${architecture}`,
      "APT::Sandbox::User=",
      "Debug::NoLocking=1",
    ].flatMap((setting) => ["-o", setting]);
    finished(["apt-get", ...settings, "update"]);
    finished(["apt-get", ...settings, "download", ...packages], { cwd: join(state, "debs") });
    mkdirSync(root, { recursive: true });
    for (const file of readdirSync(join(state, "debs"))) {
      finished(["dpkg-deb", "-x", join(state, "debs", file), root]);
    }
    // Packages of newer releases rely on these links of the base system.
    for (const name of ["lib", "lib64"]) {
      if (existsSync(join(root, "usr", name)) && !existsSync(join(root, name)))
        symlinkSync(join("usr", name), join(root, name));
    }
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
}
