import { expect, test } from "bun:test";
import { signAdHoc, verifySignature } from "../../scripts/release/mach-o-signature.ts";

const CODE = 3 * 4096 + 100;

/** A program with a text segment, a last segment that begins at `LINKED`, and a signature of another program. */
function program(): Buffer {
  const bytes = Buffer.alloc(CODE + 1000, 7);
  bytes.fill(0, 0, 400);
  bytes.writeUInt32LE(0xfeedfacf, 0);
  bytes.writeUInt32LE(3, 16);
  const segment = (at: number, name: string, offset: number, size: number) => {
    bytes.writeUInt32LE(0x19, at);
    bytes.writeUInt32LE(72, at + 4);
    bytes.write(name, at + 8);
    bytes.writeBigUInt64LE(BigInt(offset), at + 40);
    bytes.writeBigUInt64LE(BigInt(size), at + 48);
  };
  segment(32, "__TEXT", 0, 8192);
  segment(104, "__LINKEDIT", 8192, bytes.length - 8192);
  bytes.writeUInt32LE(0x1d, 176);
  bytes.writeUInt32LE(16, 180);
  bytes.writeUInt32LE(CODE, 184);
  bytes.writeUInt32LE(1000, 188);
  return bytes;
}

test("a signed program passes, and signing it again changes nothing", () => {
  expect(() => verifySignature(program())).toThrow();
  const signed = signAdHoc(program(), "auth0-mcp");
  verifySignature(signed);
  expect(signAdHoc(signed, "auth0-mcp").equals(signed)).toBe(true);
  expect(signed.subarray(400, CODE).equals(program().subarray(400, CODE))).toBe(true);
});

test.each([
  ["the first page", 500],
  ["the last page", CODE - 1],
  ["the signature", CODE + 200],
])("a changed byte in %s is seen", (_, at) => {
  const signed = signAdHoc(program(), "auth0-mcp");
  signed.writeUInt8(signed.readUInt8(at) ^ 1, at);
  expect(() => verifySignature(signed)).toThrow();
});

test("bytes behind the signature are seen", () => {
  const signed = signAdHoc(program(), "auth0-mcp");
  expect(() => verifySignature(Buffer.concat([signed, Buffer.alloc(1)]))).toThrow("behind the signature");
});
