import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "./run.ts";

/** Holds the whole text of a minisign secret key file without a password (`minisign -G -W`). */
export const SIGNING_KEY = "MINISIGN_SECRET_KEY";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The public half of the key in the environment, as `minisign -P` takes it; nothing when there is none.
 *
 * @throws Error when minisign is missing or refuses the key
 */
export function publicKeyOf(environment: Environment = process.env): string | undefined {
  return withKey(environment, (key, file) => {
    finished(["minisign", "-R", "-s", key, "-p", file("public")]);
    return readFileSync(file("public"), "utf8").trim().split("\n").at(-1);
  });
}

/**
 * A minisign signature, checked; nothing when the environment holds no key.
 *
 * @param comment what the signature vouches for besides the bytes. It stands where minisign would put the time, so that
 *   signing twice gives the same bytes
 * @throws Error when minisign is missing or refuses the key
 */
export function sign(
  bytes: Buffer,
  comment: string,
  environment: Environment = process.env,
): Buffer | undefined {
  const publicKey = publicKeyOf(environment);
  return withKey(environment, (key, file) => {
    writeFileSync(file("data"), bytes);
    finished(["minisign", "-S", "-s", key, "-m", file("data"), "-c", comment, "-t", comment]);
    finished(["minisign", "-V", "-P", publicKey ?? "", "-m", file("data")]);
    return readFileSync(file("data.minisig"));
  });
}

/** The key is a file only while it is used, in a folder that nobody else can read. */
function withKey<Result>(
  environment: Environment,
  use: (key: string, file: (name: string) => string) => Result,
): Result | undefined {
  const text = environment[SIGNING_KEY];
  if (text === undefined || text === "") return undefined;
  if (Bun.which("minisign") === null) throw new Error(`${SIGNING_KEY} is set, but minisign is not installed`);
  const folder = mkdtempSync(join(tmpdir(), "auth0-mcp-signing-"));
  const file = (name: string) => join(folder, name);
  try {
    writeFileSync(file("key"), text.endsWith("\n") ? text : `${text}\n`, { mode: 0o600 });
    return use(file("key"), file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
