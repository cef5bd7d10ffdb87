import { storeOpener } from "../../../auth/store/open.ts";
import { options } from "../../../config/options.ts";
import { configFolder } from "../../../config/paths.ts";
import type { TenantProfile } from "../../../config/tenants.ts";
import { AppError } from "../../../lib/errors.ts";
import { sessionPlaces } from "../../sessions.ts";
import type { Check, Examination } from "../check.ts";

/** Writes an entry, reads it back and removes it. The store bounds the time of each of the three. */
export const keyring: Check = {
  id: "keyring",
  title: "Keyring",
  async run(examination) {
    const { invocation, clock } = examination;
    const store = await storeOpener(
      configFolder(invocation.environment),
      clock,
      invocation.interrupt,
    )("keyring");
    try {
      await store.check();
      return { status: "pass", message: "An entry was written, read back and removed." };
    } catch (error) {
      if (!(error instanceof AppError) || (await isNeeded(examination))) throw error;
      return {
        status: "warn",
        message: `${error.message} Nothing needs it at present.`,
        remedy: error.hint,
      };
    }
  },
};

/** Whether a session is in the keyring, or the next one would go there; where that cannot be known, it is. */
async function isNeeded({ invocation }: Examination): Promise<boolean> {
  const { environment } = invocation;
  let profiles: readonly TenantProfile[];
  try {
    ({ profiles } = await sessionPlaces(invocation).tenants.read());
  } catch (error) {
    // The check of the session says what is wrong with the list of tenants.
    if (error instanceof AppError) return true;
    throw error;
  }
  if (profiles.some(({ store }) => store === "keyring")) return true;
  const described = [options.token, options.clientId].some(({ variable }) => Boolean(environment[variable]));
  const toFile = environment[options.store.variable]?.trim() === "file";
  return profiles.length === 0 && !described && !toFile;
}
