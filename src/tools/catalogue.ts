import type { Tool, ToolFacts } from "./define.ts";
import { toolFacts } from "./facts.ts" with { type: "macro" };
import type { Toolset } from "./kinds.ts";

const load: Record<Toolset, () => Promise<readonly Tool[]>> = {
  applications: async () => (await import("./applications/index.ts")).applicationTools,
  apis: async () => (await import("./apis/index.ts")).apiTools,
  grants: async () => (await import("./grants/index.ts")).grantTools,
  actions: async () => (await import("./actions/index.ts")).actionTools,
  logs: async () => (await import("./logs/index.ts")).logTools,
  forms: async () => (await import("./forms/index.ts")).formTools,
};

/** The code of a tool, loaded with its toolset. */
async function loadTool({ toolset, name }: ToolFacts): Promise<Tool> {
  const tool = (await load[toolset]()).find((candidate) => candidate.name === name);
  if (tool === undefined) throw new TypeError(`${name} is not in its toolset`);
  return tool;
}

/** Every tool, in the registry's order, with its code loaded when it is first called. */
export const catalogue: readonly Tool[] = toolFacts().map((facts) => {
  let loaded: Promise<Tool> | undefined;
  return {
    ...facts,
    async bind(args) {
      loaded ??= loadTool(facts);
      return (await loaded).bind(args);
    },
  };
});
