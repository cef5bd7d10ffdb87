import { serveSandbox } from "../../src/sandbox/serve.ts";
import type { SandboxOptions, SandboxTenant } from "../../src/sandbox/tenant.ts";

export interface ServedTenant {
  readonly tenant: SandboxTenant;
  /** The environment of a program that works on it. */
  readonly env: Record<string, string>;
  stop(): Promise<void>;
}

/** A sandbox tenant on a loopback port, and the credentials for it. */
export async function serveTenant(
  options: SandboxOptions & { scopes?: readonly string[] } = {},
): Promise<ServedTenant> {
  const { scopes, ...sandbox } = options;
  const { tenant, stop } = await serveSandbox(sandbox);
  const token = await tenant.issueToken(scopes === undefined ? {} : { scopes });
  return { tenant, env: { AUTH0_DOMAIN: tenant.domain, AUTH0_TOKEN: token }, stop };
}
