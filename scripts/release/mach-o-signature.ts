import { createHash } from "node:crypto";

const SEGMENT = 0x19;
const CODE_SIGNATURE = 0x1d;
const EMBEDDED_SIGNATURE = 0xfade0cc0;
const CODE_DIRECTORY = 0xfade0c02;
const SHA256 = 2;
const PAGE = 4096;
const DIGEST = 32;
/** Length of a code directory of version 2.4 before its name. */
const DIRECTORY_HEADER = 88;
/** Length of a signature with one part, before that part. */
const SIGNATURE_HEADER = 20;
/** The flags `adhoc` and `linker-signed`: what a linker puts on every program. */
const AD_HOC = 0x20002;
const MAIN_PROGRAM = 1n;

/**
 * Signs a macOS program for nobody in particular, in the place of the signature it has. Bun leaves the signature of
 * its own runtime on programs for x64, which no longer fits, so that macOS may end them at once.
 *
 * @param name what the signature calls the program
 * @throws Error when the program has no room for a signature
 */
export function signAdHoc(program: Buffer, name: string): Buffer {
  const { command, offset } = signatureCommand(program);
  const linkEdit = segment(program, "__LINKEDIT");
  const text = segment(program, "__TEXT");
  const pages = Math.ceil(offset / PAGE);
  const hashes = DIRECTORY_HEADER + Buffer.byteLength(name) + 1;
  const size = SIGNATURE_HEADER + hashes + pages * DIGEST;
  const signed = Buffer.concat([program.subarray(0, offset), Buffer.alloc(size)]);

  signed.writeUInt32LE(size, command + 12);
  const linked = offset + size - Number(signed.readBigUInt64LE(linkEdit + 40));
  signed.writeBigUInt64LE(BigInt(Math.ceil(linked / PAGE) * PAGE), linkEdit + 32);
  signed.writeBigUInt64LE(BigInt(linked), linkEdit + 48);

  const signature = signed.subarray(offset);
  for (const [index, value] of [EMBEDDED_SIGNATURE, size, 1, 0, SIGNATURE_HEADER].entries()) {
    signature.writeUInt32BE(value, index * 4);
  }
  const directory = signature.subarray(SIGNATURE_HEADER);
  const fields = [
    CODE_DIRECTORY,
    directory.length,
    0x20400,
    AD_HOC,
    hashes,
    DIRECTORY_HEADER,
    0,
    pages,
    offset,
  ];
  for (const [index, value] of fields.entries()) directory.writeUInt32BE(value, index * 4);
  directory.set([DIGEST, SHA256, 0, Math.log2(PAGE)], 36);
  directory.writeBigUInt64BE(signed.readBigUInt64LE(text + 40), 64);
  directory.writeBigUInt64BE(signed.readBigUInt64LE(text + 48), 72);
  directory.writeBigUInt64BE(MAIN_PROGRAM, 80);
  directory.write(name, DIRECTORY_HEADER);
  for (let page = 0; page < pages; page++) {
    directory.set(digestOf(signed, page, PAGE, offset), hashes + page * DIGEST);
  }
  return signed;
}

/**
 * Checks that the signature of a macOS program covers all of it and fits every page. Who signed it is not looked at.
 *
 * @throws Error that says what is wrong with it
 */
export function verifySignature(program: Buffer): void {
  const { offset, size } = signatureCommand(program);
  if (offset + size !== program.length) throw new Error("there is something behind the signature");
  const linkEdit = segment(program, "__LINKEDIT");
  const end = program.readBigUInt64LE(linkEdit + 40) + program.readBigUInt64LE(linkEdit + 48);
  if (end !== BigInt(program.length)) throw new Error("the last segment does not end where the program does");
  const directory = codeDirectory(program.subarray(offset));
  const pageSize = 2 ** directory.readUInt8(39);
  const [hashes, pages, limit] = [16, 28, 32].map((at) => directory.readUInt32BE(at));
  if (
    hashes === undefined ||
    pages === undefined ||
    limit !== offset ||
    pages !== Math.ceil(offset / pageSize)
  ) {
    throw new Error("the signature does not cover the whole program");
  }
  if (directory.readUInt8(36) !== DIGEST || directory.readUInt8(37) !== SHA256) {
    throw new Error("the signature uses another digest than SHA-256");
  }
  for (let page = 0; page < pages; page++) {
    const told = directory.subarray(hashes + page * DIGEST, hashes + (page + 1) * DIGEST);
    if (!digestOf(program, page, pageSize, offset).equals(told)) {
      throw new Error(`page ${page} of ${pages} is not what the signature says`);
    }
  }
}

/** The last page is not filled up. */
function digestOf(program: Buffer, page: number, pageSize: number, end: number): Buffer {
  const bytes = program.subarray(page * pageSize, Math.min((page + 1) * pageSize, end));
  return createHash("sha256").update(bytes).digest();
}

function codeDirectory(signature: Buffer): Buffer {
  if (signature.readUInt32BE(0) !== EMBEDDED_SIGNATURE) throw new Error("the signature cannot be read");
  for (let index = 0; index < signature.readUInt32BE(8); index++) {
    const at = signature.readUInt32BE(16 + index * 8);
    if (signature.readUInt32BE(at) === CODE_DIRECTORY) return signature.subarray(at);
  }
  throw new Error("the signature holds no code directory");
}

function signatureCommand(program: Buffer): { command: number; offset: number; size: number } {
  const command = loadCommand(program, (at) => program.readUInt32LE(at) === CODE_SIGNATURE);
  if (command === undefined) throw new Error("the program has no signature");
  return { command, offset: program.readUInt32LE(command + 8), size: program.readUInt32LE(command + 12) };
}

/** Where the load command of a segment begins. */
function segment(program: Buffer, name: string): number {
  const padded = name.padEnd(16, "\0");
  const command = loadCommand(
    program,
    (at) => program.readUInt32LE(at) === SEGMENT && program.toString("latin1", at + 8, at + 24) === padded,
  );
  if (command === undefined) throw new Error(`the program has no segment ${name}`);
  return command;
}

function loadCommand(program: Buffer, matches: (at: number) => boolean): number | undefined {
  let at = 32;
  for (let left = program.readUInt32LE(16); left > 0; left--) {
    if (matches(at)) return at;
    at += program.readUInt32LE(at + 4);
  }
  return undefined;
}
