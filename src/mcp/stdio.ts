import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { ErrorCode, type JSONRPCMessage } from "@modelcontextprotocol/sdk/types.js";
import { isObject, parseJson } from "../lib/json.ts";

/** The longest line that is read, in bytes. */
const MAX_LINE = 10 * 1024 * 1024;
const NEWLINE = 0x0a;

export interface StdioStreams {
  readonly input: AsyncIterable<Uint8Array>;
  /** Writes text and resolves once the system has taken it, so that a slow reader slows us down. */
  readonly write: (text: string) => Promise<void>;
  /** One line for people: what was ignored on the input. */
  readonly warn: (message: string) => void;
}

/**
 * MCP over stdio (specification 2025-11-25, basic/transports): one JSON-RPC message a line. Unlike the SDK's own
 * transport it outlives a line that is too long, says what it ignored, and lets one wait for the end of the input.
 */
export class StdioTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;

  readonly #streams: StdioStreams;
  readonly #ended = Promise.withResolvers<void>();

  constructor(streams: StdioStreams) {
    this.#streams = streams;
  }

  /** Settles when the input has ended or cannot be read any longer. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  async start(): Promise<void> {
    void this.#read();
  }

  async send(message: JSONRPCMessage): Promise<void> {
    await this.#streams.write(`${JSON.stringify(withoutDump(message))}\n`);
  }

  async close(): Promise<void> {
    this.onclose?.();
  }

  async #read(): Promise<void> {
    try {
      for await (const line of lines(this.#streams.input)) this.#receive(line);
    } catch (error) {
      this.onerror?.(error instanceof Error ? error : new Error(String(error)));
    }
    this.#ended.resolve();
  }

  #receive(line: Line): void {
    if (line === "too long") {
      this.#streams.warn(`ignored a line on stdin of more than ${MAX_LINE / 1024 / 1024} MiB`);
      return;
    }
    if (line.trim() === "") return;
    const message = parseJson(line);
    if (isMessage(message)) this.onmessage?.(message);
    else this.#refuse(message);
  }

  /** A request that is malformed is answered, so that nobody waits for it; the SDK would drop it without a word. */
  #refuse(message: unknown): void {
    const { jsonrpc, id, method } = isObject(message) ? message : {};
    if (jsonrpc !== "2.0" || method === undefined || !isRequestId(id)) {
      this.#streams.warn("ignored a line on stdin that is no JSON-RPC message");
      return;
    }
    const error = { code: ErrorCode.InvalidRequest, message: "The request is malformed." };
    this.send({ jsonrpc: "2.0", id, error }).catch((cause: unknown) => {
      this.onerror?.(cause instanceof Error ? cause : new Error(String(cause)));
    });
  }
}

/** The SDK answers a request that its schema refuses with an internal error and a dump of the schema check. */
function withoutDump(message: JSONRPCMessage): JSONRPCMessage {
  if (!("error" in message) || message.error.code !== ErrorCode.InternalError) return message;
  if (!message.error.message.startsWith("[")) return message;
  return {
    ...message,
    error: { code: ErrorCode.InvalidParams, message: "The parameters do not fit the method." },
  };
}

function isRequestId(id: unknown): id is string | number {
  return typeof id === "string" || Number.isSafeInteger(id);
}

/** Whether a value is a message as the specification's schema (JSONRPCMessage, RequestParams) wants it. */
function isMessage(value: unknown): value is JSONRPCMessage {
  if (!isObject(value) || value["jsonrpc"] !== "2.0") return false;
  if ("id" in value && !isRequestId(value["id"])) return false;
  if (!("method" in value)) return isObject(value["result"]) || isObject(value["error"]);
  const { method, params = {} } = value;
  if (typeof method !== "string" || !isObject(params)) return false;
  const { _meta: meta = {} } = params;
  return isObject(meta) && (meta["progressToken"] === undefined || isRequestId(meta["progressToken"]));
}

type Line = string | "too long";

async function* lines(input: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  const decoder = new TextDecoder();
  let pending: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of input) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      pending.push(chunk.subarray(start, end));
      length += end - start;
      yield length > MAX_LINE
        ? "too long"
        : decoder.decode(pending.length === 1 ? pending[0] : Buffer.concat(pending));
      pending = [];
      length = 0;
      start = end + 1;
    }
    length += chunk.length - start;
    // What is past the limit is counted and dropped, not kept.
    if (length <= MAX_LINE) pending.push(chunk.slice(start));
    else pending = [];
  }
  if (length > 0) yield length > MAX_LINE ? "too long" : decoder.decode(Buffer.concat(pending));
}
