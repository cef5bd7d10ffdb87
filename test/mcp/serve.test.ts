import { describe, expect, test } from "bun:test";
import { isObject, type JsonObject, parseJson } from "../../src/lib/json.ts";
import type { Send } from "../../src/management/api.ts";
import { path } from "../../src/management/path.ts";
import { serveStdio } from "../../src/mcp/serve.ts";
import type { Tool } from "../../src/tools/define.ts";
import { testPipeline, testTool } from "../policy/harness.ts";

const line = (message: object) =>
  new TextEncoder().encode(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
const initialize = line({
  id: 0,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "test", version: "1" } },
});
const call = (id: number) => line({ id, method: "tools/call", params: { name: "auth0_test" } });

/** Serves an input, which a test feeds and ends, and remembers what was written. */
function serve(
  tools: Tool | readonly Tool[],
  options: { stop?: AbortSignal; write?: (text: string) => Promise<void>; send?: Send } = {},
) {
  const feed = new TransformStream<Uint8Array, Uint8Array>();
  const writer = feed.writable.getWriter();
  const written: string[] = [];
  const warnings: string[] = [];
  const streams = {
    input: feed.readable,
    write: options.write ?? (async (text: string) => void written.push(text)),
    warn: (message: string) => warnings.push(message),
  };
  const stop = options.stop ?? new AbortController().signal;
  const { pipeline } = testPipeline(tools, options.send === undefined ? {} : { send: options.send });
  return {
    ended: serveStdio(pipeline, "words", streams, stop),
    write: (bytes: Uint8Array) => writer.write(bytes),
    end: () => writer.close(),
    written,
    warnings,
    messages: () => written.map((text) => parseJson(text)).filter(isObject),
  };
}

const ids = (messages: readonly JsonObject[]) => messages.map(({ id }) => id ?? null);

/** A tool that never ends by itself, and tells when its call has begun and when it was aborted. */
function hanging() {
  const begun = Promise.withResolvers<void>();
  const aborted = Promise.withResolvers<void>();
  const send = (_: unknown, signal: AbortSignal) =>
    new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => {
        aborted.resolve();
        reject(signal.reason);
      });
      begun.resolve();
    });
  const tool = testTool({ run: async ({ api }) => Object(await api.get(path`/never`)) });
  return { tool, send, begun: begun.promise, aborted: aborted.promise };
}

describe("serveStdio", () => {
  test("says nothing before it is asked", async () => {
    const served = serve(testTool());
    await Bun.sleep(1);
    expect(served.written).toEqual([]);
    await served.end();
    await served.ended;
    expect(served.written).toEqual([]);
  });

  test("everything that was piped in is answered, though the input ends at once", async () => {
    const served = serve(testTool());
    for (const bytes of [
      initialize,
      line({ method: "notifications/initialized" }),
      line({ id: 1, method: "tools/list" }),
      call(2),
      call(3),
    ]) {
      await served.write(bytes);
    }
    await served.end();
    await served.ended;
    expect(ids(served.messages()).toSorted()).toEqual([0, 1, 2, 3]);
  });

  test("each message is one line of JSON", async () => {
    const served = serve(testTool({ run: async () => ({ text: "a\nb\u2028" }) }));
    await served.write(initialize);
    await served.write(call(1));
    await served.end();
    await served.ended;
    for (const text of served.written) {
      expect(text).toEndWith("\n");
      expect(text.slice(0, -1)).not.toContain("\n");
      expect(isObject(parseJson(text))).toBe(true);
    }
  });

  test("rubbish between messages is told to people and does not end it", async () => {
    const served = serve(testTool());
    for (const text of [
      "rubbish",
      '{"jsonrpc":"2.0","id":{},"method":"ping"}',
      '{"jsonrpc":"2.0","id":9}',
      "[]",
    ]) {
      await served.write(new TextEncoder().encode(`${text}\n`));
    }
    await served.write(initialize);
    await served.end();
    await served.ended;
    expect(ids(served.messages())).toEqual([0]);
    expect(served.warnings.length).toBe(4);
  });

  test("the end of the input aborts what is in flight, without an answer", async () => {
    const { tool, send, begun, aborted } = hanging();
    const served = serve(tool, { send });
    await served.write(initialize);
    await served.write(call(1));
    await begun;
    await served.end();
    await aborted;
    await served.ended;
    expect(ids(served.messages())).toEqual([0]);
  });

  test("an interrupt aborts what is in flight at once, though the input stays open", async () => {
    const { tool, send, begun, aborted } = hanging();
    const stop = new AbortController();
    const served = serve(tool, { send, stop: stop.signal });
    await served.write(initialize);
    await served.write(call(1));
    await begun;
    stop.abort();
    await aborted;
    await served.ended;
    expect(ids(served.messages())).toEqual([0]);
  });

  test("an interrupt that came before is not missed", async () => {
    await serve(testTool(), { stop: AbortSignal.abort() }).ended;
  });

  test("a reader that takes nothing does not hold it", async () => {
    const served = serve(testTool(), { write: () => new Promise(() => undefined) });
    await served.write(initialize);
    await served.write(call(1));
    await served.end();
    await served.ended;
  });

  test("a reader that has gone away ends it without a word, though the input stays open", async () => {
    const { tool, send, begun, aborted } = hanging();
    let writes = 0;
    const write = async () => {
      writes++;
      if (writes > 1) throw Object.assign(new Error("EPIPE"), { code: "EPIPE" });
    };
    const served = serve(tool, { send, write });
    await served.write(initialize);
    await served.write(call(1));
    await begun;
    await served.write(line({ id: 2, method: "tools/list" }));
    await aborted;
    await served.ended;
    expect(writes).toBe(2);
    expect(served.warnings).toEqual([]);
  });

  test("a reader that has gone away does not hold it either", async () => {
    const gone = () => Promise.reject(Object.assign(new Error("EPIPE"), { code: "EPIPE" }));
    const served = serve(testTool(), { write: gone });
    await served.write(initialize);
    await served.write(call(1));
    await served.end();
    await served.ended;
  });
});
