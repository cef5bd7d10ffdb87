import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { checkWritable, readPrivateFile, removeStaged, writePrivateFile } from "../../lib/private-file.ts";
import { errorCode, systemReason } from "../../lib/system-error.ts";
import { type SecretStore, storeError } from "./secret-store.ts";

/** The folder in which sessions are kept as files. */
export function sessionsFolder(configFolder: string): string {
  return join(configFolder, "sessions");
}

/**
 * Secrets in plain files that only their owner may read, one a tenant: for machines without a keyring. Whoever writes or
 * removes holds the session's lock, so what a killed process left half-written is removed on the way.
 */
export function fileStore(configFolder: string): SecretStore {
  const folder = sessionsFolder(configFolder);
  // Ports stand behind a colon, which not every file system takes.
  const fileOf = (domain: string) => join(folder, `${encodeURIComponent(domain)}.json`);
  const read = (domain: string) => readPrivateFile(fileOf(domain));
  return {
    kind: "file",
    check: () => checkWritable(folder),
    read,
    async write(domain, secret) {
      await removeStaged(fileOf(domain));
      await writePrivateFile(fileOf(domain), secret);
      if ((await read(domain)) === secret) return;
      throw storeError(
        `${fileOf(domain)} does not hold what was written to it.`,
        "Check the disk, then sign in again.",
      );
    },
    async remove(domain) {
      const file = fileOf(domain);
      await removeStaged(file);
      try {
        await stat(file);
        await rm(file);
        return true;
      } catch (cause) {
        const code = errorCode(cause);
        if (code === "ENOENT" || code === "ENOTDIR") return false;
        throw storeError(
          `${file} cannot be removed: ${systemReason(cause)}.`,
          `Make ${folder} writable and try again, or remove the file by hand.`,
          cause,
        );
      }
    },
  };
}
