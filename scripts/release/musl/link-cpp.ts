import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { needPrograms } from "../../support/packages.ts";
import { finished } from "../run.ts";
import type { Target } from "../targets.ts";
import { ElfProgram, type Relocation } from "./elf.ts";

const LIBRARY = "libstdc++.so.6";
/** GCC for a processor, and the Debian package that brings it with its static C++ library. */
const COMPILERS = {
  x64: { prefix: "x86_64-linux-gnu-", package: "g++", flags: [] },
  arm64: {
    prefix: "aarch64-linux-gnu-",
    package: "g++-aarch64-linux-gnu",
    flags: ["-mno-outline-atomics"],
  },
} as const;
/** What a program needs only to throw or to catch exceptions. Bun's runtime does neither, and it is not linked in. */
const EXCEPTIONS = /^(__cxa_(throw|rethrow|begin_catch|end_catch|allocate_exception)|__gxx_|_Unwind_)/;
type Compiler = (typeof COMPILERS)[keyof typeof COMPILERS];
/** What every thread has for itself: two addresses, in this order. */
const THREAD_VARIABLES = ["_ZSt11__once_call", "_ZSt15__once_callable"];

/**
 * Links an executable for musl with what it needs of the C++ library. Bun's runtime for musl leaves that library to the
 * system, and a fresh Alpine has none; the need is some 10 kB of GCC's own static library. The result needs nothing but
 * the C library.
 *
 * @returns the executable as it is when it does not need that library
 * @throws Error when the compiler is missing, or when the executable needs what cannot be linked in
 */
export function linkCpp({ name, arch }: Target, executable: Buffer): Buffer {
  const program = new ElfProgram(executable);
  if (!program.libraries.includes(LIBRARY)) return executable;
  const compiler = COMPILERS[arch];
  const gcc = `${compiler.prefix}gcc`;
  if (!needPrograms(`the C++ library in ${name}`, [gcc], [compiler.package])) {
    throw new Error(`${name} is linked by ${gcc}, which is missing (Debian: ${compiler.package})`);
  }
  const folder = mkdtempSync(join(tmpdir(), "auth0-mcp-cpp-"));
  try {
    const archive = finished([gcc, "-print-file-name=libstdc++.a"]).trim();
    const provided = symbols(compiler, archive);
    const imports = program.relocations.filter(({ foreign, weak }) => foreign && !weak);
    const wanted = imports.filter(({ symbol }) => provided.has(symbol));
    const others = imports.filter((each) => !wanted.includes(each));
    const throwing = imports.find(({ symbol }) => EXCEPTIONS.test(symbol));
    if (throwing !== undefined) throw new Error(`${name} needs ${throwing.symbol}: it throws exceptions`);
    const unknown = others.find(({ symbol }) => /^_Z|^__dynamic_/.test(symbol));
    if (unknown !== undefined) throw new Error(`${name} needs ${unknown.symbol}, which ${archive} has not`);

    const part = new LibraryPart(compiler, folder, program.codeAddress, program.addThreadStorage());
    part.link(wanted, others);
    for (const relocation of wanted) part.settle(program, relocation);
    program.dropLibrary(LIBRARY);
    return program.withCode(part.code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The wanted part of the library, at the place in memory where the program will have it. */
class LibraryPart {
  code: Buffer = Buffer.alloc(0);
  #addresses: ReadonlyMap<string, number> = new Map();
  readonly #compiler: Compiler;
  readonly #folder: string;
  readonly #start: number;
  readonly #threadStorage: number;

  /**
   * @param start the address of its first byte
   * @param threadStorage the distance of its variables from the thread pointer
   */
  constructor(compiler: Compiler, folder: string, start: number, threadStorage: number) {
    this.#compiler = compiler;
    this.#folder = folder;
    this.#start = start;
    this.#threadStorage = threadStorage;
  }

  /** Links what is wanted, against the places where the loader puts the addresses of the C library's functions. */
  link(wanted: readonly Relocation[], others: readonly Relocation[]): void {
    const at = (file: string) => join(this.#folder, file);
    const [script, list, linked, image] = [at("script"), at("arguments"), at("linked"), at("image")] as const;
    writeFileSync(
      script,
      `SECTIONS {
        . = ${this.#start};
        .image : { *(.text .text.*) *(.rodata .rodata.*) *(.data.rel.ro .data.rel.ro.*) *(.got .got.plt) }
        .state : { *(.data .data.* .bss .bss.* .tdata .tdata.* .tbss .tbss.* .init_array .init_array.* .ctors) }
        ASSERT(SIZEOF(.state) == 0, "it would need memory that can be written to")
        /DISCARD/ : { *(.comment .note .note.* .eh_frame .gcc_except_table .gcc_except_table.*) }
      }`,
    );
    const names = wanted.filter(({ kind }) => kind !== "thread").map(({ symbol }) => symbol);
    const slots = others.filter(({ kind }) => kind === "function");
    const linker = [
      ...["-e", "0", "-T", script, "--gc-sections", "--build-id=none", "--no-warn-rwx-segments"],
      ...names.flatMap((name) => ["-u", name]),
      ...slots.map(({ symbol, address }) => `--defsym=slot_${symbol}=${address}`),
    ];
    writeFileSync(list, linker.map((argument) => `-Wl,${argument}`).join("\n"));
    const { prefix, flags } = this.#compiler;
    finished([
      ...[`${prefix}gcc`, "-O2", "-fno-builtin", "-fno-pic", "-no-pie", "-static", "-nostdlib", ...flags],
      ...[`-DONCE_CALL=${this.#threadStorage}`, join(import.meta.dir, "standalone.c")],
      ...[`@${list}`, "-lstdc++", "-o", linked],
    ]);
    finished([`${prefix}objcopy`, "-O", "binary", "-j", ".image", linked, image]);
    this.code = readFileSync(image);
    this.#addresses = symbols(this.#compiler, linked);
  }

  /** Gives the program what the loader would have looked for in the library. */
  settle(program: ElfProgram, relocation: Relocation): void {
    const { kind, symbol, addend, address, size } = relocation;
    const variable = THREAD_VARIABLES.indexOf(symbol);
    if ((kind === "thread") !== (variable !== -1)) throw new Error(`${symbol} is used in an unknown way`);
    if (kind === "thread") program.settle(relocation, this.#threadStorage + 8 * variable);
    else if (kind === "copy") {
      const at = this.#addressOf(symbol) - this.#start;
      const table = this.code.subarray(at, at + size);
      program.write(address, table);
      program.settle(relocation, Number(table.readBigInt64LE(0)));
    } else program.settle(relocation, this.#addressOf(symbol) + addend);
  }

  #addressOf(symbol: string): number {
    const address = this.#addresses.get(symbol);
    if (address === undefined) throw new Error(`${symbol} was not linked`);
    return address;
  }
}

/** The addresses of the symbols in an object file or an archive of them. */
function symbols({ prefix }: Compiler, file: string): ReadonlyMap<string, number> {
  const lines = finished([`${prefix}nm`, "--extern-only", "--defined-only", file]).matchAll(
    /^([0-9a-f]+) \w (\S+)$/gm,
  );
  return new Map([...lines].map(([, address = "", name = ""]) => [name, Number.parseInt(address, 16)]));
}
