import { createHash } from "node:crypto";
import { refused } from "./refused.ts";

/**
 * The SHA-256 of a file in hexadecimal, from the lines that `sha256sum` writes.
 *
 * @throws AppError `download_refused` (exit 1) when the file is not listed, or is listed with several sums
 */
export function listedSum(sums: string, name: string): string {
  const found = new Set<string>();
  for (const line of sums.split(/\r?\n/)) {
    const [, sum = "", file] = /^([0-9a-f]{64}) [ *](.+)$/i.exec(line) ?? [];
    if (file === name) found.add(sum.toLowerCase());
  }
  const [sum, another] = found;
  if (sum === undefined) throw refused(`SHA256SUMS does not list ${name}.`);
  if (another !== undefined) throw refused(`SHA256SUMS lists ${name} with several sums.`);
  return sum;
}

/** @throws AppError `download_refused` (exit 1) when the bytes have another SHA-256 than the one that is expected */
export function checkSum(name: string, bytes: Uint8Array, expected: string): void {
  const actual = createHash("sha256").update(bytes).digest("hex");
  if (actual !== expected)
    throw refused(`${name} is not what SHA256SUMS says (${actual} instead of ${expected}).`);
}
