import { ApiFault } from "../fault.ts";
import type { Route } from "../route.ts";

/** Operations of the API below the resources that this tenant serves, with their scopes. */
const unserved = [
  ["GET", "/clients/:id/connections", "read:connections"],
  ["POST", "/clients/cimd/preview", "create:clients update:clients"],
  ["POST", "/clients/cimd/register", "create:clients update:clients"],
  ["GET", "/client-grants/:id/organizations", "read:organization_client_grants"],
  ["POST", "/actions/actions/:id/test", "create:actions"],
  ["GET", "/actions/modules", "read:actions"],
  ["POST", "/actions/modules", "create:actions"],
  ["GET", "/actions/modules/:id", "read:actions"],
  ["PATCH", "/actions/modules/:id", "update:actions"],
  ["DELETE", "/actions/modules/:id", "delete:actions"],
  ["GET", "/actions/modules/:id/actions", "read:actions"],
  ["POST", "/actions/modules/:id/rollback", "update:actions"],
  ["GET", "/actions/modules/:id/versions", "read:actions"],
  ["POST", "/actions/modules/:id/versions", "update:actions"],
  ["GET", "/actions/modules/:id/versions/:versionId", "read:actions"],
] as const;

/** They answer a 501 of the sandbox's own: a 404 would read as if the thing asked for did not exist. */
export const unservedRoutes: readonly Route[] = unserved.map(([method, pattern, scopes]) => ({
  method,
  pattern,
  scopes: scopes.split(" "),
  counted: () => new URLSearchParams(),
  handle() {
    throw new ApiFault(501, "The sandbox does not serve this operation.");
  },
}));
