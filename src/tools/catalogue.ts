import type { Tool, Toolset } from "./define.ts";
import { toolFacts } from "./facts.ts" with { type: "macro" };

const load: Record<Toolset, () => Promise<readonly Tool[]>> = {
  applications: async () => (await import("./applications/index.ts")).applicationTools,
  apis: async () => (await import("./apis/index.ts")).apiTools,
  grants: async () => (await import("./grants/index.ts")).grantTools,
  actions: async () => (await import("./actions/index.ts")).actionTools,
  logs: async () => (await import("./logs/index.ts")).logTools,
  forms: async () => (await import("./forms/index.ts")).formTools,
};

/** Every tool, in the registry's order, with its code loaded when it is first called. */
export const catalogue: readonly Tool[] = toolFacts().map((facts) => ({
  ...facts,
  async bind(args) {
    const tool = (await load[facts.toolset]()).find(({ name }) => name === facts.name);
    if (tool === undefined) throw new TypeError(`${facts.name} is not in its toolset`);
    return tool.bind(args);
  },
}));
