import { describe, expect, test } from "bun:test";
import { formatOf, verifyExecutable } from "../../scripts/release/binary.ts";
import { targetNamed } from "../../scripts/release/targets.ts";

/** The beginning of a 64-bit ELF file, and a text behind it. */
function elf(machine: number, text: string): Buffer {
  const header = Buffer.alloc(64);
  header.write("\x7fELF\x02\x01", "latin1");
  header.writeUInt16LE(machine, 18);
  return Buffer.concat([header, Buffer.from(text)]);
}

function machO(cpu: number): Buffer {
  const header = Buffer.alloc(64);
  header.writeUInt32LE(0xfeedfacf, 0);
  header.writeUInt32LE(cpu, 4);
  return header;
}

function pe(machine: number): Buffer {
  const bytes = Buffer.alloc(0x90);
  bytes.write("MZ", "latin1");
  bytes.writeUInt32LE(0x80, 0x3c);
  bytes.write("PE\0\0", 0x80, "latin1");
  bytes.writeUInt16LE(machine, 0x84);
  return bytes;
}

describe("the format of a program", () => {
  test.each([
    [elf(0x3e, ""), { container: "ELF", arch: "x64" }],
    [elf(0xb7, ""), { container: "ELF", arch: "arm64" }],
    [machO(0x01000007), { container: "Mach-O", arch: "x64" }],
    [machO(0x0100000c), { container: "Mach-O", arch: "arm64" }],
    [pe(0x8664), { container: "PE", arch: "x64" }],
    [pe(0xaa64), { container: "PE", arch: "arm64" }],
    [elf(0x28, ""), undefined],
    [Buffer.from("#!/bin/sh\n".padEnd(100)), undefined],
    [pe(0x8664).subarray(0, 0x84), undefined],
    [Buffer.alloc(0), undefined],
  ] as const)("%#", (bytes, format) => {
    expect(formatOf(bytes)).toEqual(format);
  });
});

describe("a built executable", () => {
  const target = targetNamed("linux-x64");
  const module = elf(0x3e, "the module");
  const loader = "/lib64/ld-linux-x86-64.so.2 ";
  const built = (machine: number, ...parts: (string | Buffer)[]) =>
    Buffer.concat([elf(machine, ""), ...parts.map((part) => Buffer.from(part))]);
  const own = "keyring.linux-x64-gnu-0a1b2c3d.node ";

  test("passes when it holds its own module once", () => {
    verifyExecutable(target, built(0x3e, loader, own, module, "keyring.linux-x64-musl.node"), module);
  });

  test.each([
    ["another processor", built(0xb7, loader, own, module), module, "is ELF for arm64"],
    ["another system", machO(0x01000007), module, "is Mach-O for x64"],
    ["another C library", built(0x3e, "/lib/ld-musl-x86_64.so.1", own, module), module, "loader"],
    ["no module", built(0x3e, loader, own), module, "is not embedded"],
    [
      "a module of another processor",
      built(0x3e, loader, own),
      elf(0xb7, "m"),
      "keyring module is ELF for arm64",
    ],
    ["the module twice", built(0x3e, loader, own, module, module), module, "embedded twice"],
    [
      "another module as well",
      built(0x3e, loader, own, module, "keyring.linux-x64-musl-0a1b2c3d.node"),
      module,
      "linux-x64-musl are embedded as well",
    ],
  ])("is refused for %s", (_, executable, embedded, message) => {
    expect(() => verifyExecutable(target, executable, embedded)).toThrow(message);
  });
});
