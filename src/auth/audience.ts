import type { TenantAddress } from "../config/domain.ts";

/** The audience of a tenant's Management API, where nothing else is said. */
export function managementAudience(tenant: TenantAddress): string {
  return `${tenant.origin}/api/v2/`;
}
