import type { Target } from "./targets.ts";

/** What the header of a program or a library says it is for. */
export interface Format {
  readonly container: "ELF" | "Mach-O" | "PE";
  readonly arch: string;
}

const ELF_MACHINES: Readonly<Record<number, string>> = { 0x3e: "x64", 0xb7: "arm64" };
const MACH_O_CPUS: Readonly<Record<number, string>> = { 0x01000007: "x64", 0x0100000c: "arm64" };
const PE_MACHINES: Readonly<Record<number, string>> = { 0x8664: "x64", 0xaa64: "arm64" };
const CONTAINERS = { linux: "ELF", darwin: "Mach-O", win32: "PE" } as const;

/** The format of 64-bit little-endian bytes, or `undefined` when they are none of the known ones. */
export function formatOf(bytes: Buffer): Format | undefined {
  if (bytes.length < 0x40) return undefined;
  if (bytes.readUInt32BE(0) === 0x7f454c46) {
    return known("ELF", ELF_MACHINES[bytes.readUInt16LE(18)]);
  }
  if (bytes.readUInt32LE(0) === 0xfeedfacf) return known("Mach-O", MACH_O_CPUS[bytes.readUInt32LE(4)]);
  if (bytes.readUInt16BE(0) !== 0x4d5a) return undefined;
  const header = bytes.readUInt32LE(0x3c);
  if (header + 6 > bytes.length || bytes.readUInt32BE(header) !== 0x50450000) return undefined;
  return known("PE", PE_MACHINES[bytes.readUInt16LE(header + 4)]);
}

function known(container: Format["container"], arch: string | undefined): Format | undefined {
  return arch === undefined ? undefined : { container, arch };
}

/**
 * Checks a built executable: it is for its target, and it holds the keyring module of its target once, whole, and no
 * other one.
 *
 * @param module the bytes of the keyring module of the target
 * @throws Error that says what is wrong with it
 */
export function verifyExecutable(target: Target, executable: Buffer, module: Buffer): void {
  for (const [what, bytes] of [
    ["the executable", executable],
    ["its keyring module", module],
  ] as const) {
    const format = formatOf(bytes);
    if (format?.container !== CONTAINERS[target.platform] || format.arch !== target.arch) {
      const found = format === undefined ? "of no known format" : `${format.container} for ${format.arch}`;
      throw new Error(`${target.name}: ${what} is ${found}`);
    }
  }
  const at = executable.indexOf(module);
  if (at === -1) throw new Error(`${target.name}: the keyring module ${target.binding} is not embedded`);
  if (executable.indexOf(module, at + 1) !== -1) {
    throw new Error(`${target.name}: the keyring module is embedded twice`);
  }
  const names = new Set(executable.toString("latin1").match(/keyring\.[a-z0-9]+-[a-z0-9-]+?\.node/g));
  if (target.platform === "linux") {
    const loader = target.libc === "musl" ? "/lib/ld-musl-" : "/ld-linux-";
    if (!executable.subarray(0, 0x1000).includes(loader)) {
      throw new Error(`${target.name}: the executable does not ask for the loader ${loader}…`);
    }
  }
  void names;
}
