// What a tool call costs in the SDK and in fetch alone: the answer is passed on as it is, checked by nobody.
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { z } from "zod";

const url = `http://${process.env["AUTH0_DOMAIN"]}/api/v2/clients/`;
const headers = { authorization: `Bearer ${process.env["AUTH0_TOKEN"]}` };
const server = new McpServer({ name: "passing", version: "1.0.0" });
server.registerTool(
  "auth0_get_application",
  { description: "Pass an answer on", inputSchema: { client_id: z.string() } },
  async ({ client_id }) => {
    const data: Record<string, unknown> = JSON.parse(
      await (await fetch(url + client_id, { headers })).text(),
    );
    return { content: [{ type: "text", text: JSON.stringify(data) }], structuredContent: data };
  },
);
process.stdin.on("end", () => process.exit(0));
await server.connect(new StdioServerTransport());
