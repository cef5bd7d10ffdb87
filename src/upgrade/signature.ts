import { createHash, createPublicKey, verify } from "node:crypto";
import { refused } from "./refused.ts";

/** Lengths in bytes: the name of an algorithm, the id of a key, an Ed25519 key, an Ed25519 signature. */
const ALGORITHM = 2;
const KEY_ID = 8;
const KEY = 32;
const SIGNATURE = 64;

const COMMENT = "trusted comment: ";

/**
 * Checks a detached signature in minisign's format: four lines, of which the second holds algorithm, key id and an
 * Ed25519 signature (RFC 8032) of the message or, for the algorithm `ED`, of its BLAKE2b-512; the fourth signs that
 * signature together with the trusted comment of the third.
 *
 * @param publicKey as `minisign -P` takes it
 * @returns the trusted comment
 * @throws AppError `download_refused` (exit 1) when the signature is not by this key, or not of this message
 */
export function checkSignature(publicKey: string, message: Uint8Array, signature: string): string {
  const own = readKey(publicKey);
  const [, signed = "", third = "", global = "", ...rest] = signature.split(/\r?\n/);
  const bytes = decoded(signed, ALGORITHM + KEY_ID + SIGNATURE);
  const globalBytes = decoded(global, SIGNATURE);
  const ended = rest.every((line) => line === "");
  if (bytes === undefined || globalBytes === undefined || !third.startsWith(COMMENT) || !ended)
    throw refused("The signature of SHA256SUMS is not in minisign's format.");

  const algorithm = bytes.toString("latin1", 0, ALGORITHM);
  const id = bytes.subarray(ALGORITHM, ALGORITHM + KEY_ID);
  const value = bytes.subarray(ALGORITHM + KEY_ID);
  const comment = third.slice(COMMENT.length);
  if (algorithm !== "Ed" && algorithm !== "ED")
    throw refused("The signature of SHA256SUMS is of an algorithm that is not known here.");
  if (!id.equals(own.id)) throw refused("SHA256SUMS is signed by another key than this build trusts.");
  const content = algorithm === "ED" ? createHash("blake2b512").update(message).digest() : message;
  if (!verify(null, content, own.key, value)) throw refused("The signature of SHA256SUMS is wrong.");
  if (!verify(null, Buffer.concat([value, Buffer.from(comment)]), own.key, globalBytes))
    throw refused("The signed comment of SHA256SUMS is wrong.");
  return comment;
}

/** @throws TypeError when the build was given something that is no key */
function readKey(text: string) {
  const bytes = decoded(text, ALGORITHM + KEY_ID + KEY);
  if (bytes?.toString("latin1", 0, ALGORITHM) !== "Ed") throw new TypeError("the build's key is none");
  const x = bytes.subarray(ALGORITHM + KEY_ID).toString("base64url");
  const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  return { id: bytes.subarray(ALGORITHM, ALGORITHM + KEY_ID), key };
}

/** The bytes of a base64 text, when it is one and there are so many. */
function decoded(text: string, length: number): Buffer | undefined {
  const bytes = Buffer.from(text, "base64");
  return bytes.length === length && bytes.toString("base64") === text ? bytes : undefined;
}
