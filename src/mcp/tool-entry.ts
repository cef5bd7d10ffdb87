import type { Tool as ToolEntry } from "@modelcontextprotocol/sdk/types.js";
import type { ToolFacts } from "../tools/define.ts";

/** A tool as `tools/list` shows it. The hints derive from its kind, so none can contradict what it does. */
export function toolEntry(tool: ToolFacts): ToolEntry {
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: { ...tool.inputSchema, type: "object" },
    annotations: {
      readOnlyHint: tool.kind === "read",
      destructiveHint: tool.kind !== "read" && tool.kind !== "create",
      idempotentHint: tool.idempotent,
      openWorldHint: tool.untrusted.length > 0,
    },
  };
}
