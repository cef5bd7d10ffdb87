import { promisify } from "node:util";
import { crc32, inflateRaw } from "node:zlib";

/** What the records begin with, and how long they are without names and extras (APPNOTE.TXT 4.3). */
const END = "PK\x05\x06";
const ENTRY = { signature: "PK\x01\x02", length: 46 };
const FILE = { signature: "PK\x03\x04", length: 30 };

const STORED = 0;
const DEFLATED = 8;

/**
 * Reads one file of a zip archive, checking its size and CRC. Archives over 4 GB and encrypted files are not read.
 *
 * @returns `undefined` when there is no such file
 * @throws Error or RangeError when the archive is damaged
 */
export async function readZipFile(archive: Buffer, name: string): Promise<Buffer | undefined> {
  const end = archive.lastIndexOf(Buffer.from(END, "latin1"));
  if (end === -1) throw new Error("it has no directory");
  const count = archive.readUInt16LE(end + 10);
  let at = archive.readUInt32LE(end + 16);
  for (let index = 0; index < count; index++) {
    expectRecord(archive, at, ENTRY.signature);
    const nameLength = archive.readUInt16LE(at + 28);
    const own = archive.toString("utf8", at + ENTRY.length, at + ENTRY.length + nameLength);
    if (own === name) return readEntry(archive, at);
    at += ENTRY.length + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return undefined;
}

/** @param at where its record in the directory begins: that of the file itself may leave sizes out */
async function readEntry(archive: Buffer, at: number): Promise<Buffer> {
  const encrypted = (archive.readUInt16LE(at + 8) & 1) === 1;
  const method = archive.readUInt16LE(at + 10);
  const crc = archive.readUInt32LE(at + 16);
  const packedSize = archive.readUInt32LE(at + 20);
  const size = archive.readUInt32LE(at + 24);
  const file = archive.readUInt32LE(at + 42);
  if (encrypted || (method !== STORED && method !== DEFLATED)) throw new Error("it cannot be read here");
  expectRecord(archive, file, FILE.signature);
  const start = file + FILE.length + archive.readUInt16LE(file + 26) + archive.readUInt16LE(file + 28);
  const packed = archive.subarray(start, start + packedSize);
  const bytes =
    method === STORED ? packed : await promisify(inflateRaw)(packed, { maxOutputLength: Math.max(size, 1) });
  if (bytes.length !== size || crc32(bytes) !== crc) throw new Error("a file in it is damaged");
  return bytes;
}

function expectRecord(archive: Buffer, at: number, signature: string): void {
  if (archive.toString("latin1", at, at + signature.length) !== signature)
    throw new Error("its directory is damaged");
}
