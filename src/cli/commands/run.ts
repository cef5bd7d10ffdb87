import { tenantVariables } from "../../config/options.ts";
import { PRODUCT } from "../../config/product.ts";
import { Exit } from "../../lib/errors.ts";
import { observed } from "../../policy/observed.ts";
import { defineCommand } from "../command.ts";
import { writeStdout } from "../output.ts";
import { connectedPipeline, connectOrFail, runtimeFlags, selectionOf, unusableTools } from "../runtime.ts";

export const run = defineCommand({
  meta: { name: "run", description: "Serve MCP on stdin and stdout, for an MCP client to start" },
  args: runtimeFlags,
  examples: [
    { does: "Serve every tool that reads", type: "run --read-only" },
    {
      does: "Serve the application tools, but none that creates",
      type: "run --tools '*application*' --exclude-tools '*create*'",
    },
    { does: "Serve a demo tenant, without an account", type: "run --sandbox" },
  ],
  variables: tenantVariables,
  async run(args, invocation) {
    const { output, interrupt, onCall } = invocation;
    const selection = selectionOf(args, invocation);
    const connection = await connectOrFail(args, invocation);
    const { scopes } = await connection.tokens.get(interrupt);
    const pipeline = connectedPipeline(selection, connection, invocation);
    const watched = onCall === undefined ? pipeline : observed(pipeline, onCall);

    const { serveStdio } = await import("../../mcp/serve.ts");
    const { instructions } = await import("../../mcp/instructions.ts");
    const facts = {
      domain: connection.tenant.domain,
      selection,
      readOnly: selection.readOnly,
      lackingScopes: unusableTools(selection, scopes),
    };
    const streams = {
      input: invocation.stdin(),
      write: writeStdout,
      warn: (message: string) => output.note(`${PRODUCT}: ${message}`),
    };
    await serveStdio(watched, instructions(facts), streams, interrupt);
    return Exit.done;
  },
});
