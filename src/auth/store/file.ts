import { lstat, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  checkPrivateFolder,
  checkWritable,
  readExposedFile,
  readPrivateFile,
  removeStaged,
  stagedFor,
  writePrivateFile,
} from "../../lib/private-file.ts";
import { isMissing, systemReason, unlessMissing } from "../../lib/system-error.ts";
import { domainOf, fileNameOf } from "../file-names.ts";
import { type SecretStore, storeError } from "./secret-store.ts";

const ENDING = ".json";

/** The folder in which sessions are kept as files. */
export function sessionsFolder(configFolder: string): string {
  return join(configFolder, "sessions");
}

/** The file in which the session of a tenant is kept, where it is kept in a file. */
export function sessionFile(configFolder: string, domain: string): string {
  return join(sessionsFolder(configFolder), fileNameOf(domain, ENDING));
}

/**
 * Secrets in plain files that only their owner may read, one a tenant: for machines without a keyring. Whoever writes or
 * removes holds the session's lock, so what a killed process left half-written is removed on the way.
 */
export function fileStore(configFolder: string): SecretStore {
  const folder = sessionsFolder(configFolder);
  const fileOf = (domain: string) => sessionFile(configFolder, domain);
  const read = (domain: string) => readPrivateFile(fileOf(domain));
  return {
    kind: "file",
    async check(domain) {
      // What could not be read back must not be written, and better not be signed in to.
      await checkPrivateFolder(folder);
      await checkWritable(folder);
      // A sign-in reads what was there before, to put it back if need be: what it would refuse is refused now.
      if (domain !== undefined) await readExposedFile(fileOf(domain));
    },
    read,
    readExposed: (domain) => readExposedFile(fileOf(domain)),
    async write(domain, secret) {
      await checkPrivateFolder(folder);
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
      const staged = await removeStaged(file);
      try {
        await lstat(file);
        await rm(file);
        return true;
      } catch (cause) {
        if (isMissing(cause)) return staged > 0;
        throw storeError(
          `${file} cannot be removed: ${systemReason(cause)}.`,
          `Make ${folder} writable and try again, or remove the file by hand.`,
          cause,
        );
      }
    },
    async domains() {
      const names = (await namesIn(folder)).map((name) => stagedFor(name) ?? name);
      const domains = names.map((name) => domainOf(name, ENDING)).filter((domain) => domain !== undefined);
      return [...new Set(domains)].sort();
    },
  };
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await unlessMissing(readdir(folder))) ?? [];
  } catch (cause) {
    throw storeError(
      `${folder} cannot be looked into: ${systemReason(cause)}.`,
      `Make ${folder} readable for you, then try again.`,
      cause,
    );
  }
}
