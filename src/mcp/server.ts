import {
  type CallToolResult,
  ErrorCode,
  type JSONRPCRequest,
  McpError,
} from "@modelcontextprotocol/sdk/types.js";
import { VERSION } from "../config/product.ts";
import { asObject, asString, isObject, type JsonObject } from "../lib/json.ts";
import type { Outcome, Pipeline } from "../policy/pipeline.ts";
import { AnsweringProtocol } from "./protocol.ts";
import { toolEntry } from "./tool-entry.ts";

/** What a handler is given beside the request. */
interface RequestExtra {
  readonly signal: AbortSignal;
  sendNotification(notification: {
    method: "notifications/progress";
    params: { progressToken: string | number; progress: number; message: string };
  }): Promise<void>;
}

/**
 * The MCP server over a pipeline: it lists the exposed tools and hands every call on. Closing it aborts the calls in flight.
 */
export function createServer(pipeline: Pipeline, instructions: string): AnsweringProtocol {
  const server = new AnsweringProtocol({
    serverInfo: { name: "auth0", title: "Auth0", version: VERSION },
    capabilities: { tools: {} },
    instructions,
  });
  const tools = pipeline.selection.exposed.map(toolEntry);
  // Handlers that are registered by schema answer a malformed request with a dump of the schema check.
  server.fallbackRequestHandler = async (request, extra) => {
    if (request.method === "tools/list") return { tools };
    if (request.method !== "tools/call") throw new McpError(ErrorCode.MethodNotFound, "Method not found");
    return callTool(pipeline, request, extra, server.clientName);
  };
  return server;
}

async function callTool(
  pipeline: Pipeline,
  request: JSONRPCRequest,
  extra: RequestExtra,
  client: string | undefined,
): Promise<CallToolResult> {
  const name = asString(request.params?.["name"]);
  const args = request.params?.["arguments"] ?? {};
  if (name === undefined) throw new McpError(ErrorCode.InvalidParams, "tools/call needs the name of a tool");
  if (!isObject(args)) throw new McpError(ErrorCode.InvalidParams, "arguments must be an object");
  const outcome = await pipeline.call(name, args, {
    signal: extra.signal,
    progress: progressReporter(request, extra),
    client,
  });
  if (outcome === undefined) throw new McpError(ErrorCode.InvalidParams, `Unknown tool: ${name}`);
  return toResult(outcome);
}

function toResult(outcome: Outcome): CallToolResult {
  const content: CallToolResult["content"] = [{ type: "text", text: outcome.text }];
  return outcome.ok ? { content, structuredContent: outcome.data } : { content, isError: true };
}

/** Progress goes out only when the client asked for it with a token (specification 2025-11-25, basic/utilities/progress). */
function progressReporter(request: JSONRPCRequest, extra: RequestExtra): (step: string) => void {
  const meta: JsonObject | undefined = asObject(request.params?.["_meta"]);
  const token = meta?.["progressToken"];
  if (typeof token !== "string" && typeof token !== "number") return () => undefined;
  let progress = 0;
  return (message) => {
    progress++;
    const params = { progressToken: token, progress, message };
    // A client that has gone away is noticed at the end of the input; its missing progress is no failure of the call.
    extra.sendNotification({ method: "notifications/progress", params }).catch(() => undefined);
  };
}
