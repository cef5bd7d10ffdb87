import { PRODUCT } from "../../config/product.ts";
import { Exit, usageError } from "../../lib/errors.ts";
import { didYouMean } from "../../lib/suggest.ts";
import { catalogue } from "../../tools/catalogue.ts";
import type { Tool } from "../../tools/define.ts";
import { defineCommand } from "../command.ts";

export const toolsShow = defineCommand({
  meta: { name: "show", description: "Show one tool with the schema of its arguments, as JSON" },
  args: { name: { type: "positional", description: "Name of the tool", required: true } },
  examples: [{ does: "What a tool takes", type: "tools show auth0_create_application" }],
  async run(args, { output }) {
    const tool = findTool(args.name);
    await output.json({
      name: tool.name,
      title: tool.title,
      kind: tool.kind,
      toolset: tool.toolset,
      scopes: [...tool.scopes],
      description: tool.description,
      input_schema: tool.inputSchema,
    });
    return Exit.done;
  },
});

/** @throws AppError (exit 2) for a name that no tool has */
export function findTool(name: string): Tool {
  const tool = catalogue.find((candidate) => candidate.name === name);
  if (tool !== undefined) return tool;
  const names = catalogue.map((candidate) => candidate.name);
  throw usageError(
    `There is no tool "${name}".`,
    didYouMean(name, names) ?? `List the tools with: ${PRODUCT} tools list`,
  );
}
