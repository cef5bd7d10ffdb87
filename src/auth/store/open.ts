import { type Environment, readVariable } from "../../config/environment.ts";
import { options } from "../../config/options.ts";
import type { StoreKind } from "../../config/tenants.ts";
import type { Clock } from "../../lib/clock.ts";
import { usageError } from "../../lib/errors.ts";
import { fileStore } from "./file.ts";
import type { SecretStore } from "./secret-store.ts";

/** Opens the store of a kind. */
export type OpenStore = (kind: StoreKind) => Promise<SecretStore>;

/**
 * Opens the stores of this user. The keyring's code is loaded when a keyring is wanted, and not before.
 *
 * @param interrupt aborts when the process is asked to end
 */
export function storeOpener(configFolder: string, clock: Clock, interrupt?: AbortSignal): OpenStore {
  return async (kind) => {
    if (kind === "file") return fileStore(configFolder);
    const { keyringStore } = await import("./keyring-store.ts");
    return keyringStore(clock, interrupt);
  };
}

/**
 * Where a new sign-in goes by `AUTH0_MCP_STORE`; `undefined` when it says nothing.
 *
 * @throws AppError (exit 2) for another word
 */
export function wantedStore(environment: Environment): StoreKind | undefined {
  const { variable } = options.store;
  const word = readVariable(environment, variable)?.trim();
  if (word === undefined || word === "keyring" || word === "file") return word;
  throw usageError(`${variable} cannot be "${word}".`, `Use ${variable}=keyring or ${variable}=file.`);
}
