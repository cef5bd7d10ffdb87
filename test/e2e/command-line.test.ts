import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import {
  constants,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import manifest from "../../package.json" with { type: "json" };
import { type ServedTenant, serveTenant } from "../../scripts/support/tenants.ts";
import { bareEnvironment, executable, run } from "../support/executable.ts";

let served: ServedTenant;
let folder: string;
beforeAll(async () => {
  served = await serveTenant();
  folder = mkdtempSync(join(tmpdir(), "auth0-mcp-"));
});
afterAll(async () => {
  await served.stop();
  rmSync(folder, { recursive: true });
});

describe("version and help", () => {
  test("--version prints the version of package.json and nothing else", async () => {
    for (const flag of ["--version", "-v"]) {
      expect(await run([flag])).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: "" });
    }
  });

  test("every command has help on stdout, with its examples", async () => {
    for (const words of [
      [],
      ["run"],
      ["sandbox"],
      ["tools"],
      ["tools", "list"],
      ["tools", "show"],
      ["tools", "call"],
    ]) {
      for (const asked of [
        [...words, "--help"],
        [...words, "-h"],
        ["help", ...words],
      ]) {
        const { code, stdout, stderr } = await run(asked);
        expect({ asked, code, stderr }).toEqual({ asked, code: 0, stderr: "" });
        expect(stdout).toContain("USAGE");
        expect(stdout).not.toContain("\u001b");
      }
    }
  });

  test("no command is a usage error, told on stderr", async () => {
    for (const words of [[], ["tools"]]) {
      const { code, stdout, stderr } = await run(words);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toContain("USAGE");
    }
  });
});

describe("a mistake on the command line is exit 2 and nothing runs", () => {
  const mistakes: readonly (readonly [readonly string[], string])[] = [
    [["run", "--readonly"], "--read-only"],
    [["run", "--reed-only"], "--read-only"],
    [["run", "--readOnly"], "--read-only"],
    [["run", "--no-read-only"], "Unknown flag --no-read-only"],
    [["run", "-r"], "Unknown flag -r"],
    [["run", "surplus"], 'Unexpected argument "surplus"'],
    [["run", "--", "surplus"], 'Unexpected argument "surplus"'],
    [["run", "--tools"], "--tools needs a value"],
    [["run", "--tools", "--read-only"], "--tools needs a value"],
    [["run", "--tools="], "--tools is empty"],
    [["run", "--tools", "*", "--tools", "*"], "given twice"],
    [["run", "--read-only=maybe"], "must be a boolean"],
    [["sandbox", "--port", "many"], "--port must be a whole number"],
    [["sandbox", "--port", "70000"], "--port must be a whole number"],
    [["sandbox", "--seed", "dmeo"], "demo"],
    [["sandbox", "--rate-limit", "-1"], "--rate-limit"],
    [["sandbox", "--rate-limit=1.5"], "--rate-limit must be a whole number"],
    [["sandbox", "--token-ttl", "0"], "--token-ttl must be a time"],
    [["sandbox", "--token-ttl", "1d"], "--token-ttl must be a time"],
    [["rn"], "Did you mean run?"],
    [["tools", "lst"], "Did you mean list?"],
    [["tools", "call"], "NAME is missing"],
    [["tools", "call", "auth0_list_aplications", "--sandbox"], "auth0_list_applications"],
    [["tools", "show", "nothing_like_it"], "tools list"],
    [["tools", "call", "auth0_list_applications", "--sandbox", "--args", "{"], "--args holds no JSON object"],
    [
      ["tools", "call", "auth0_list_applications", "--sandbox", "--args", "[]"],
      "--args holds no JSON object",
    ],
    [
      ["tools", "call", "auth0_list_applications", "--sandbox", "--args-file", "/nonexistent/x"],
      "cannot be read",
    ],
    [
      ["tools", "call", "auth0_list_applications", "--sandbox", "--args-file", "-"],
      "stdin holds no JSON object",
    ],
    [
      ["tools", "call", "auth0_list_applications", "--sandbox", "--args", "{}", "--args-file", "-"],
      "together",
    ],
    [["tools", "call", "auth0_list_applications", "--sandbox", "--dry-run"], "only reads"],
    [["--version", "x"], "Unexpected argument"],
    [["help", "nothing"], 'Unknown command "nothing"'],
    [["constructor"], 'Unknown command "constructor"'],
  ];
  for (const [words, told] of mistakes) {
    test(words.join(" "), async () => {
      const { code, stdout, stderr } = await run(words, { env: served.env });
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toContain(told);
    });
  }
});

describe("what to type to sign in", () => {
  const hint = async (file: string, path: string) => {
    const child = Bun.spawn([file, "run"], {
      env: bareEnvironment({ PATH: path }),
      stderr: "pipe",
      stdin: "ignore",
    });
    return (await new Response(child.stderr).text()).trimEnd().split("sign in with: ").at(-1);
  };

  test("is the program's name where the PATH leads to it, and else its whole path, quoted", async () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "auth0-mcp-bundle-")));
    try {
      const [bundle, bin] = [join(folder, "Claude's Extensions"), join(folder, "bin")];
      for (const each of [bundle, bin]) mkdirSync(each);
      const file = join(bundle, "auth0-mcp");
      copyFileSync(await executable(), file, constants.COPYFILE_FICLONE);
      const quoted = `'${file.replace("'", "'\\''")}' login`;
      expect(await hint(file, "/usr/bin:/bin")).toBe(quoted);
      writeFileSync(join(bin, "auth0-mcp"), "");
      expect(await hint(file, bin)).toBe(quoted);
      rmSync(join(bin, "auth0-mcp"));
      symlinkSync(file, join(bin, "auth0-mcp"));
      expect(await hint(file, bin)).toBe("auth0-mcp login");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("credentials", () => {
  const token = () => served.env["AUTH0_TOKEN"] ?? "";
  const cases: readonly (readonly [string, () => Record<string, string>, number, string])[] = [
    ["none", () => ({}), 3, "nobody is signed in"],
    [
      "both exactly empty count as unset",
      () => ({ AUTH0_DOMAIN: "", AUTH0_TOKEN: "" }),
      3,
      "nobody is signed in",
    ],
    ["domain alone", () => ({ AUTH0_DOMAIN: "acme.eu.auth0.com" }), 3, "AUTH0_TOKEN is not set"],
    ["token alone", () => ({ AUTH0_TOKEN: token() }), 3, "AUTH0_DOMAIN is not set"],
    [
      "a blank token",
      () => ({ AUTH0_DOMAIN: "acme.eu.auth0.com", AUTH0_TOKEN: " " }),
      3,
      "AUTH0_TOKEN is blank",
    ],
    ["a blank domain", () => ({ AUTH0_DOMAIN: " ", AUTH0_TOKEN: token() }), 3, "AUTH0_DOMAIN is blank"],
    ["both blank", () => ({ AUTH0_DOMAIN: " ", AUTH0_TOKEN: " " }), 3, "blank"],
    ["a bare word", () => ({ AUTH0_DOMAIN: "acme", AUTH0_TOKEN: token() }), 2, "AUTH0_DOMAIN"],
    ["a path", () => ({ AUTH0_DOMAIN: "https://acme.eu.auth0.com/api", AUTH0_TOKEN: token() }), 2, "path"],
    ["a query", () => ({ AUTH0_DOMAIN: "acme.eu.auth0.com?x=1", AUTH0_TOKEN: token() }), 2, "query"],
    [
      "credentials",
      () => ({ AUTH0_DOMAIN: "https://a:b@acme.eu.auth0.com", AUTH0_TOKEN: token() }),
      2,
      "credentials",
    ],
    ["http", () => ({ AUTH0_DOMAIN: "http://acme.eu.auth0.com", AUTH0_TOKEN: token() }), 2, "loopback"],
  ];
  for (const [name, env, code, told] of cases) {
    test(`${name}: exit ${code}`, async () => {
      const finished = await run(["run"], { env: env() });
      expect({ code: finished.code, stdout: finished.stdout }).toEqual({ code, stdout: "" });
      expect(finished.stderr).toContain(told);
      expect(finished.stderr).not.toContain(token());
    });
  }

  test("an expired token ends run with exit 3 and the remedy", async () => {
    const expired = await served.tenant.issueToken({ ttl: -60_000 });
    const finished = await run(["run"], { env: { ...served.env, AUTH0_TOKEN: expired } });
    expect(finished.code).toBe(3);
    expect(finished.stdout).toBe("");
    expect(finished.stderr).toContain("expired");
    expect(finished.stderr).toContain("fresh token");
  });

  test("a tenant nobody answers for is told by its name, with the cause", async () => {
    const env = { AUTH0_DOMAIN: "127.0.0.1:1", AUTH0_TOKEN: "opaque-token" };
    const { code, stdout } = await run(["tools", "call", "auth0_list_applications"], { env });
    expect(code).toBe(5);
    expect(JSON.parse(stdout).error).toMatchObject({ code: "tenant_unreachable" });
    expect(stdout).toContain("127.0.0.1:1");
    expect(stdout).toContain("refused");
  });
});

describe("which tools are exposed", () => {
  const refused: readonly (readonly [string, readonly string[], Record<string, string>, string])[] = [
    ["an empty element", ["--tools", "auth0_*,,x"], {}, "empty pattern"],
    ["bare separators", [], { AUTH0_MCP_TOOLS: "," }, "AUTH0_MCP_TOOLS"],
    ["blanks", [], { AUTH0_MCP_TOOLS: "  " }, "AUTH0_MCP_TOOLS"],
    ["a pattern that matches nothing", ["--tools", "auth0_lst_*"], {}, "no tool matches"],
    ["an exclusion that matches nothing", ["--exclude-tools", "auth0_delet_*"], {}, "no tool matches"],
    ["a negated pattern", ["--tools", "!auth0_get_*"], {}, "--exclude-tools"],
    ["nothing left", ["--tools", "auth0_get_*", "--exclude-tools", "*"], {}, "No tool is left"],
    ["nothing left under read-only", ["--tools", "auth0_create_*", "--read-only"], {}, "No tool is left"],
    ["a misspelt boolean", [], { AUTH0_MCP_READ_ONLY: "ture" }, "AUTH0_MCP_READ_ONLY"],
    ["a blank boolean", [], { AUTH0_MCP_READ_ONLY: " " }, "AUTH0_MCP_READ_ONLY"],
  ];
  for (const [name, flags, env, told] of refused) {
    test(`${name} is exit 2`, async () => {
      for (const command of [["run"], ["tools", "list"]]) {
        const finished = await run([...command, ...flags], { env: { ...served.env, ...env } });
        expect({ code: finished.code, stdout: finished.stdout }).toEqual({ code: 2, stdout: "" });
        expect(finished.stderr).toContain(told);
      }
    });
  }

  const listed = async (flags: readonly string[], env: Record<string, string> = {}): Promise<string[]> => {
    const { code, stdout } = await run(["tools", "list", "--json", ...flags], { env });
    expect(code).toBe(0);
    const { tools }: { tools: { name: string; exposed: boolean }[] } = JSON.parse(stdout);
    return tools.filter((tool) => tool.exposed).map((tool) => tool.name);
  };

  test("commas inside braces belong to the pattern", async () => {
    expect(await listed(["--tools", "auth0_{list,get}_applications"])).toEqual(["auth0_list_applications"]);
  });

  test("a flag beats its variable, also when it says *", async () => {
    const narrowed = await listed([], { AUTH0_MCP_TOOLS: "auth0_get_application" });
    expect(narrowed).toEqual(["auth0_get_application"]);
    expect(
      (await listed(["--tools", "*"], { AUTH0_MCP_TOOLS: "auth0_get_application" })).length,
    ).toBeGreaterThan(20);
  });

  test("an exactly empty variable counts as unset", async () => {
    expect((await listed([], { AUTH0_MCP_TOOLS: "", AUTH0_MCP_READ_ONLY: "" })).length).toBeGreaterThan(20);
  });

  test("read-only wins over every pattern, in every spelling of true", async () => {
    for (const word of ["1", "true", "YES", "On"]) {
      const names = await listed(["--tools", "*"], { AUTH0_MCP_READ_ONLY: word });
      expect(names.filter((name) => !/^auth0_(list|get)_/.test(name))).toEqual([]);
    }
  });

  test("tools list says why a tool is left out", async () => {
    const { stdout } = await run(["tools", "list", "--read-only", "--exclude-tools", "auth0_get_log"]);
    expect(stdout).toMatch(/auth0_create_application .*writes, and read-only is on/);
    expect(stdout).toMatch(/auth0_get_log .*excluded by a pattern/);
  });

  test("tools list says which scopes the token lacks", async () => {
    const token = await served.tenant.issueToken({ scopes: ["read:clients"] });
    const { stdout } = await run(["tools", "list"], { env: { ...served.env, AUTH0_TOKEN: token } });
    expect(stdout).toMatch(/auth0_create_application .*the token lacks create:clients/);
    expect(stdout).toMatch(/auth0_get_application +read +applications +read:clients$/m);
  });
});

describe("tools call", () => {
  test("prints the result as JSON and ends with 0", async () => {
    const finished = await run(["tools", "call", "auth0_list_applications"], { env: served.env });
    expect({ code: finished.code, stderr: finished.stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(finished.stdout).applications.length).toBeGreaterThan(3);
  });

  test("takes arguments from a file and from stdin", async () => {
    const file = join(folder, "args.json");
    writeFileSync(file, '{"per_page":1}');
    const call = ["tools", "call", "auth0_list_applications", "--args-file"];
    const fromFile = await run([...call, file], { env: served.env });
    const fromStdin = await run([...call, "-"], { env: served.env, stdin: '{"per_page":1}' });
    expect(JSON.parse(fromFile.stdout).applications).toHaveLength(1);
    expect(fromStdin.stdout).toBe(fromFile.stdout);
  });

  test("ends with 5 when the tool answered with an error, which stands on stdout", async () => {
    const call = ["tools", "call", "auth0_get_application", "--args", '{"client_id":"nobody"}'];
    const { code, stdout } = await run(call, { env: served.env });
    expect(code).toBe(5);
    expect(JSON.parse(stdout).error).toMatchObject({ code: "not_found", status: 404 });
  });

  test("refuses a tool that the flags leave out", async () => {
    const call = ["tools", "call", "auth0_create_application", "--args", '{"name":"x"}', "--read-only"];
    const { code, stderr } = await run(call, { env: served.env });
    expect(code).toBe(2);
    expect(stderr).toContain("read-only is on");
  });

  test("--dry-run shows the request and changes nothing", async () => {
    const before = served.tenant.state.clients.size;
    const call = [
      "tools",
      "call",
      "auth0_create_application",
      "--dry-run",
      "--args",
      '{"name":"Never made"}',
    ];
    const { code, stdout } = await run(call, { env: served.env });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      dry_run: true,
      requests: [{ method: "POST", path: "/api/v2/clients" }],
    });
    expect(served.tenant.state.clients.size).toBe(before);
  });

  test("follows each step on stderr with DEBUG, and shows no secret", async () => {
    const env = { ...served.env, DEBUG: "auth0-mcp" };
    const { code, stderr } = await run(["tools", "call", "auth0_list_applications"], { env });
    expect(code).toBe(0);
    expect(stderr).toContain("method=GET path=/clients status=200");
    expect(stderr).not.toContain(served.env["AUTH0_TOKEN"] ?? "");
    expect(stderr).not.toMatch(/eyJ/);
  });
});

test("nothing in the working folder takes effect: bunfig.toml with a preload, .env", async () => {
  writeFileSync(join(folder, "bunfig.toml"), 'preload = ["./evil.ts"]\n');
  writeFileSync(
    join(folder, "evil.ts"),
    'require("node:fs").writeFileSync("owned", ""); console.log("owned");\n',
  );
  writeFileSync(join(folder, ".env"), "AUTH0_MCP_READ_ONLY=ture\nAUTH0_MCP_TOOLS=nothing\n");
  const version = await run(["--version"], { cwd: folder });
  expect(version.stdout).toBe(`${manifest.version}\n`);
  const listed = await run(["tools", "list"], { cwd: folder });
  expect({ code: listed.code, stderr: listed.stderr }).toEqual({ code: 0, stderr: "" });
  expect(await Bun.file(join(folder, "owned")).exists()).toBe(false);
});
