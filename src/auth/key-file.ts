import { open, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { unlessAborted } from "../lib/cancellation.ts";
import { AppError, usageError } from "../lib/errors.ts";
import { systemReason } from "../lib/system-error.ts";
import { type ClientKey, parseClientKey } from "./private-key-jwt.ts";

/** A private key, and where it can be read again. */
export interface ReadKey {
  readonly key: ClientKey;
  /** Absolute path; `undefined` for what can be read once only, as a pipe can. */
  readonly file: string | undefined;
}

/** How long a key may be, in bytes: many times what one of 16,384 bits takes. */
const LARGEST = 64 * 1024;

/**
 * Reads the private key of an application.
 *
 * @param source the flag or variable that names the file, for the error
 * @throws AppError exit 2 when it cannot be read, is too long, or holds no key that can be used; exit 130 as soon as the
 * signal aborts: nobody may ever write to a pipe
 */
export async function readClientKey(file: string, source: string, signal: AbortSignal): Promise<ReadKey> {
  try {
    const found = await stat(file);
    const content = await unlessAborted(signal, () => beginningOf(file));
    if (content.length > LARGEST) {
      throw usageError(
        `${source}: ${file} holds more than ${LARGEST / 1024} KiB, so it is no private key.`,
        "Name a PEM file that holds the key alone.",
      );
    }
    const pem = content.toString("utf8");
    return { key: parseClientKey(pem, file), file: found.isFile() ? resolve(file) : undefined };
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw usageError(
      `${source}: ${file} cannot be read: ${systemReason(cause)}.`,
      "Name a PEM file that you may read.",
      cause,
    );
  }
}

/** What a file holds, up to one byte more than a key may have. */
async function beginningOf(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    const content = Buffer.alloc(LARGEST + 1);
    let length = 0;
    while (length < content.length) {
      const { bytesRead } = await handle.read(content, length, content.length - length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return content.subarray(0, length);
  } finally {
    await handle.close();
  }
}
