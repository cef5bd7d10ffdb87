import { afterAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import manifest from "../../package.json" with { type: "json" };
import { registry } from "../../src/tools/registry.ts";
import { jwt } from "../auth/tokens.ts";
import { run } from "./harness.ts";

const folder = await mkdtemp(join(tmpdir(), "auth0-mcp-test-"));
afterAll(() => rm(folder, { recursive: true }));

const TOKEN = jwt({ exp: 4_000_000_000, scope: "read:clients" });
const EXPIRED = jwt({ exp: 1_000_000_000, scope: "read:clients" });

describe("version and help", () => {
  test.each([["--version"], ["-v"]])("%s", async (flag) => {
    expect(await run([flag])).toMatchObject({ code: 0, stdout: manifest.version, stderr: "" });
    expect(await run([flag, "x"])).toMatchObject({ code: 2, stdout: "" });
  });

  test("nothing at all is help for people, and exit 2", async () => {
    const { code, stdout, stderr } = await run([]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("run");
  });

  test("a group without a command is the same", async () => {
    expect(await run(["tools"])).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining("list"),
    });
  });

  test.each([
    [["help", "nonsense"], "nonsense"],
    [["help", "run", "x"], "no help"],
    [["help", "tools", "lst"], "list"],
  ])("%j", async (words, said) => {
    expect(await run(words)).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining(said) });
  });
});

describe("wrong usage is exit 2, is told on stderr, and nothing runs", () => {
  test.each([
    [["rnu"], "Did you mean run"],
    [["--tools", "x"], "Unknown flag --tools"],
    [["tools", "--json"], "Unknown flag --json"],
    [["run", "--reed-only"], "Did you mean --read-only"],
    [["run", "extra"], 'Unexpected argument "extra"'],
    [["run", "--tools"], "--tools needs a value"],
    [["run", "--sandbox", "--tools", ""], "--tools is empty"],
    [["run", "--sandbox", "--tools", ","], "empty pattern"],
    [["run", "--sandbox", "--tools", "nothing_like_this"], "no tool matches"],
    [["run", "--sandbox", "--tools", "!auth0_get_*"], "--exclude-tools"],
    [["run", "--sandbox", "--exclude-tools", "*"], "No tool is left"],
    [["run", "--sandbox", "--read-only=perhaps"], "must be a boolean"],
    [["tools", "show"], "NAME is missing"],
    [["tools", "show", "auth0_list_aplications"], "auth0_list_applications"],
    [["tools", "call", "auth0_nothing", "--sandbox"], 'There is no tool "auth0_nothing"'],
    [["tools", "call", "auth0_list_applications", "--sandbox", "--args", "{"], "--args holds no JSON object"],
    [
      ["tools", "call", "auth0_list_applications", "--sandbox", "--args", "[]"],
      "--args holds no JSON object",
    ],
    [
      ["tools", "call", "auth0_list_applications", "--sandbox", "--args", "{}", "--args-file", "x"],
      "cannot be given together",
    ],
    [
      ["tools", "call", "auth0_list_applications", "--sandbox", "--args-file", "/nonexistent/x.json"],
      "cannot be read: there is no such file",
    ],
    [["tools", "call", "auth0_list_applications", "--sandbox", "--args-file", "/"], "cannot be read"],
    [["tools", "call", "auth0_list_applications", "--sandbox", "--dry-run"], "only reads"],
    [["tools", "call", "auth0_create_application", "--sandbox", "--read-only"], "not exposed"],
    [["sandbox", "--port", "70000"], "--port must be"],
    [["sandbox", "--port", "-1"], "--port needs a value"],
    [["sandbox", "--seed", "full"], "--seed cannot be"],
    [["sandbox", "--token-ttl", "0"], "--token-ttl must be"],
    [["sandbox", "--rate-limit", "many"], "--rate-limit must be"],
  ])("%j", async (words, said) => {
    const { code, stdout, stderr } = await run(words);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toStartWith("auth0-mcp: ");
    expect(stderr).toContain(said);
  });

  test.each([
    [{ AUTH0_MCP_TOOLS: " " }, "AUTH0_MCP_TOOLS"],
    [{ AUTH0_MCP_TOOLS: "," }, "AUTH0_MCP_TOOLS"],
    [{ AUTH0_MCP_TOOLS: "nothing" }, "AUTH0_MCP_TOOLS"],
    [{ AUTH0_MCP_EXCLUDE_TOOLS: "!x" }, "AUTH0_MCP_EXCLUDE_TOOLS"],
    [{ AUTH0_MCP_READ_ONLY: "treu" }, "AUTH0_MCP_READ_ONLY"],
    [{ AUTH0_MCP_READ_ONLY: "  " }, "AUTH0_MCP_READ_ONLY"],
    [{ AUTH0_DOMAIN: "acme", AUTH0_TOKEN: TOKEN }, "AUTH0_DOMAIN"],
    [{ AUTH0_DOMAIN: "https://acme.auth0.com/api/v2", AUTH0_TOKEN: TOKEN }, "AUTH0_DOMAIN"],
  ])("%j", async (environment, said) => {
    for (const words of [["run"], ["tools", "list"], ["tools", "call", "auth0_list_applications"]]) {
      const { code, stdout, stderr } = await run(words, environment);
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr).toContain(said);
    }
  });
});

describe("nobody is signed in: exit 3", () => {
  test.each([
    [{}, "signed in"],
    [{ AUTH0_DOMAIN: "", AUTH0_TOKEN: "" }, "signed in"],
    [{ AUTH0_DOMAIN: "acme.auth0.com" }, "AUTH0_TOKEN"],
    [{ AUTH0_TOKEN: TOKEN }, "AUTH0_DOMAIN"],
    [{ AUTH0_DOMAIN: "acme.auth0.com", AUTH0_TOKEN: " " }, "AUTH0_TOKEN"],
    [{ AUTH0_DOMAIN: " ", AUTH0_TOKEN: TOKEN }, "AUTH0_DOMAIN"],
    [{ AUTH0_DOMAIN: "acme.auth0.com", AUTH0_TOKEN: `${TOKEN}\nx` }, "AUTH0_TOKEN"],
  ])("%j", async (environment, said) => {
    for (const words of [["run"], ["tools", "call", "auth0_list_applications"]]) {
      const { code, stdout, stderr } = await run(words, environment);
      expect([code, stdout]).toEqual([3, ""]);
      expect(stderr).toContain(said);
      expect(stderr).not.toContain(TOKEN);
    }
  });

  test("a token that has expired ends run before it serves, in one sentence with the remedy", async () => {
    const { code, stdout, stderr } = await run(["run"], {
      AUTH0_DOMAIN: "acme.auth0.com",
      AUTH0_TOKEN: EXPIRED,
    });
    expect([code, stdout]).toEqual([3, ""]);
    expect(stderr).toContain("expired");
    expect(stderr).toContain("Set AUTH0_TOKEN");
    expect(stderr).not.toContain(EXPIRED);
  });
});

describe("tools list", () => {
  test("needs no tenant, and tells every tool", async () => {
    const { code, json, stderr } = await run(["tools", "list", "--json"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(Object(json["tools"]).map(({ name }: { name: string }) => name)).toEqual(
      registry.map(({ name }) => name),
    );
  });

  test("tells why a tool is left out", async () => {
    const environment = { AUTH0_DOMAIN: "acme.auth0.com", AUTH0_TOKEN: TOKEN };
    const { json } = await run(
      ["tools", "list", "--json", "--read-only", "--exclude-tools", "*_get_*"],
      environment,
    );
    const reason = (name: string) =>
      Object(json["tools"]).find((tool: { name: string }) => tool.name === name)?.reason;
    expect(reason("auth0_list_applications")).toBeUndefined();
    expect(reason("auth0_get_application")).toBe("excluded by a pattern");
    expect(reason("auth0_create_application")).toBe("writes, and read-only is on");
    expect(reason("auth0_list_logs")).toBe("the token lacks read:logs");
  });

  test("for people, in columns", async () => {
    const { stdout } = await run(["tools", "list"]);
    const [heading, ...rows] = stdout.split("\n");
    expect(heading).toMatch(/^TOOL +KIND +TOOLSET +SCOPES +LEFT OUT BECAUSE$/);
    expect(rows).toHaveLength(registry.length);
    expect(stdout).not.toMatch(/[ \t]\n/);
  });

  test("a flag beats its variable, also when it says *", async () => {
    const environment = { AUTH0_MCP_TOOLS: "auth0_get_*", AUTH0_MCP_READ_ONLY: "yes" };
    const exposed = async (...flags: string[]) => {
      const { json } = await run(["tools", "list", "--json", ...flags], environment);
      return Object(json["tools"]).filter((tool: { exposed: boolean }) => tool.exposed).length;
    };
    const reading = registry.filter(({ kind }) => kind === "read");
    expect(await exposed()).toBe(reading.filter(({ name }) => name.startsWith("auth0_get_")).length);
    expect(await exposed("--tools", "*")).toBe(reading.length);
    expect(await exposed("--tools", "*", "--read-only=off")).toBe(registry.length);
  });
});

describe("tools show", () => {
  test("prints the schema that a client gets", async () => {
    const { code, json } = await run(["tools", "show", "auth0_create_application"]);
    expect(code).toBe(0);
    expect(json).toMatchObject({
      name: "auth0_create_application",
      kind: "create",
      input_schema: { type: "object", additionalProperties: false },
    });
  });
});

describe("tools call", () => {
  const call = (words: readonly string[], stdin?: string) =>
    run(["tools", "call", ...words, "--sandbox"], {}, stdin);

  test("a success prints its result and is exit 0", async () => {
    const { code, json, stderr } = await call(["auth0_list_applications", "--args", '{"per_page":2}']);
    expect([code, stderr]).toEqual([0, ""]);
    expect(json["applications"]).toHaveLength(2);
  });

  test("an error of the tool prints it on stdout and is exit 5", async () => {
    expect(await call(["auth0_get_application", "--args", '{"client_id":"nope"}'])).toMatchObject({
      code: 5,
      stderr: "",
      json: { error: { code: "not_found", status: 404 } },
    });
    expect(await call(["auth0_get_application"])).toMatchObject({
      code: 5,
      json: { error: { code: "invalid_arguments" } },
    });
  });

  test("arguments from stdin and from a file", async () => {
    const file = join(folder, "args.json");
    const marked = join(folder, "marked.json");
    await writeFile(file, '{"per_page":1}');
    await writeFile(marked, '\uFEFF{"per_page":1}');
    for (const ran of [
      await call(["auth0_list_applications", "--args-file", marked]),
      await call(["auth0_list_applications", "--args-file", file]),
      await call(["auth0_list_applications", "--args-file", "-"], '{"per_page":1}'),
    ]) {
      expect(ran.json["applications"]).toHaveLength(1);
    }
    expect(await call(["auth0_list_applications", "--args-file", "-"], "nonsense")).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining("stdin holds no JSON object"),
    });
  });

  test("--dry-run shows the request", async () => {
    const { code, json } = await call([
      "auth0_create_application",
      "--dry-run",
      "--args",
      '{"name":"Shop","app_type":"spa"}',
    ]);
    expect(code).toBe(0);
    expect(json).toMatchObject({ dry_run: true, requests: [{ method: "POST", path: "/api/v2/clients" }] });
  });

  test("an unreachable tenant is an error of the tool, without the token", async () => {
    const environment = { AUTH0_DOMAIN: "127.0.0.1:1", AUTH0_TOKEN: TOKEN };
    const { code, json, stdout } = await run(
      ["tools", "call", "auth0_create_application", "--args", '{"name":"x","app_type":"spa"}'],
      {
        ...environment,
        AUTH0_TOKEN: jwt({ exp: 4_000_000_000, scope: "create:clients read:clients" }),
      },
    );
    expect(code).toBe(5);
    expect(json).toMatchObject({ error: { code: "tenant_unreachable" } });
    expect(stdout).toContain("127.0.0.1:1");
    expect(stdout).not.toContain("eyJ");
  });
});

describe("DEBUG", () => {
  test("follows the steps on stderr, without arguments and secrets", async () => {
    const { code, stderr } = await run(
      ["tools", "call", "auth0_list_applications", "--sandbox", "--args", '{"name":"canary-argument"}'],
      { DEBUG: "auth0-mcp" },
    );
    expect(code).toBe(0);
    expect(stderr).toMatch(/^auth0-mcp start /m);
    expect(stderr).toMatch(/^auth0-mcp request method=GET path=\/clients status=200/m);
    expect(stderr).toMatch(/^auth0-mcp call tool=auth0_list_applications ok=true$/m);
    expect(stderr).not.toContain("canary");
    expect(stderr).not.toContain("eyJ");
  });

  test("is silent otherwise", async () => {
    expect(
      (await run(["tools", "call", "auth0_list_applications", "--sandbox"], { DEBUG: "other" })).stderr,
    ).toBe("");
  });
});
