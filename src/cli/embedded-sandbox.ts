import { fixedToken } from "../auth/environment.ts";
import { parseTenantAddress } from "../config/domain.ts";
import { systemClock } from "../lib/clock.ts";
import { Redactor } from "../policy/redaction.ts";
import { createSandbox } from "../sandbox/tenant.ts";
import type { Connection } from "./connection.ts";

/** A demo tenant inside this process: no port is opened, requests are handed to it directly. */
export async function connectSandbox(): Promise<Connection> {
  const sandbox = await createSandbox({ seed: "demo" });
  return {
    tenant: parseTenantAddress(sandbox.url, "--sandbox"),
    tokens: fixedToken(await sandbox.issueToken(), systemClock),
    transport: (url, init) => sandbox.handle(new Request(url, init)),
    redactor: new Redactor(),
  };
}
