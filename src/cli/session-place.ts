import { sessionFile } from "../auth/store/file.ts";
import { configFolder, shortPath, systemOf } from "../config/paths.ts";
import type { StoreKind } from "../config/tenants.ts";
import type { Invocation } from "./command.ts";
import { STORE_NAMES } from "./store-names.ts";

/** Where the session of a tenant is kept, in words; a file with its path, shortened by the home folder. */
export function placeOf(store: StoreKind, domain: string, { environment }: Invocation): string {
  const name = STORE_NAMES[store];
  if (store !== "file") return name;
  const path = sessionFile(configFolder(environment), domain);
  return `${name} (${shortPath(path, systemOf(environment, process.platform))})`;
}
