import { parseTenantAddress } from "../../config/domain.ts";
import { defineCommand } from "../command.ts";
import { signOutOf } from "./logout.ts";

export const tenantsRemove = defineCommand({
  meta: { name: "remove", description: "Sign out of a tenant and take it off the list" },
  args: { domain: { type: "positional", description: "Domain of the tenant", required: true } },
  examples: [{ does: "Leave a tenant", type: "tenants remove acme-dev.eu.auth0.com" }],
  run: (args, invocation) => signOutOf(parseTenantAddress(args.domain, "DOMAIN").domain, invocation),
});
