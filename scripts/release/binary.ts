import type { Target } from "./targets.ts";

/** What the header of a program or a library says it is for. */
export interface Format {
  readonly container: "ELF" | "Mach-O" | "PE";
  readonly arch: "x64" | "arm64";
}

const CONTAINERS = { linux: "ELF", darwin: "Mach-O", win32: "PE" } as const;
const ELF_MACHINES = new Map([
  [0x3e, "x64"],
  [0xb7, "arm64"],
] as const);
const MACH_O_PROCESSORS = new Map([
  [0x01000007, "x64"],
  [0x0100000c, "arm64"],
] as const);
const PE_MACHINES = new Map([
  [0x8664, "x64"],
  [0xaa64, "arm64"],
] as const);

/** The format of a 64-bit program or library, or `undefined` when the bytes are none that is known here. */
export function formatOf(bytes: Buffer): Format | undefined {
  if (bytes.length < 0x40) return undefined;
  if (bytes.readUInt32BE(0) === 0x7f454c46) return known("ELF", find(ELF_MACHINES, bytes.readUInt16LE(18)));
  if (bytes.readUInt32LE(0) === 0xfeedfacf) {
    return known("Mach-O", find(MACH_O_PROCESSORS, bytes.readUInt32LE(4)));
  }
  if (bytes.toString("latin1", 0, 2) !== "MZ") return undefined;
  const header = bytes.readUInt32LE(0x3c);
  if (header + 6 > bytes.length || bytes.readUInt32BE(header) !== 0x50450000) return undefined;
  return known("PE", find(PE_MACHINES, bytes.readUInt16LE(header + 4)));
}

function find(machines: ReadonlyMap<number, Format["arch"]>, code: number): Format["arch"] | undefined {
  return machines.get(code);
}

function known(container: Format["container"], arch: Format["arch"] | undefined): Format | undefined {
  return arch === undefined ? undefined : { container, arch };
}

/**
 * Checks a built executable: it is for its target, and it holds the keyring module of its target once, whole, and no
 * other one.
 *
 * @param module the bytes of the target's keyring module
 * @throws Error that says what is wrong
 */
export function verifyExecutable(target: Target, executable: Buffer, module: Buffer): void {
  const wrong = (what: string) => new Error(`${target.name}: ${what}`);
  for (const [what, bytes] of [
    ["the executable", executable],
    ["its keyring module", module],
  ] as const) {
    const format = formatOf(bytes);
    if (format?.container !== CONTAINERS[target.platform] || format.arch !== target.arch) {
      throw wrong(
        `${what} is ${format === undefined ? "of no known format" : `${format.container} for ${format.arch}`}`,
      );
    }
  }
  if (target.platform === "linux") {
    const loader = target.libc === "musl" ? "/lib/ld-musl-" : "/ld-linux-";
    if (!executable.subarray(0, 4096).includes(loader))
      throw wrong(`it does not ask for the loader ${loader}…`);
  }
  const at = executable.indexOf(module);
  if (at === -1) throw wrong(`${target.binding} is not embedded`);
  if (executable.indexOf(module, at + 1) !== -1) throw wrong(`${target.binding} is embedded twice`);
  const foreign = embeddedModules(executable).filter(
    (triple) => !target.binding.endsWith(`keyring-${triple}`),
  );
  if (foreign.length > 0) throw wrong(`the keyring modules of ${foreign.join(", ")} are embedded as well`);
}

/** The platforms of the keyring modules in an executable: Bun adds a hash of eight characters to their names. */
function embeddedModules(executable: Buffer): string[] {
  const names = executable
    .toString("latin1")
    .matchAll(/keyring\.([a-z0-9]+(?:-[a-z0-9]+)+)-[a-z0-9]{8}\.node/g);
  return [...new Set([...names].map(([, triple = ""]) => triple))];
}
