import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { checkWritable, readPrivateFile, writePrivateFile } from "../../lib/private-file.ts";
import { type SecretStore, storeError } from "./secret-store.ts";

/** Secrets in plain files that only their owner may read, one a tenant: for machines without a keyring. */
export function fileStore(configFolder: string): SecretStore {
  const folder = join(configFolder, "sessions");
  // Ports stand behind a colon, which not every file system takes.
  const fileOf = (domain: string) => join(folder, `${encodeURIComponent(domain)}.json`);
  const read = (domain: string) => readPrivateFile(fileOf(domain));
  return {
    kind: "file",
    check: () => checkWritable(folder),
    read,
    async write(domain, secret) {
      await writePrivateFile(fileOf(domain), secret);
      if ((await read(domain)) === secret) return;
      throw storeError(
        `${fileOf(domain)} does not hold what was written to it.`,
        "Check the disk, then sign in again.",
      );
    },
    async remove(domain) {
      const file = fileOf(domain);
      try {
        await stat(file);
        await rm(file);
        return true;
      } catch (cause) {
        const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown error";
        if (code === "ENOENT" || code === "ENOTDIR") return false;
        throw storeError(`${file} cannot be removed (${code}).`, "Remove it by hand.", cause);
      }
    },
  };
}
