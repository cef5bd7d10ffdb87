// What the MCP SDK costs by itself: a server with one tool, compiled with the same flags.
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { z } from "zod";

const server = new McpServer({ name: "minimal", version: "1.0.0" });
server.registerTool(
  "echo",
  { description: "Echo a text", inputSchema: { text: z.string() } },
  ({ text }) => ({
    content: [{ type: "text", text }],
  }),
);
process.stdin.on("end", () => process.exit(0));
await server.connect(new StdioServerTransport());
