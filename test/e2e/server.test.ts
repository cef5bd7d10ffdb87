import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type ServedTenant, serveTenant } from "../../scripts/support/tenants.ts";
import { isObject } from "../../src/lib/json.ts";
import { connect } from "../support/client.ts";
import { bareEnvironment, executable } from "../support/executable.ts";

let served: ServedTenant;
beforeAll(async () => {
  served = await serveTenant();
});
afterAll(() => served.stop());

const initialize = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "raw", version: "1" } },
};

/** A server whose streams a test holds itself. */
async function rawServer(env: Record<string, string> = served.env) {
  const child = Bun.spawn([await executable(), "run"], {
    env: bareEnvironment(env),
    stdin: "pipe",
    stdout: "pipe",
    stderr: "pipe",
  });
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const nextLine = async (): Promise<string> => {
    while (!text.includes("\n")) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`stdout ended with "${text}"`);
      text += value;
    }
    const end = text.indexOf("\n");
    const line = text.slice(0, end);
    text = text.slice(end + 1);
    return line;
  };
  const send = async (...messages: unknown[]) => {
    child.stdin.write(messages.map((message) => `${JSON.stringify(message)}\n`).join(""));
    await child.stdin.flush();
  };
  return { child, send, nextLine };
}

/** A tenant that takes requests and never answers; it tells when a request came and when it was given up. */
function silentTenant() {
  const arrived = Promise.withResolvers<void>();
  const aborted = Promise.withResolvers<void>();
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    fetch(request) {
      request.signal.addEventListener("abort", () => aborted.resolve());
      arrived.resolve();
      return new Promise<Response>(() => undefined);
    },
  });
  const env = { AUTH0_DOMAIN: `127.0.0.1:${server.port}`, AUTH0_TOKEN: "opaque-token" };
  return { env, arrived: arrived.promise, aborted: aborted.promise, stop: () => server.stop(true) };
}

const slowCall = {
  jsonrpc: "2.0",
  id: 2,
  method: "tools/call",
  params: { name: "auth0_get_application", arguments: { client_id: "x" } },
};

describe("the process", () => {
  test("writes nothing before initialize, and only protocol messages after", async () => {
    const { child, send, nextLine } = await rawServer();
    const first = nextLine();
    const quiet = await Promise.race([first.then(() => "spoke"), Bun.sleep(300).then(() => "quiet")]);
    expect(quiet).toBe("quiet");
    await send(initialize);
    expect(JSON.parse(await first)).toMatchObject({ id: 1, result: { serverInfo: { name: "auth0" } } });
    child.stdin.end();
    expect(await child.exited).toBe(0);
  });

  test("ends with 0 when stdin ends, and gives up the call in flight", async () => {
    const tenant = silentTenant();
    const { child, send } = await rawServer(tenant.env);
    await send(initialize, slowCall);
    await tenant.arrived;
    child.stdin.end();
    expect(await child.exited).toBe(0);
    await tenant.aborted;
    tenant.stop();
  });

  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const) {
    test(`ends with ${code} on ${signal}, with a call in flight`, async () => {
      const tenant = silentTenant();
      const { child, send } = await rawServer(tenant.env);
      await send(initialize, slowCall);
      await tenant.arrived;
      child.kill(signal);
      expect(await child.exited).toBe(code);
      await tenant.aborted;
      tenant.stop();
    });
  }

  test("a cancelled call stops at the tenant and gets no answer; the next one does", async () => {
    const tenant = silentTenant();
    const { child, send, nextLine } = await rawServer(tenant.env);
    await send(initialize);
    await nextLine();
    await send(slowCall);
    await tenant.arrived;
    await send({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 2 } });
    await tenant.aborted;
    await send({ jsonrpc: "2.0", id: 3, method: "ping" });
    expect(JSON.parse(await nextLine())).toMatchObject({ id: 3 });
    child.stdin.end();
    expect(await child.exited).toBe(0);
    tenant.stop();
  });

  test("outlives lines that are no messages and says so on stderr", async () => {
    const { child, send, nextLine } = await rawServer();
    child.stdin.write("this is no JSON\n");
    child.stdin.write(`{"x":"${"a".repeat(11 * 1024 * 1024)}"}\n`);
    await send(initialize);
    expect(JSON.parse(await nextLine())).toMatchObject({ id: 1 });
    child.stdin.end();
    expect(await child.exited).toBe(0);
    const stderr = await new Response(child.stderr).text();
    expect(stderr).toContain("no JSON-RPC message");
    expect(stderr).toContain("more than 10 MiB");
  });
});

describe("the protocol", () => {
  test("an unknown tool and a tool that is not exposed answer alike: -32602", async () => {
    const { client, call } = await connect(["run", "--read-only"], served.env);
    const errorOf = async (name: string) =>
      call(name).then(
        () => undefined,
        (error: unknown) => (isObject(error) || error instanceof Error ? error : undefined),
      );
    for (const name of ["auth0_create_application", "auth0_no_such_tool"]) {
      expect(await errorOf(name)).toMatchObject({
        code: -32602,
        message: expect.stringContaining(`Unknown tool: ${name}`),
      });
    }
    await client.close();
  });

  test("bad arguments are a result with isError that names the field", async () => {
    const { client, call } = await connect(["run"], served.env);
    const { isError, data, structured } = await call("auth0_list_applications", { per_page: -1, pge: 1 });
    expect(isError).toBe(true);
    expect(structured).toBeUndefined();
    expect(data["error"]).toMatchObject({ code: "invalid_arguments", hint: "Did you mean page?" });
    expect(JSON.stringify(data)).toContain("per_page");
    await client.close();
  });

  test("the result's text is the structured content", async () => {
    const { client, call } = await connect(["run"], served.env);
    const { data, structured } = await call("auth0_list_applications");
    expect(data).toEqual(structured as typeof data);
    await client.close();
  });

  test("initialize tells name, version and short instructions built from what is enabled", async () => {
    const { client } = await connect(["run", "--read-only", "--tools", "*application*"], served.env);
    expect(client.getServerVersion()).toMatchObject({ name: "auth0" });
    expect(client.getServerCapabilities()).toEqual({ tools: {} });
    const text = client.getInstructions() ?? "";
    expect(text.length).toBeLessThanOrEqual(2000);
    expect(text).toContain(served.tenant.domain);
    expect(text).toContain("reading only");
    expect(text).not.toContain("dry_run");
    expect(text).not.toContain("forms");
    await client.close();
  });

  test("tools come in stable order, byte for byte", async () => {
    const [first, second] = await Promise.all([connect(["run"], served.env), connect(["run"], served.env)]);
    expect(JSON.stringify(await first.client.listTools())).toBe(
      JSON.stringify(await second.client.listTools()),
    );
    await Promise.all([first.client.close(), second.client.close()]);
  });

  test("the embedded sandbox serves without credentials and without a port", async () => {
    const { client, call } = await connect(["run", "--sandbox"]);
    expect((await call("auth0_list_applications")).isError).toBe(false);
    await client.close();
  });
});

describe("a malformed request is answered, so that no client waits for ever", () => {
  const malformed: readonly (readonly [string, object, number])[] = [
    ["params that are null", { id: 5, method: "tools/list", params: null }, -32600],
    ["params that are a list", { id: "five", method: "tools/call", params: [] }, -32600],
    [
      "a progress token that is null",
      { id: 5, method: "tools/call", params: { _meta: { progressToken: null } } },
      -32600,
    ],
    ["a call without a name", { id: 5, method: "tools/call", params: {} }, -32602],
    [
      "arguments that are a list",
      { id: 5, method: "tools/call", params: { name: "x", arguments: [] } },
      -32602,
    ],
    ["an initialize without its parameters", { id: 5, method: "initialize", params: {} }, -32602],
    ["an unknown method", { id: 5, method: "tools/cal" }, -32601],
  ];
  for (const [name, request, code] of malformed) {
    test(name, async () => {
      const { child, send, nextLine } = await rawServer();
      await send({ jsonrpc: "2.0", ...request });
      const answer = await nextLine();
      expect(JSON.parse(answer)).toMatchObject({
        ...("id" in request ? { id: request.id } : {}),
        error: { code },
      });
      expect(answer).not.toContain("invalid_type");
      child.stdin.end();
      expect(await child.exited).toBe(0);
    });
  }
});
