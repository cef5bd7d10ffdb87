import { describe, expect, test } from "bun:test";
import type { JSONRPCMessage } from "@modelcontextprotocol/sdk/types.js";
import fc from "fast-check";
import { StdioTransport } from "../../src/mcp/stdio.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const ping = (id: number, note = "") =>
  `{"jsonrpc":"2.0","id":${id},"method":"ping","params":{"note":${JSON.stringify(note)}}}`;

async function* stream(chunks: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

/** Feeds the transport to its end, and tells what came through. */
async function read(chunks: Iterable<Uint8Array>) {
  const messages: JSONRPCMessage[] = [];
  const warnings: string[] = [];
  const errors: Error[] = [];
  const transport = new StdioTransport({
    input: stream(chunks),
    write: async () => undefined,
    warn: (message) => warnings.push(message),
  });
  transport.onmessage = (message) => messages.push(message);
  transport.onerror = (error) => errors.push(error);
  await transport.start();
  await transport.ended;
  return {
    messages,
    warnings,
    errors,
    ids: messages.map((message) => ("id" in message ? message.id : undefined)),
  };
}

const readText = (text: string) => read([encode(text)]);

describe("reading", () => {
  test.each([
    ["one message a line", `${ping(1)}\n${ping(2)}\n`],
    ["lines that end in CRLF", `${ping(1)}\r\n${ping(2)}\r\n`],
    ["a last line without its end", `${ping(1)}\n${ping(2)}`],
    ["empty and blank lines between", `\n\r\n${ping(1)}\n  \n\t\n${ping(2)}\n\n`],
    ["blanks around a message", `  ${ping(1)}\t\n ${ping(2)} `],
    ["a byte order mark", `\ufeff${ping(1)}\n${ping(2)}\n`],
  ])("%s", async (_, text) => {
    const { ids, warnings, errors } = await readText(text);
    expect(ids).toEqual([1, 2]);
    expect([...warnings, ...errors]).toEqual([]);
  });

  test.each([
    ["no JSON", "{nonsense"],
    ["a JSON text that is no message", '"hello"'],
    ["an object that is no message", '{"jsonrpc":"2.0"}'],
    ["another version", '{"jsonrpc":"1.0","id":1,"method":"ping"}'],
    ["a batch", `[${ping(8)},${ping(9)}]`],
    ["null", "null"],
    ["bytes that are no UTF-8", "\ufffd\ufffd"],
    ["very deep nesting", "[".repeat(200_000)],
    ["very deep nesting that ends", "[".repeat(200_000) + "]".repeat(200_000)],
    [
      "a message with very deep nesting",
      `{"jsonrpc":"2.0","id":1,"method":"x","params":${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}}`,
    ],
  ])("%s is ignored with a word, and the next line is served", async (_, line) => {
    const { ids, warnings, errors } = await readText(`${line}\n${ping(2)}\n`);
    expect(ids.at(-1)).toBe(2);
    expect(errors).toEqual([]);
    if (ids.length === 1) expect(warnings).toEqual(["ignored a line on stdin that is no JSON-RPC message"]);
  });

  test("messages come through whole however the bytes are parted", async () => {
    const bytes = encode(`${ping(1, "käse 👩‍👩‍👧 \\n")}\r\n\n${ping(2, "中文")}\n${ping(3)}`);
    const whole = await read([bytes]);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 30, size: "max" }), async (cuts) => {
        const ends = [...new Set([...cuts, bytes.length])].sort((a, b) => a - b);
        const chunks = ends.map((end, index) => bytes.slice(ends[index - 1] ?? 0, end));
        expect((await read(chunks)).messages).toEqual(whole.messages);
      }),
    );
    expect((await read([...bytes].map((byte) => Uint8Array.of(byte)))).messages).toEqual(whole.messages);
    expect(whole.ids).toEqual([1, 2, 3]);
  });

  test("a chunk that is used again by its owner does not change what was read", async () => {
    const buffer = new Uint8Array(64);
    async function* reusing() {
      for (const part of [`{"jsonrpc":"2.0",`, `"id":1,"method":"ping"}\n`]) {
        buffer.fill(32);
        buffer.set(encode(part));
        yield buffer.subarray(0, part.length);
      }
    }
    const messages: JSONRPCMessage[] = [];
    const transport = new StdioTransport({
      input: reusing(),
      write: async () => undefined,
      warn: () => undefined,
    });
    transport.onmessage = (message) => messages.push(message);
    await transport.start();
    await transport.ended;
    expect(messages).toHaveLength(1);
  });
});

describe("a line that is too long", () => {
  const MIB = 1024 * 1024;
  const chunk = new Uint8Array(MIB).fill(0x78);

  test("is ignored with a word, and the next line is served", async () => {
    const long = Array.from({ length: 11 }, () => chunk);
    const { ids, warnings, errors } = await read([encode(`${ping(1)}\n`), ...long, encode(`\n${ping(2)}\n`)]);
    expect(ids).toEqual([1, 2]);
    expect(warnings).toEqual(["ignored a line on stdin of more than 10 MiB"]);
    expect(errors).toEqual([]);
  });

  test("in one chunk with good ones", async () => {
    const { ids, warnings } = await readText(`${ping(1)}\n${"x".repeat(10 * MIB + 1)}\n${ping(2)}`);
    expect(ids).toEqual([1, 2]);
    expect(warnings).toHaveLength(1);
  });

  test("at the end of the input", async () => {
    const { warnings } = await read(Array.from({ length: 11 }, () => chunk));
    expect(warnings).toEqual(["ignored a line on stdin of more than 10 MiB"]);
  });

  test("is not kept in memory while it comes", async () => {
    // The same bytes again and again: what grows is what the transport keeps.
    async function* endless() {
      for (let count = 0; count < 300; count++) yield chunk;
      yield encode(`\n${ping(1)}\n`);
    }
    Bun.gc(true);
    const before = process.memoryUsage.rss();
    const messages: JSONRPCMessage[] = [];
    const transport = new StdioTransport({
      input: endless(),
      write: async () => undefined,
      warn: () => undefined,
    });
    transport.onmessage = (message) => messages.push(message);
    await transport.start();
    await transport.ended;
    expect(messages).toHaveLength(1);
    expect(process.memoryUsage.rss() - before).toBeLessThan(150 * MIB);
  });

  test("of exactly the limit is read", async () => {
    const frame = ping(1, "");
    const { ids, warnings } = await readText(`${ping(1, "x".repeat(10 * MIB - frame.length))}\n`);
    expect([ids, warnings]).toEqual([[1], []]);
  });
});

describe("the end of the input", () => {
  test("an input that fails ends as well, and the failure is told", async () => {
    async function* failing() {
      yield encode(`${ping(1)}\n`);
      throw new Error("EIO");
    }
    const errors: Error[] = [];
    const transport = new StdioTransport({
      input: failing(),
      write: async () => undefined,
      warn: () => undefined,
    });
    transport.onerror = (error) => errors.push(error);
    await transport.start();
    await transport.ended;
    expect(errors.map(({ message }) => message)).toEqual(["EIO"]);
  });
});

describe("writing", () => {
  test("one line a message, whatever it holds, and it waits for the system", async () => {
    const written: string[] = [];
    const taken = Promise.withResolvers<void>();
    const transport = new StdioTransport({
      input: stream([]),
      write: (text) => {
        written.push(text);
        return taken.promise;
      },
      warn: () => undefined,
    });
    let sent = false;
    const sending = transport
      .send({ jsonrpc: "2.0", id: 1, result: { text: "a\nb\r\n\u2028 käse" } })
      .then(() => {
        sent = true;
      });
    await Promise.resolve();
    expect(sent).toBe(false);
    taken.resolve();
    await sending;
    expect(written).toHaveLength(1);
    expect(written[0]).toMatch(/^[^\n\r]*\n$/);
    expect(JSON.parse(written[0] ?? "")).toEqual({
      jsonrpc: "2.0",
      id: 1,
      result: { text: "a\nb\r\n\u2028 käse" },
    });
  });

  test("nothing is written before something is sent", async () => {
    const written: string[] = [];
    const transport = new StdioTransport({
      input: stream([encode(`${ping(1)}\n`)]),
      write: async (text) => void written.push(text),
      warn: () => undefined,
    });
    await transport.start();
    await transport.ended;
    expect(written).toEqual([]);
  });

  test("closing is told once asked", async () => {
    let closed = 0;
    const transport = new StdioTransport({
      input: stream([]),
      write: async () => undefined,
      warn: () => undefined,
    });
    transport.onclose = () => {
      closed++;
    };
    await transport.close();
    expect(closed).toBe(1);
  });
});
