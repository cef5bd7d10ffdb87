import { parseTenantAddress, type TenantAddress } from "../config/domain.ts";
import { readVariable } from "../config/environment.ts";
import { options } from "../config/options.ts";
import type { Invocation } from "./command.ts";

const { flag: FLAG, variable: VARIABLE } = options.tenant;

/**
 * The tenant that a flag or `AUTH0_MCP_TENANT` asks for.
 *
 * @throws AppError (exit 2) when it is none
 */
export function askedTenant(
  flag: string | undefined,
  { environment }: Invocation,
): TenantAddress | undefined {
  if (flag !== undefined) return parseTenantAddress(flag, `--${FLAG}`);
  const value = readVariable(environment, VARIABLE)?.trim();
  return value === undefined ? undefined : parseTenantAddress(value, VARIABLE);
}
