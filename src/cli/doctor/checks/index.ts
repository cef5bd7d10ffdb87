import type { Check } from "../check.ts";
import { clients } from "./clients.ts";
import { configuration } from "./configuration.ts";
import { executable } from "./executable.ts";
import { files } from "./files.ts";
import { folder } from "./folder.ts";
import { keyring } from "./keyring.ts";
import { scopes } from "./scopes.ts";
import { session } from "./session.ts";
import { tenant } from "./tenant.ts";
import { version } from "./version.ts";

/** Every check, in the order in which the results are told. */
export const checks: readonly Check[] = [
  version,
  executable,
  configuration,
  keyring,
  files,
  session,
  scopes,
  tenant,
  clients,
  folder,
];
