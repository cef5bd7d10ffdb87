import { readClaims } from "../auth/jwt.ts";
import type { AccessToken, TokenSource } from "../auth/token-source.ts";
import { parseTenantAddress } from "../config/domain.ts";
import { Redactor } from "../policy/redaction.ts";
import { createSandbox, type SandboxTenant } from "../sandbox/tenant.ts";
import type { Connection } from "./connection.ts";

/** A demo tenant inside this process: no port is opened, requests are handed to it directly. */
export async function connectSandbox(): Promise<Connection> {
  const sandbox = await createSandbox({ seed: "demo" });
  return {
    tenant: parseTenantAddress(sandbox.url, "--sandbox"),
    tokens: sandboxTokens(sandbox),
    fetch: (url, init) => sandbox.handle(new Request(url, init)),
    redactor: new Redactor(),
  };
}

/** A token this close to its end is replaced, in milliseconds. */
const LEEWAY = 60_000;

/** The sandbox gives a new token when the present one is about to end, so a session never does. */
function sandboxTokens(sandbox: SandboxTenant): TokenSource {
  const issue = async (): Promise<AccessToken> => {
    const value = await sandbox.issueToken();
    const claims = readClaims(value);
    return { value, expiresAt: claims?.expiresAt, scopes: claims?.scopes };
  };
  let token: AccessToken | undefined;
  const renew = async () => {
    token = await issue();
    return token;
  };
  return {
    signInHint: "Start the sandbox again.",
    grantHint: () => "The sandbox grants every scope; start it again.",
    get: async () => (token !== undefined && (token.expiresAt ?? 0) - Date.now() > LEEWAY ? token : renew()),
    renew,
  };
}
