import { defineGroup } from "../command.ts";

export const tenants = defineGroup({
  meta: { name: "tenants", description: "List the tenants you are signed in to, choose one, leave one" },
  children: {
    list: async () => (await import("./tenants-list.ts")).tenantsList,
    use: async () => (await import("./tenants-use.ts")).tenantsUse,
    remove: async () => (await import("./tenants-remove.ts")).tenantsRemove,
  },
  examples: [
    { does: "Where am I signed in?", type: "tenants list" },
    { does: "Let later commands work on another tenant", type: "tenants use acme.eu.auth0.com" },
  ],
});
