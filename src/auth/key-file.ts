import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { AppError, usageError } from "../lib/errors.ts";
import { systemReason } from "../lib/system-error.ts";
import { type ClientKey, parseClientKey } from "./private-key-jwt.ts";

/** A private key, and where it can be read again. */
export interface ReadKey {
  readonly key: ClientKey;
  /** Absolute path; `undefined` for what can be read once only, as a pipe can. */
  readonly file: string | undefined;
}

/**
 * Reads the private key of an application.
 *
 * @param source the flag or variable that names the file, for the error
 * @throws AppError (exit 2) when it cannot be read or holds no key that can be used
 */
export async function readClientKey(file: string, source: string): Promise<ReadKey> {
  try {
    const ordinary = (await stat(file)).isFile();
    const pem = await readFile(file, "utf8");
    return { key: parseClientKey(pem, file), file: ordinary ? resolve(file) : undefined };
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw usageError(
      `${source}: ${file} cannot be read: ${systemReason(cause)}.`,
      "Name a PEM file that you may read.",
    );
  }
}
