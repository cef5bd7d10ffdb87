import { tenantVariables } from "../../config/options.ts";
import { AppError, Exit } from "../../lib/errors.ts";
import type { JsonObject } from "../../lib/json.ts";
import { catalogue } from "../../tools/catalogue.ts";
import type { Tool } from "../../tools/define.ts";
import { defineCommand, type Invocation } from "../command.ts";
import type { Connection } from "../connection.ts";
import { connect, runtimeFlags, selectionOf, unusableTools } from "../runtime.ts";
import { table } from "../table.ts";

export const toolsList = defineCommand({
  meta: { name: "list", description: "List every tool: kind, toolset, scopes, and why it is left out" },
  args: { ...runtimeFlags, json: { type: "boolean", description: "Print JSON" } },
  examples: [
    { does: "What a read-only server would expose", type: "tools list --read-only" },
    { does: "The same for a script", type: "tools list --read-only --json" },
  ],
  variables: tenantVariables,
  async run(args, invocation) {
    const { output } = invocation;
    const selection = selectionOf(args, invocation);
    const connection = await connect(args, invocation);
    const lacking = unusableTools(selection, await knownScopes(connection, invocation));
    const reason = (tool: Tool) => {
      const scopes = lacking.get(tool);
      return (
        selection.leftOut.get(tool) ??
        (scopes === undefined ? undefined : `the token lacks ${scopes.join(", ")}`)
      );
    };
    if (args.json === true) {
      await output.json({
        tools: catalogue.map((tool) => describe(tool, selection.leftOut.has(tool), reason(tool))),
      });
      return Exit.done;
    }
    const rows = catalogue.map((tool) => [
      tool.name,
      tool.kind,
      tool.toolset,
      tool.scopes.join(" "),
      reason(tool) ?? "",
    ]);
    await output.data(table(["TOOL", "KIND", "TOOLSET", "SCOPES", "LEFT OUT BECAUSE"], rows));
    return Exit.done;
  },
});

/** Scopes of the present token. A session that does not work hides no tool: the list says so and goes without. */
async function knownScopes(
  connection: Connection | undefined,
  { interrupt, output }: Invocation,
): Promise<readonly string[] | undefined> {
  try {
    return (await connection?.tokens.get(interrupt))?.scopes;
  } catch (error) {
    if (!(error instanceof AppError) || [Exit.usage, Exit.interrupted].some((exit) => exit === error.exit)) {
      throw error;
    }
    output.note(`Scopes are not compared: ${error.message}`);
    return undefined;
  }
}

function describe(tool: Tool, leftOut: boolean, reason: string | undefined): JsonObject {
  return {
    name: tool.name,
    title: tool.title,
    kind: tool.kind,
    toolset: tool.toolset,
    scopes: [...tool.scopes],
    exposed: !leftOut,
    ...(reason === undefined ? {} : { reason }),
  };
}
