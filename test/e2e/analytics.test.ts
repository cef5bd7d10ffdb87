import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import manifest from "../../package.json" with { type: "json" };
import { type ServedTenant, serveTenant } from "../../scripts/support/tenants.ts";
import { asObject, type JsonObject, parseJson } from "../../src/lib/json.ts";
import { collectors, silence, startCollector, eventsTo as to } from "../support/collector.ts";
import { bareEnvironment, executable, type Finished, run } from "../support/executable.ts";

const surroundings = { version: manifest.version, os: process.platform, arch: process.arch };

let served: ServedTenant;
beforeAll(async () => {
  served = await serveTenant();
});
afterAll(() => served.stop());

const collecting = collectors();

/** Runs a command until its event has arrived: on a machine that is busy with other things one may be lost. */
async function eventOf(words: readonly string[], env: Record<string, string> = {}) {
  const collector = collecting();
  let finished: Finished;
  let runs = 0;
  do {
    finished = await run(words, { env: { ...to(collector.url), ...env } });
    runs++;
  } while (collector.received.length === 0 && runs < 20);
  expect(collector.received.length).toBe(1);
  const [received] = collector.received;
  if (received === undefined) throw new Error("no event");
  return { finished, received };
}

describe("what is sent", () => {
  test("one POST with exactly the fields of a command's event, and the headers of any request", async () => {
    const { finished, received } = await eventOf(["clients", "list"]);
    expect(finished.code).toBe(0);
    const { duration_ms, ...rest } = received.event;
    expect(rest).toEqual({ ...surroundings, command: "clients list", success: true });
    expect(duration_ms).toSatisfy((value) => Number.isInteger(value) && Number(value) >= 0);
    expect(`${received.method} ${received.path}`).toBe("POST /events?from=test");
    const { "content-length": length, host, ...headers } = received.headers;
    expect(headers).toEqual({
      accept: "*/*",
      "accept-encoding": expect.any(String),
      "content-type": "application/json",
      "user-agent": `auth0-mcp/${manifest.version}`,
    });
  });

  test.each([
    [["session"], 3, "session"],
    [["run", "--canary"], 2, undefined],
    [["tools", "show", "auth0_canary"], 2, "tools show"],
    [["tools", "call", "auth0_list_applications", "--canary", "canary"], 2, "tools call"],
    [["canary"], 2, undefined],
    [["tools"], 2, undefined],
    [["--version"], 0, undefined],
    [["--help"], 0, undefined],
    [["help", "run"], 0, undefined],
    [["completion", "bash"], 0, undefined],
    [["complete", "--", "t"], 0, undefined],
    [["analytics"], 0, undefined],
  ])("%j ends with %d and is told as %p", async (words, code, command) => {
    const plain = await run(words);
    if (command === undefined) {
      const collector = collecting();
      expect((await run(words, { env: to(collector.url) })).code).toBe(code);
      expect(collector.received).toEqual([]);
    } else {
      const { finished, received } = await eventOf(words);
      expect(finished).toEqual(plain);
      expect(received.event).toMatchObject({ command, success: false });
      expect(JSON.stringify(received)).not.toContain("canary");
    }
    expect(plain.code).toBe(code);
  });

  test("analytics prints what is sent, with other numbers", async () => {
    const { received } = await eventOf(["clients", "list"]);
    const { finished: called } = await eventOf(["tools", "list"]);
    expect(called.code).toBe(0);
    const { stdout } = await run(["analytics", "--json"], { env: to("https://collector.example/x") });
    const told = asObject(parseJson(stdout)) ?? {};
    expect(told).toMatchObject({
      on: true,
      decided_by: "AUTH0_MCP_ANALYTICS_URL",
      url: "https://collector.example/x",
    });
    expect(told["event"]).toEqual({
      ...received.event,
      command: expect.any(String),
      duration_ms: expect.any(Number),
    });
    expect(Object.keys(asObject(told["event"]) ?? {})).toEqual(Object.keys(received.event));
    const { stdout: words } = await run(["analytics"]);
    expect(words).toContain("Off: ");
    expect(words).toContain(JSON.stringify(told["event"]));
    expect(words).toContain(JSON.stringify(told["tool_event"]));
  });
});

describe("nothing is sent", () => {
  const collector = startCollector();
  afterAll(() => collector.stop());

  test.each([
    ["empty", { AUTH0_MCP_ANALYTICS_URL: "" }, "AUTH0_MCP_ANALYTICS_URL is empty."],
    ["turned off", { ...to(collector.url), AUTH0_MCP_ANALYTICS: "false" }, "AUTH0_MCP_ANALYTICS says so."],
    ["DO_NOT_TRACK", { ...to(collector.url), DO_NOT_TRACK: "1" }, "DO_NOT_TRACK says so."],
    [
      "misspelt",
      { ...to(collector.url), AUTH0_MCP_ANALYTICS: "flase" },
      "AUTH0_MCP_ANALYTICS is no boolean, which counts as off.",
    ],
    [
      "DO_NOT_TRACK misspelt",
      { ...to(collector.url), DO_NOT_TRACK: "treu" },
      "DO_NOT_TRACK is no boolean, which counts as off.",
    ],
    [
      "credentials",
      to(collector.url.replace("//", "//canary:canary@")),
      "AUTH0_MCP_ANALYTICS_URL carries credentials.",
    ],
    ["not https", to("http://collector.example/"), "AUTH0_MCP_ANALYTICS_URL is not https."],
  ])("%s: neither by a command nor by a server, and analytics says why", async (_, env, reason) => {
    expect((await run(["clients", "list"], { env })).code).toBe(0);
    const { client } = await connectAs("claude-code", { ...env, ...served.env });
    await client.callTool({ name: "auth0_list_applications", arguments: {} });
    await client.close();
    const { code, stdout } = await run(["analytics"], { env });
    expect([code, stdout.split("\n")[0]]).toEqual([0, `Off: ${reason}`]);
    expect(stdout).not.toContain("canary");
    expect(collector.received).toEqual([]);
  });
});

/** A server as an MCP client of that name starts it. */
async function connectAs(name: string, env: Record<string, string>, flags: readonly string[] = []) {
  const transport = new StdioClientTransport({
    command: await executable(),
    args: ["run", ...flags],
    env: bareEnvironment(env),
    stderr: "ignore",
  });
  const client = new Client({ name, version: "canary-version", title: "canary title" });
  await client.connect(transport);
  return { client, transport };
}

describe("a server", () => {
  test("tells of each call the tool, how it ended and which client; no name that a client made up", async () => {
    const collector = collecting();
    const { client } = await connectAs("claude-code", { ...to(collector.url), ...served.env }, [
      "--exclude-tools",
      "auth0_get_form",
    ]);
    await client.listTools();
    await client.callTool({ name: "auth0_list_applications", arguments: {} });
    await collector.count(1);
    await client.callTool({ name: "auth0_list_forms", arguments: { canary: "canary" } });
    await collector.count(2);
    for (const name of ["auth0_canary", "auth0_get_form", "canary"]) {
      await expect(client.callTool({ name, arguments: {} })).rejects.toThrow("Unknown tool");
    }
    await client.callTool({ name: "auth0_get_application", arguments: { client_id: "canary" } });
    await collector.count(3);
    await client.close();
    const call = { ...surroundings, duration_ms: expect.any(Number), client: "claude-code" };
    expect(collector.received.map(({ event }) => event)).toEqual([
      { ...call, tool: "auth0_list_applications", success: true },
      { ...call, tool: "auth0_list_forms", success: false },
      { ...call, tool: "auth0_get_application", success: false },
    ]);
  });

  test("tells of a client that is not widespread no more than that", async () => {
    const collector = collecting();
    const { client } = await connectAs("canary.eu.auth0.com", { ...to(collector.url), ...served.env });
    await client.callTool({ name: "auth0_list_forms", arguments: {} });
    await collector.count(1);
    await client.close();
    expect(collector.received.map(({ event }) => event["client"])).toEqual(["other"]);
    expect(JSON.stringify(collector.received)).not.toContain("canary");
  });

  test("nothing of a tenant is ever in an event: no domain, no token, no id, no argument, no answer", async () => {
    const collector = collecting();
    const env = { ...to(collector.url), ...served.env };
    const { client } = await connectAs("cursor-vscode", env);
    const made = await client.callTool({
      name: "auth0_create_application",
      arguments: { name: "canary-application", app_type: "spa", description: "canary-description" },
    });
    const { client_id: id } = asObject(made.structuredContent) ?? {};
    expect(id).toBeString();
    await client.callTool({ name: "auth0_get_application", arguments: { client_id: String(id) } });
    await collector.count(2);
    await client.close();
    const words = ["tools", "call", "auth0_get_application", "--args", JSON.stringify({ client_id: id })];
    const { received, finished } = await eventOf(words, served.env);
    expect(finished.stdout).toContain("canary-application");
    const sent = JSON.stringify([...collector.received, received]);
    const { AUTH0_TOKEN: token = "", AUTH0_DOMAIN: domain = "" } = served.env;
    for (const secret of [token, domain, String(id), "canary", served.tenant.clientId]) {
      expect({ secret, sent: sent.includes(secret) }).toEqual({ secret, sent: false });
    }
  });

  const initialize = {
    id: 1,
    method: "initialize",
    params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "Zed", version: "1" } },
  };
  const call = { id: 2, method: "tools/call", params: { name: "auth0_list_forms", arguments: {} } };
  const lines = (...messages: JsonObject[]) =>
    messages.map((message) => `${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`).join("");

  test.each(["EOF", "SIGINT", "SIGTERM"] as const)(
    "ends on %s within 300 ms while its events are not answered, and gives them up",
    async (end) => {
      const times: number[] = [];
      for (let attempt = 0; attempt < 5; attempt++) {
        const collector = collecting(silence);
        const child = Bun.spawn([await executable(), "run"], {
          env: bareEnvironment({ ...to(collector.url), ...served.env }),
          stdin: "pipe",
          stdout: "ignore",
          stderr: "pipe",
        });
        child.stdin.write(lines(initialize, call));
        await child.stdin.flush();
        await collector.count(1);
        const asked = performance.now();
        if (end === "EOF") child.stdin.end();
        else child.kill(end);
        expect(await child.exited).toBe({ EOF: 0, SIGINT: 130, SIGTERM: 143 }[end]);
        times.push(performance.now() - asked);
        expect(await new Response(child.stderr).text()).toBe("");
        await collector.givenUp;
        child.stdin.end();
      }
      // The machine may be busy with something else at one attempt, but not at all of them.
      expect(Math.min(...times)).toBeLessThan(300);
    },
  );
});
