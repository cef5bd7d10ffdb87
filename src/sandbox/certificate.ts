import { type KeyObject, randomBytes, sign } from "node:crypto";

// The few ASN.1 tags an X.509 certificate is made of.
const SEQUENCE = 0x30;
const SET = 0x31;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const NULL = 0x05;
const OBJECT_ID = 0x06;
const UTF8_STRING = 0x0c;
const UTC_TIME = 0x17;
const CONTEXT_0 = 0xa0;

const sha256WithRsa = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b];
const commonName = [0x55, 0x04, 0x03];
const pkcs7Data = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01];
const pkcs7SignedData = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];

const tenYears = 10 * 365 * 24 * 60 * 60 * 1000;

/** A certificate for the key pair, signed by itself, as PEM and wrapped in PKCS#7. `now`: milliseconds. */
export function selfSignedCertificate(
  name: string,
  keys: { readonly publicKey: KeyObject; readonly privateKey: KeyObject },
  now: number,
): { readonly pem: string; readonly pkcs7: string } {
  const algorithm = node(SEQUENCE, node(OBJECT_ID, sha256WithRsa), node(NULL));
  const subject = node(
    SEQUENCE,
    node(SET, node(SEQUENCE, node(OBJECT_ID, commonName), node(UTF8_STRING, Buffer.from(name)))),
  );
  const content = node(
    SEQUENCE,
    node(CONTEXT_0, node(INTEGER, [2])),
    node(INTEGER, [1, ...randomBytes(8)]),
    algorithm,
    subject,
    node(SEQUENCE, utcTime(now), utcTime(now + tenYears)),
    subject,
    keys.publicKey.export({ type: "spki", format: "der" }),
  );
  const signature = sign("sha256", content, keys.privateKey);
  const certificate = node(SEQUENCE, content, algorithm, node(BIT_STRING, [0], signature));
  return { pem: toPem("CERTIFICATE", certificate), pkcs7: toPem("PKCS7", wrapped(certificate)) };
}

/** PKCS#7 signed data without content and signers: just a container of certificates. */
function wrapped(certificate: Buffer): Buffer {
  const data = node(SEQUENCE, node(OBJECT_ID, pkcs7Data));
  const signedData = node(
    SEQUENCE,
    node(INTEGER, [1]),
    node(SET),
    data,
    node(CONTEXT_0, certificate),
    node(SET),
  );
  return node(SEQUENCE, node(OBJECT_ID, pkcs7SignedData), node(CONTEXT_0, signedData));
}

function node(tag: number, ...parts: readonly (Uint8Array | readonly number[])[]): Buffer {
  const content = Buffer.concat(parts.map((part) => Uint8Array.from(part)));
  return Buffer.concat([Uint8Array.of(tag, ...lengthBytes(content.length)), content]);
}

function lengthBytes(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [0x80 + bytes.length, ...bytes];
}

function utcTime(milliseconds: number): Buffer {
  const digits = new Date(milliseconds).toISOString().replace(/\D/g, "").slice(2, 14);
  return node(UTC_TIME, Buffer.from(`${digits}Z`));
}

function toPem(label: string, der: Buffer): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\r\n");
}
