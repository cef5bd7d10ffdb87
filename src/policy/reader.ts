import type { ToolFacts } from "../tools/define.ts";

/** The name of the exposed tool that shows the resource of a tool in full; `undefined` when there is none. */
export function readerOf(tool: ToolFacts, exposed: readonly ToolFacts[]): string | undefined {
  const resource = tool.name.split("_").slice(2).join("_");
  const names = [`auth0_get_${resource}`, `auth0_get_${resource.replace(/s$/, "")}`];
  return exposed.find(({ name }) => names.includes(name))?.name;
}
