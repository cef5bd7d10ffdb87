import { parseTenantAddress } from "../../config/domain.ts";
import { Exit } from "../../lib/errors.ts";
import { defineCommand } from "../command.ts";
import { chooseProfile, sessionPlaces } from "../sessions.ts";

export const tenantsUse = defineCommand({
  meta: { name: "use", description: "Make a tenant the one that commands work on" },
  args: { domain: { type: "positional", description: "Domain of the tenant", required: true } },
  examples: [{ does: "Work on another tenant from now on", type: "tenants use acme-dev.eu.auth0.com" }],
  async run(args, invocation) {
    const { domain } = parseTenantAddress(args.domain, "DOMAIN");
    await sessionPlaces(invocation).tenants.update(async (list) => {
      await chooseProfile(list, domain, invocation);
      return { ...list, current: domain };
    });
    await invocation.output.data(`${domain} is the current tenant. Running servers stay on theirs.`);
    return Exit.done;
  },
});
