import { defineGroup } from "../command.ts";

export const tools = defineGroup({
  meta: { name: "tools", description: "List, show and call the tools without a model" },
  children: {
    list: async () => (await import("./tools-list.ts")).toolsList,
    show: async () => (await import("./tools-show.ts")).toolsShow,
    call: async () => (await import("./tools-call.ts")).toolsCall,
  },
  examples: [
    { does: "What would a read-only server offer?", type: "tools list --read-only" },
    { does: "Call one on the demo tenant", type: "tools call auth0_list_applications --sandbox" },
  ],
});
