import { defineGroup } from "../command.ts";

export const clients = defineGroup({
  meta: { name: "clients", description: "See and change what MCP clients start" },
  children: {
    list: async () => (await import("./clients-list.ts")).clientsList,
    add: async () => (await import("./clients-add.ts")).clientsAdd,
    remove: async () => (await import("./clients-remove.ts")).clientsRemove,
    show: async () => (await import("./clients-show.ts")).clientsShow,
  },
  examples: [
    { does: "Which clients are there, and what do they start?", type: "clients list" },
    { does: "Let Cursor start this program, reading only", type: "clients add cursor --read-only" },
  ],
});
