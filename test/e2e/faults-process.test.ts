import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ServedTenant, serveTenant } from "../../scripts/support/tenants.ts";
import { connect } from "../support/client.ts";
import { bareEnvironment, executable, run } from "../support/executable.ts";

let served: ServedTenant;
beforeAll(async () => {
  served = await serveTenant();
});
afterAll(() => served.stop());

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "auth0-mcp-process-"));
});
afterEach(() => rmSync(home, { recursive: true }));

describe("without anybody to ask", () => {
  test.each([
    [["run"], 3],
    [["tools", "call", "auth0_list_forms"], 3],
    [["tools", "call", "auth0_list_forms", "--sandbox", "--args-file", "-"], 2],
    [["tools"], 2],
    [["tools", "call"], 2],
    [[], 2],
  ] as const)("%p does not end well on a closed stdin, and says why", async (words, code) => {
    const finished = await run(words);
    expect({ words, code: finished.code, stdout: finished.stdout }).toEqual({ words, code, stdout: "" });
    expect(finished.stderr.length).toBeGreaterThan(20);
  });
});

describe("a signal ends whatever waits", () => {
  const waiting: readonly (readonly [string, readonly string[]])[] = [
    ["for its arguments", ["tools", "call", "auth0_list_forms", "--sandbox", "--args-file", "-"]],
    ["for a client", ["run", "--sandbox"]],
    ["for requests", ["sandbox"]],
  ];
  for (const [what, words] of waiting) {
    test.each([
      ["SIGINT", 130],
      ["SIGTERM", 143],
    ] as const)(`${what}: %s is exit %d`, async (signal, code) => {
      const child = Bun.spawn([await executable(), ...words], {
        env: bareEnvironment(),
        stdin: "pipe",
        stdout: "ignore",
        stderr: "pipe",
      });
      await Bun.sleep(400);
      child.kill(signal);
      expect(await child.exited).toBe(code);
      expect(await new Response(child.stderr).text()).toBe("");
    });
  }
});

describe.skipIf(!existsSync("/dev/full"))("words for people that cannot be written", () => {
  const through = ["sh", "-c", 'exec "$@" 2>/dev/full', "sh"];

  test.each([
    ["session", 3],
    ["login --tenant 127.0.0.1:1 --scopes none --no-interaction", 4],
    ["init --client cursor --dry-run", 0],
    ["clients show cursor", 0],
    ["tools call auth0_list_forms --sandbox --no-such-flag", 2],
  ])("%s ends as it would otherwise", async (line, code) => {
    const env = { AUTH0_MCP_LOGIN_DOMAIN: "127.0.0.1:1", AUTH0_MCP_STORE: "file", HOME: home };
    expect((await run(line.split(" "), { env, through })).code).toBe(code);
  });

  test("neither keep a client from being set up nor end a server", async () => {
    const env = { HOME: home, DEBUG: "*" };
    expect((await run(["clients", "add", "cursor"], { env, through })).code).toBe(0);
    const { client, call } = await connect(["run", "--sandbox"], env, through);
    expect((await call("auth0_list_forms", {})).isError).toBe(false);
    await client.close();
  });
});

describe.skipIf(!existsSync("/dev/full"))("an output that takes nothing", () => {
  test.each([
    ["--version"],
    ["help"],
    ["tools list"],
    ["tools call auth0_list_forms --sandbox"],
    ["sandbox"],
  ])("%s fails with one sentence", async (line) => {
    const child = Bun.spawn([await executable(), ...line.split(" ")], {
      env: bareEnvironment(),
      stdin: "ignore",
      stdout: openSync("/dev/full", "w"),
      stderr: "pipe",
    });
    const stderr = await new Response(child.stderr).text();
    expect({ code: await child.exited, lines: stderr.trim().split("\n").length }).toEqual({
      code: 1,
      lines: 1,
    });
    expect(stderr).toStartWith("auth0-mcp: stdout cannot be written");
  });
});

test("a reader that has seen enough is no failure", async () => {
  const child = Bun.spawn(
    ["sh", "-c", '"$0" tools show auth0_create_application | true', await executable()],
    {
      env: bareEnvironment(),
      stdin: "ignore",
      stdout: "ignore",
      stderr: "pipe",
    },
  );
  expect(await new Response(child.stderr).text()).toBe("");
  expect(await child.exited).toBe(0);
});

describe("mistyped words are met with a suggestion", () => {
  test.each([
    ["--versoin", "Did you mean --version?"],
    ["--hlep", "Did you mean --help?"],
    ["tools --hlep", "Did you mean --help?"],
    ["run --tool x", "Did you mean --tools?"],
    ["tools cal", "Did you mean call?"],
    ["sandbox --prot 1", "Did you mean --port?"],
    ["--help nothing", 'Unknown command "nothing"'],
  ])("%s", async (line, told) => {
    const { code, stdout, stderr } = await run(line.split(" "));
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(told);
  });

  test("help may be asked for before the command as well as behind it", async () => {
    const expected = await run(["tools", "call", "--help"]);
    expect(expected.code).toBe(0);
    for (const words of [
      ["--help", "tools", "call"],
      ["tools", "-h", "call"],
      ["help", "tools", "call"],
    ]) {
      expect(await run(words)).toEqual(expected);
    }
  });
});

test("a secret is in no output of any step, with every step followed on stderr", async () => {
  const { tenant, env } = served;
  const secret = "canary-secret-of-an-action";
  const debug = { env: { ...env, DEBUG: "auth0-mcp" } };
  const call = (name: string, args: object) =>
    run(["tools", "call", name, "--args", JSON.stringify(args)], debug);
  const made = await call("auth0_create_action", {
    name: "keeps-a-secret",
    supported_triggers: [{ id: "post-login", version: "v3" }],
    code: `// ${secret}\nexports.onExecutePostLogin = async () => {};`,
    secrets: [{ name: "KEY", value: secret }],
  });
  const runs = [
    made,
    await call("auth0_get_action", { id: JSON.parse(made.stdout).id, nonsense: secret }),
    await call("auth0_get_application", { client_id: tenant.clientId }),
    await call("auth0_list_applications", { fields: ["client_secret", "signing_keys"] }),
    await call("auth0_list_resource_servers", { fields: ["signing_secret"] }),
    await call("auth0_get_form", { id: env["AUTH0_TOKEN"]?.slice(0, 30) }),
  ];
  const kept = [
    tenant.clientSecret,
    ...secretsOf(tenant.state.resourceServers, "signing_secret"),
    env["AUTH0_TOKEN"],
  ];
  for (const { code, stdout, stderr } of runs) {
    expect([0, 5]).toContain(code);
    expect(stderr).toContain("auth0-mcp");
    for (const value of [secret, ...kept]) {
      expect(stdout).not.toContain(value ?? "?");
      expect(stderr).not.toContain(value ?? "?");
    }
    expect(stderr).not.toContain("nonsense");
  }
});

function secretsOf(items: ReadonlyMap<string, Readonly<Record<string, unknown>>>, name: string): string[] {
  return [...items.values()].flatMap((item) => (typeof item[name] === "string" ? [item[name]] : []));
}
