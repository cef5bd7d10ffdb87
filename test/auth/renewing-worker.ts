// A process that renews a stored session when it is told to: `now` milliseconds by its clock.

import { storeOpener } from "../../src/auth/store/open.ts";
import { storedSession } from "../../src/auth/stored-session.ts";
import { findProfile, TenantFile } from "../../src/config/tenants.ts";
import { type Clock, systemClock } from "../../src/lib/clock.ts";
import { silentLogger } from "../../src/lib/logger.ts";
import { Redactor } from "../../src/policy/redaction.ts";

const [folder = "", domain = ""] = process.argv.slice(2);
let now = 0;
const clock: Clock = { now: () => now, sleep: systemClock.sleep };
const tenants = new TenantFile(folder, clock);
const profile = findProfile(await tenants.read(), domain);
if (profile === undefined) throw new Error(`${domain} is not listed`);
const warn = (message: string) => {
  process.send?.({ warning: message });
};
const context = { fetch, clock, log: silentLogger, secrets: new Redactor(), warn };
const { tokens } = storedSession(
  context,
  { folder, tenants, openStore: storeOpener(folder, clock) },
  profile,
);
const signal = new AbortController().signal;

process.on("message", async (message: unknown) => {
  now = Number(message);
  try {
    process.send?.({ token: (await tokens.get(signal)).value });
  } catch (error) {
    process.send?.({ error: error instanceof Error ? error.message : String(error) });
  }
});
process.send?.({ ready: true });
