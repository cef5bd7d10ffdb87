import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "./run.ts";

/** Holds the whole text of a minisign secret key file without a password (`minisign -G -W`). */
export const SIGNING_KEY = "MINISIGN_SECRET_KEY";

/** A signature beside a file, and what checks it. */
export interface Signature {
  readonly bytes: Buffer;
  /** One line of base64, as `minisign -P` takes it. */
  readonly publicKey: string;
}

/**
 * Signs a file with minisign and checks the result.
 *
 * @param comment what the signature vouches for besides the bytes; it replaces the time, so that signing twice gives
 *   the same bytes
 * @returns nothing when the environment holds no key
 * @throws Error when minisign is missing or refuses the key
 */
export function sign(
  bytes: Buffer,
  comment: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Signature | undefined {
  const key = environment[SIGNING_KEY];
  if (key === undefined || key === "") return undefined;
  if (Bun.which("minisign") === null) throw new Error(`${SIGNING_KEY} is set, but minisign is not installed`);
  const folder = mkdtempSync(join(tmpdir(), "auth0-mcp-signing-"));
  const file = (name: string) => join(folder, name);
  try {
    writeFileSync(file("key"), key.endsWith("\n") ? key : `${key}\n`, { mode: 0o600 });
    writeFileSync(file("data"), bytes);
    finished(["minisign", "-R", "-s", file("key"), "-p", file("public")]);
    finished(["minisign", "-S", "-s", file("key"), "-m", file("data"), "-c", comment, "-t", comment]);
    const publicKey = readFileSync(file("public"), "utf8").trim().split("\n").at(-1) ?? "";
    finished(["minisign", "-V", "-P", publicKey, "-m", file("data")]);
    return { bytes: readFileSync(file("data.minisig")), publicKey };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
