import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "./run.ts";
import type { Target } from "./targets.ts";

/** Debian's and the assembler's names for a processor. */
const NAMES = {
  x64: { debian: "amd64", gnu: "x86_64-linux-gnu", loader: "ld-linux-x86-64.so.2", musl: "x86_64" },
  arm64: { debian: "arm64", gnu: "aarch64-linux-gnu", loader: "ld-linux-aarch64.so.1", musl: "aarch64" },
} as const;

/**
 * What Debian's C++ library wants from glibc and does not find in musl. Debian has no C++ library for musl, so its own
 * one stands in for Alpine's; these few functions are what it lacks there, and a smoke test needs none to be right.
 */
const MISSING = {
  x64: `
    .globl __cxa_thread_atexit_impl, _dl_find_object, arc4random, __strftime_l, __libc_single_threaded
    .globl __cpu_indicator_init, __cpu_model
    __cxa_thread_atexit_impl: xor %eax, %eax
      ret
    __cpu_indicator_init: ret
    _dl_find_object: mov $-1, %eax
      ret
    arc4random: rdtsc
      ret
    __strftime_l: jmp strftime_l@PLT
    .data
    __libc_single_threaded: .byte 0
    __cpu_model: .zero 16
  `,
  arm64: `
    .globl __cxa_thread_atexit_impl, _dl_find_object, arc4random, __strftime_l, __libc_single_threaded
    .globl __getauxval
    __getauxval: b getauxval
    __cxa_thread_atexit_impl: mov w0, #0
      ret
    _dl_find_object: mov w0, #-1
      ret
    arc4random: mrs x0, cntvct_el0
      ret
    __strftime_l: b strftime_l
    .data
    __libc_single_threaded: .byte 0
  `,
} as const;

/** What must be installed before a root can be made. */
export const ROOT_PROGRAMS = ["apt-get", "dpkg-deb", "x86_64-linux-gnu-as", "aarch64-linux-gnu-as"];
export const ROOT_PACKAGES = ["binutils-x86-64-linux-gnu", "binutils-aarch64-linux-gnu"];

/**
 * Makes a folder with the libraries that an executable for a Linux target needs, from Debian's packages, without
 * installing anything on this machine.
 *
 * @returns what the emulator must be told besides the folder
 */
export function makeRoot({ arch, libc }: Target, root: string): string[] {
  const { debian, gnu, loader, musl } = NAMES[arch];
  const packages = libc === "musl" ? ["musl", "libstdc++6", "libgcc-s1"] : ["libc6", "libgcc-s1"];
  unpack(debian, packages, root);
  if (libc !== "musl") return [];

  const libraries = join(root, "usr", "lib");
  copyFileSync(join(root, "lib", `${musl}-linux-musl`, "libc.so"), join(root, "lib", `ld-musl-${musl}.so.1`));
  writeFileSync(join(root, "etc", `ld-musl-${musl}.path`), "/usr/lib\n");
  const cpp = readdirSync(join(libraries, gnu)).find((file) => /^libstdc\+\+\.so\.6\.\d/.test(file));
  copyFileSync(join(libraries, gnu, cpp ?? "libstdc++.so.6"), join(libraries, "libstdc++.so.6"));
  const gcc = [join(root, "lib", gnu), join(libraries, gnu)].find((folder) =>
    existsSync(join(folder, "libgcc_s.so.1")),
  );
  copyFileSync(join(gcc ?? libraries, "libgcc_s.so.1"), join(libraries, "libgcc_s.so.1"));
  writeFileSync(join(root, "missing.s"), MISSING[arch]);
  finished([`${gnu}-as`, join(root, "missing.s"), "-o", join(root, "missing.o")]);
  const linked = join(libraries, loader);
  finished([`${gnu}-ld`, "-shared", "-soname", loader, "-o", linked, join(root, "missing.o")]);
  return ["-E", `LD_PRELOAD=/usr/lib/${loader}`];
}

/** Fetches Debian packages of any processor and unpacks them; apt's own state stays untouched. */
function unpack(architecture: string, packages: readonly string[], root: string): void {
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
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
}
