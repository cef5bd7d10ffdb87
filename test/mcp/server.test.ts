import { afterEach, describe, expect, test } from "bun:test";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import {
  LATEST_PROTOCOL_VERSION,
  ListPromptsRequestSchema,
  McpError,
  ResultSchema,
} from "@modelcontextprotocol/sdk/types.js";
import manifest from "../../package.json" with { type: "json" };
import { parseJson } from "../../src/lib/json.ts";
import { createServer } from "../../src/mcp/server.ts";
import type { Outcome } from "../../src/policy/pipeline.ts";
import { ListAnswer } from "../../src/tools/answers.ts";
import type { Tool } from "../../src/tools/define.ts";
import { testPipeline, testTool } from "../policy/harness.ts";

const clients: Client[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
});

async function connect(tools: Tool | readonly Tool[], readOnly = false): Promise<Client> {
  const { pipeline } = testPipeline(tools, { readOnly });
  const [near, far] = InMemoryTransport.createLinkedPair();
  const client = new Client({ name: "test", version: "1.0.0" });
  await createServer(pipeline, "Some words.").connect(far);
  await client.connect(near);
  clients.push(client);
  return client;
}

/** The error that the server answered a raw request with. */
async function refusal(client: Client, method: string, params?: Record<string, unknown>): Promise<McpError> {
  try {
    await client.request({ method, ...(params === undefined ? {} : { params }) }, ResultSchema);
  } catch (error) {
    if (error instanceof McpError) return error;
    throw error;
  }
  throw new Error(`${method} was answered`);
}

function textOf(result: Awaited<ReturnType<Client["callTool"]>>): unknown {
  const [block, ...more] = Array.isArray(result.content) ? result.content : [];
  expect(more).toEqual([]);
  return block?.type === "text" ? parseJson(block.text) : undefined;
}

describe("what the server says of itself", () => {
  test("name, version, instructions, and no capability that it does not have", async () => {
    const client = await connect(testTool());
    expect(client.getServerVersion()).toMatchObject({ name: "auth0", version: manifest.version });
    expect(client.getInstructions()).toBe("Some words.");
    expect(client.getServerCapabilities()).toEqual({ tools: {} });
  });

  test.each([
    ["2025-06-18", "2025-06-18"],
    [LATEST_PROTOCOL_VERSION, LATEST_PROTOCOL_VERSION],
    ["1999-01-01", LATEST_PROTOCOL_VERSION],
  ])("a client that speaks version %s is offered %s", async (spoken, offered) => {
    const client = await connect(testTool());
    const params = { protocolVersion: spoken, capabilities: {}, clientInfo: { name: "x", version: "1" } };
    const answer = await client.request({ method: "initialize", params }, ResultSchema);
    expect(answer["protocolVersion"]).toBe(offered);
  });

  test("it sends nothing that it does not announce, and answers nothing else", async () => {
    const server = createServer(testPipeline(testTool()).pipeline, "");
    const [near] = InMemoryTransport.createLinkedPair();
    await server.connect(near);
    await expect(server.notification({ method: "notifications/tools/list_changed" })).rejects.toThrow(
      "support",
    );
    expect(() => server.setRequestHandler(ListPromptsRequestSchema, () => ({ prompts: [] }))).toThrow(
      "prompts/list",
    );
    await server.close();
  });

  test("ping is answered, and what it does not have is unknown", async () => {
    const client = await connect(testTool());
    expect(await client.ping()).toEqual({});
    for (const method of [
      "resources/list",
      "prompts/list",
      "logging/setLevel",
      "completion/complete",
      "server/discover",
      "nonsense",
    ]) {
      expect(await refusal(client, method)).toMatchObject({ code: -32601 });
    }
  });
});

describe("tools/list", () => {
  const tools = [
    testTool({ name: "auth0_list_logs", untrusted: ["user_agent"] }),
    testTool({ name: "auth0_create_application", kind: "create" }),
    testTool({ name: "auth0_update_application", kind: "update" }),
    testTool({ name: "auth0_delete_application", kind: "delete" }),
    testTool({ name: "auth0_deploy_action", kind: "deploy" }),
  ];

  test("tells the exposed tools in order, the same bytes every time", async () => {
    const client = await connect(tools);
    const first = await client.listTools();
    expect(first.tools.map(({ name }) => name)).toEqual(tools.map(({ name }) => name));
    expect(JSON.stringify(await client.listTools())).toBe(JSON.stringify(first));
    expect(first.nextCursor).toBeUndefined();
    expect(
      (await connect(tools, true).then((readOnly) => readOnly.listTools())).tools.map(({ name }) => name),
    ).toEqual(["auth0_list_logs"]);
  });

  test("the hints follow from the kind", async () => {
    const listed = (await (await connect(tools)).listTools()).tools;
    expect(
      listed.map(({ annotations }) => [
        annotations?.readOnlyHint,
        annotations?.destructiveHint,
        annotations?.idempotentHint,
      ]),
    ).toEqual([
      [true, false, expect.any(Boolean)],
      [false, false, false],
      [false, true, true],
      [false, true, false],
      [false, true, false],
    ]);
    for (const { title, description, inputSchema, annotations } of listed) {
      expect(typeof title).toBe("string");
      expect(typeof description).toBe("string");
      expect(inputSchema).toMatchObject({ type: "object", additionalProperties: false });
      expect(typeof annotations?.openWorldHint).toBe("boolean");
    }
  });
});

describe("tools/call", () => {
  test("a success carries the object, and the same as compact text", async () => {
    const client = await connect(
      testTool({
        run: async () =>
          new ListAnswer("things", [{ id: 1 }], { next: null, resume: () => ({ kept: 1, next: {} }) }),
      }),
    );
    const result = await client.callTool({ name: "auth0_test", arguments: {} });
    expect(result.isError).toBeUndefined();
    expect<unknown>(result.structuredContent).toEqual({ things: [{ id: 1 }], next: null });
    expect<unknown>(result.content).toEqual([{ type: "text", text: '{"things":[{"id":1}],"next":null}' }]);
  });

  test("arguments may be left out", async () => {
    expect(textOf(await (await connect(testTool())).callTool({ name: "auth0_test" }))).toEqual({
      done: true,
    });
  });

  test.each([
    ["bad arguments", { unknown: true }, "invalid_arguments"],
    ["a wrong kind", { id: 5 }, "invalid_arguments"],
  ])("%s are an error of the tool, without structured content", async (_, args, code) => {
    const result = await (await connect(testTool())).callTool({ name: "auth0_test", arguments: args });
    expect(result.isError).toBe(true);
    expect(result).not.toHaveProperty("structuredContent");
    expect(textOf(result)).toMatchObject({ error: { code } });
  });

  test("a defect is an error of the tool, without its text", async () => {
    const client = await connect(testTool({ run: () => Promise.reject(new Error("secret /home/me")) }));
    const result = await client.callTool({ name: "auth0_test" });
    expect(result.isError).toBe(true);
    expect(JSON.stringify(result)).not.toContain("/home");
    expect(textOf(result)).toMatchObject({ error: { code: "internal_error" } });
  });

  test.each([["auth0_nothing"], ["auth0_create"], [""], ["constructor"]])(
    "%j is an unknown tool, exposed or not",
    async (name) => {
      const client = await connect([testTool(), testTool({ name: "auth0_create", kind: "create" })], true);
      const error = await refusal(client, "tools/call", { name, arguments: {} });
      expect(error.code).toBe(-32602);
      expect(error.message).toContain(`Unknown tool: ${name}`);
    },
  );

  test.each([
    ["nothing", undefined],
    ["no name", { arguments: {} }],
    ["a name that is no text", { name: 5 }],
    ["a list of arguments", { name: "auth0_test", arguments: [] }],
    ["arguments that are a text", { name: "auth0_test", arguments: "{}" }],
  ])("%s is a malformed request, told in one line", async (_, params) => {
    const error = await refusal(await connect(testTool()), "tools/call", params);
    expect(error.code).toBe(-32602);
    expect(error.message).not.toContain("\n");
    expect(error.message.length).toBeLessThan(200);
  });
});

describe("cancellation", () => {
  test("reaches the call, and nothing is answered", async () => {
    const started = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<string>();
    const tool = testTool({
      kind: "deploy",
      run: async ({ waitUntil }) => {
        started.resolve();
        const never = new Promise<boolean>(() => undefined);
        return waitUntil({ poll: async () => ({}), done: () => false, what: "nothing" }).catch(
          (error: unknown) => {
            ended.resolve(String(error));
            return never.then(() => ({}));
          },
        );
      },
    });
    const client = await connect(tool);
    const controller = new AbortController();
    const call = client.callTool({ name: "auth0_test" }, undefined, { signal: controller.signal });
    await started.promise;
    controller.abort("enough");
    await expect(call).rejects.toThrow("enough");
    await ended.promise;
    expect(await client.ping()).toEqual({});
  });

  test("closing the server ends the calls in flight", async () => {
    const started = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<void>();
    const { pipeline } = testPipeline(testTool());
    const [near, far] = InMemoryTransport.createLinkedPair();
    const server = createServer(
      {
        ...pipeline,
        call: (_, __, { signal }) => {
          started.resolve();
          return new Promise((_, reject) => signal.addEventListener("abort", () => reject(ended.resolve())));
        },
      },
      "",
    );
    const client = new Client({ name: "test", version: "1.0.0" });
    await server.connect(far);
    await client.connect(near);
    const call = client.callTool({ name: "auth0_test" });
    await started.promise;
    await server.close();
    await ended.promise;
    await expect(call).rejects.toThrow();
  });
});

describe("progress", () => {
  const steps = testTool({
    run: async ({ progress }) => {
      for (const step of ["one", "two", "three"]) progress(step);
      return {};
    },
  });

  test("is told to a client that asks, in rising numbers", async () => {
    const client = await connect(steps);
    const told: unknown[] = [];
    await client.callTool({ name: "auth0_test" }, undefined, {
      onprogress: (progress) => told.push(progress),
    });
    expect(told).toEqual([
      { progress: 1, message: "one" },
      { progress: 2, message: "two" },
      { progress: 3, message: "three" },
    ]);
  });

  test("is not told to one that does not", async () => {
    const client = await connect(steps);
    const notified: string[] = [];
    client.fallbackNotificationHandler = async ({ method }) => void notified.push(method);
    await client.callTool({ name: "auth0_test" });
    await client.ping();
    expect(notified).toEqual([]);
  });

  test.each([[0], [""], ["a"]])("the token %j is a token", async (progressToken) => {
    const client = await connect(steps);
    const told: unknown[] = [];
    client.fallbackNotificationHandler = async ({ params }) => void told.push(params);
    // The client's own handler of progress knows nothing of tokens that it did not make.
    client.removeNotificationHandler("notifications/progress");
    await client.request(
      { method: "tools/call", params: { name: "auth0_test", _meta: { progressToken } } },
      ResultSchema,
    );
    await client.ping();
    expect(told).toEqual(
      ["one", "two", "three"].map((message, index) => ({ progressToken, progress: index + 1, message })),
    );
  });

  test("a client that has gone away is no failure of the call", async () => {
    const { pipeline } = testPipeline(testTool());
    const [near, far] = InMemoryTransport.createLinkedPair();
    const finished = Promise.withResolvers<void>();
    const server = createServer(
      {
        ...pipeline,
        async call(_, __, { progress, signal }): Promise<Outcome> {
          await server.close();
          expect(signal.aborted).toBe(true);
          progress?.("late");
          finished.resolve();
          return { ok: true, data: {}, text: "{}" };
        },
      },
      "",
    );
    const client = new Client({ name: "test", version: "1.0.0" });
    await server.connect(far);
    await client.connect(near);
    await client
      .callTool({ name: "auth0_test" }, undefined, { onprogress: () => undefined })
      .catch(() => undefined);
    await finished.promise;
    await Bun.sleep(0);
  });
});
