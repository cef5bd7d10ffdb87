import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { isObject, type JsonObject, parseJson } from "../../src/lib/json.ts";
import { bareEnvironment, executable } from "./executable.ts";

export interface Answer {
  readonly isError: boolean;
  /** What the text block holds, parsed. */
  readonly data: JsonObject;
  readonly structured: unknown;
}

export interface Connected {
  readonly client: Client;
  readonly transport: StdioClientTransport;
  /** Everything the server wrote on stderr so far. */
  readonly stderr: () => string;
  call(name: string, args?: JsonObject): Promise<Answer>;
}

/**
 * Starts the executable as an MCP client does and connects the official client to it.
 *
 * @param through a program and its arguments that run it, such as `nsenter`
 */
export async function connect(
  args: readonly string[],
  env: Record<string, string> = {},
  through: readonly string[] = [],
): Promise<Connected> {
  const [command = "", ...words] = [...through, await executable(), ...args];
  const transport = new StdioClientTransport({
    command,
    args: words,
    env: bareEnvironment(env),
    stderr: "pipe",
  });
  let errors = "";
  transport.stderr?.on("data", (chunk) => {
    errors += String(chunk);
  });
  const client = new Client({ name: "test", version: "1.0.0" });
  await client.connect(transport);
  return {
    client,
    transport,
    stderr: () => errors,
    call: (name, toolArgs = {}) => callTool(client, name, toolArgs),
  };
}

export async function callTool(client: Client, name: string, args: JsonObject): Promise<Answer> {
  const result = await client.callTool({ name, arguments: args });
  const blocks = Array.isArray(result.content) ? result.content : [];
  const data = parseJson(blocks.map((block) => (block.type === "text" ? block.text : "")).join(""));
  if (!isObject(data)) throw new Error(`${name} answered with no JSON object`);
  return { isError: result.isError === true, data, structured: result.structuredContent };
}
