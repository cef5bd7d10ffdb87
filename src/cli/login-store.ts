import { checkPlaces } from "../auth/sign-in.ts";
import { wantedStore } from "../auth/store/open.ts";
import type { SessionPlaces } from "../auth/stored-session.ts";
import { options } from "../config/options.ts";
import type { StoreKind } from "../config/tenants.ts";
import { AppError } from "../lib/errors.ts";
import type { Invocation } from "./command.ts";
import { patiently } from "./patiently.ts";
import { canAsk, confirm } from "./prompts.ts";
import { STORE_NAMES } from "./store-names.ts";

/**
 * Where the sign-in will be kept, known to work before anybody is asked to sign in: what `AUTH0_MCP_STORE` says, else the
 * keyring, else a file when a person agrees to it.
 *
 * @param domain the tenant, where it is known before the sign-in
 * @throws AppError exit 2 for another word in the variable, exit 1 when nothing can keep it
 */
export async function chooseStore(
  places: SessionPlaces,
  domain: string | undefined,
  interaction: boolean,
  invocation: Invocation,
): Promise<StoreKind> {
  const { environment, output, interrupt } = invocation;
  const wanted = wantedStore(environment);
  await checkPlaces(places);
  if (wanted === "file") {
    await (await places.openStore("file")).check(domain);
    return "file";
  }
  try {
    const keyring = await places.openStore("keyring");
    await patiently(`Waiting for ${STORE_NAMES.keyring} …`, invocation, () => keyring.check(domain));
    return "keyring";
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { variable } = options.store;
    if (wanted === "keyring") {
      throw error.with({ hint: `Unlock or start it. ${variable}=keyring forbids a file.` });
    }
    if (!interaction || !canAsk()) throw error;
    output.note(error.message);
    output.note(
      `Without a keyring the sign-in can be kept in a file below ${places.folder}. Only you may read it, but it is not encrypted: whoever gets at your files or backups can act as you on the tenant.`,
    );
    if (!(await confirm("Keep it in such a file?", interrupt))) {
      throw error.with({ message: "Nothing can keep the sign-in, so none was begun." });
    }
    await (await places.openStore("file")).check(domain);
    return "file";
  }
}
