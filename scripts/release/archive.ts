import { promisify } from "node:util";
import { crc32, deflateRaw, gzip } from "node:zlib";

/** A file of an archive. */
export interface Entry {
  readonly name: string;
  readonly bytes: Buffer;
  readonly executable: boolean;
}

const BLOCK = 512;

/**
 * A `.tar.gz` (ustar) that is the same bytes for the same entries: owner and group are 0, every file has one time.
 *
 * @param epoch seconds since 1970
 * @param level how hard to compress, 1 to 9
 */
export async function tarGz(entries: readonly Entry[], epoch: number, level = 9): Promise<Buffer> {
  const blocks: Buffer[] = [];
  for (const { name, bytes, executable } of entries) {
    const padding = (BLOCK - (bytes.length % BLOCK)) % BLOCK;
    blocks.push(
      tarHeader(name, bytes.length, executable ? 0o755 : 0o644, epoch),
      bytes,
      Buffer.alloc(padding),
    );
  }
  blocks.push(Buffer.alloc(2 * BLOCK));
  const packed = await promisify(gzip)(Buffer.concat(blocks), { level });
  // The byte that names the system it was packed on: 255 is "unknown".
  packed[9] = 255;
  return packed;
}

function tarHeader(name: string, size: number, mode: number, epoch: number): Buffer {
  if (Buffer.byteLength(name) > 100) throw new Error(`the name ${name} is too long for an archive`);
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, length: number) =>
    header.write(`${value.toString(8).padStart(length - 1, "0")}\0`, at, "latin1");
  header.write(name, 0, "utf8");
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(epoch, 136, 12);
  header.write("        0", 148, "latin1");
  header.write("ustar\x0000root", 257, "latin1");
  header.write("root", 297, "latin1");
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return header;
}

/**
 * A `.zip` that is the same bytes for the same entries.
 *
 * @param epoch seconds since 1970; kept in UTC, to two seconds
 */
export async function zip(entries: readonly Entry[], epoch: number): Promise<Buffer> {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes, executable } of entries) {
    const packed = await promisify(deflateRaw)(bytes, { level: 9 });
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    // Names are UTF-8; the method is deflate.
    common.writeUInt16LE(0x0800, 2);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(dosTime(epoch), 6);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const file = Buffer.concat([Buffer.from("PK\x03\x04"), common, Buffer.from(name), packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(((executable ? 0o100755 : 0o100644) << 16) >>> 0, 6);
    rest.writeUInt32LE(offset, 10);
    // The `3` says that the mode of a file is one of Unix.
    directory.push(Buffer.from("PK\x01\x02\x14\x03", "latin1"), common, rest, Buffer.from(name));
    files.push(file);
    offset += file.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(listed.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...files, listed, Buffer.from("PK\x05\x06"), end]);
}

/** MS-DOS date and time, the date in the upper half. */
function dosTime(epoch: number): number {
  const date = new Date(epoch * 1000);
  const time = (date.getUTCHours() << 11) | (date.getUTCMinutes() << 5) | (date.getUTCSeconds() >> 1);
  const day = ((date.getUTCFullYear() - 1980) << 9) | ((date.getUTCMonth() + 1) << 5) | date.getUTCDate();
  return ((day << 16) | time) >>> 0;
}
