import { PRODUCT } from "../../config/product.ts";
import { profileToJson } from "../../config/tenants.ts";
import { Exit } from "../../lib/errors.ts";
import { defineCommand } from "../command.ts";
import { sessionPlaces } from "../sessions.ts";
import { table } from "../table.ts";

export const tenantsList = defineCommand({
  meta: { name: "list", description: "List the tenants you are signed in to; * marks the current one" },
  args: { json: { type: "boolean", description: "Print JSON" } },
  examples: [{ does: "For a script", type: "tenants list --json" }],
  async run(args, invocation) {
    const { output } = invocation;
    const { current, profiles } = await sessionPlaces(invocation).tenants.read();
    if (args.json === true) {
      const tenants = profiles.map((profile) => ({
        ...profileToJson(profile),
        current: profile.tenant.domain === current,
      }));
      await output.json({ tenants });
    } else if (profiles.length === 0) {
      output.note(`Nobody is signed in. Sign in with: ${PRODUCT} login`);
    } else {
      const rows = profiles.map(({ tenant, method, store, authority, signedInAt }) => [
        tenant.domain === current ? "*" : "",
        tenant.domain,
        method,
        store,
        authority.domain,
        signedInAt.slice(0, 16).replace("T", " "),
      ]);
      await output.data(table(["", "TENANT", "METHOD", "STORE", "SIGNED IN AT", "SINCE (UTC)"], rows));
    }
    return Exit.done;
  },
});
