import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { generateKeyPairSync } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { haveSecretService, startSecretService } from "../../scripts/support/secret-service.ts";
import { type ServedTenant, serveTenant } from "../../scripts/support/tenants.ts";
import { haveTerminal, openTerminal, type Terminal } from "../../scripts/support/terminal.ts";
import { isObject, type JsonObject, parseJson } from "../../src/lib/json.ts";
import { bareEnvironment, executable, type Finished, run } from "../support/executable.ts";

const terminals = haveTerminal();
const keyrings = haveSecretService();
let approving: ServedTenant;
let denying: ServedTenant;
let asking: ServedTenant;
let program: string;
beforeAll(async () => {
  program = realpathSync(await executable());
  const serve = (decision: "approve" | "deny" | "ask") => serveTenant({ rateLimit: 0, signIn: { decision } });
  [approving, denying, asking] = await Promise.all([serve("approve"), serve("deny"), serve("ask")]);
});
afterAll(() => Promise.all([approving, denying, asking].map((served) => served.stop())));

let home: string;
let env: Record<string, string>;
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), "auth0-mcp-init-")));
  mkdirSync(join(home, ".cursor"));
  env = { HOME: home, AUTH0_MCP_STORE: "file", AUTH0_MCP_LOGIN_DOMAIN: approving.tenant.domain };
});
afterEach(() => rmSync(home, { recursive: true }));

const init = (words: readonly string[], extra: Record<string, string> = {}, stdin = ""): Promise<Finished> =>
  run(["init", ...words], { env: { ...env, ...extra }, cwd: home, stdin });
const cursor = ["--client", "cursor", "--scopes", "read:clients"];
const cursorFile = () => join(home, ".cursor", "mcp.json");
const cursorEntry = (name = "auth0") => JSON.parse(readFileSync(cursorFile(), "utf8")).mcpServers[name];

async function session(): Promise<JsonObject> {
  const data = parseJson((await run(["session", "--json"], { env })).stdout);
  if (!isObject(data)) throw new Error("session printed no JSON object");
  return data;
}

/** When the stored sign-in was made, which tells one from another. */
function signedInAt(): string {
  const text = readFileSync(join(home, ".config", "auth0-mcp", "tenants.json"), "utf8");
  const [time] = /20\d\d-[^"]+Z/.exec(text) ?? [];
  if (time === undefined) throw new Error(`no time of a sign-in: ${text}`);
  return time;
}

describe("from nothing to working clients", () => {
  test("signs in, writes, checks, and says of each step what it did", async () => {
    const words = ["--client", "cursor,codex,goose", "--scopes", "*", "--read-only", "--no-interaction"];
    const { code, stdout, stderr } = await init(words);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    const { domain } = approving.tenant;
    expect(stderr.slice(stderr.indexOf("✔")).split("\n")).toEqual([
      expect.stringContaining(`✔ Signed in to ${domain}, which is now the current tenant.`),
      "✔ Cursor: added auth0 to ~/.cursor/mcp.json.",
      "✔ Codex: added auth0 to ~/.codex/config.toml.",
      "✔ goose: added auth0 to ~/.config/goose/config.yaml.",
      expect.stringMatching(/^✔ Cursor: its entry starts auth0 \S+ with \d+ tools\.$/),
      expect.stringMatching(/^✔ Codex: its entry starts/),
      expect.stringMatching(/^✔ goose: its entry starts/),
      expect.stringMatching(/^→ .*Cursor/),
      expect.stringMatching(/^→ .*Codex/),
      expect.stringMatching(/^→ .*goose/),
      "",
    ]);
    const args = ["run", "--tenant", domain, "--read-only"];
    expect(cursorEntry()).toEqual({ command: program, args });
    const { scopes } = await session();
    expect(scopes).toContain("read:clients");
    expect(scopes).not.toContain("create:clients");
  });

  test("as JSON", async () => {
    const { code, stdout } = await init([...cursor, "--name", "auth0-demo", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      dry_run: false,
      tenant: approving.tenant.domain,
      session: "new",
      clients: [
        {
          ...{ id: "cursor", name: "auth0-demo", scope: "user", file: cursorFile(), change: "add" },
          ...{ server: expect.stringMatching(/^auth0 \d/), tools: expect.any(Number) },
          unusable: {
            tools: expect.any(Number),
            missing_scopes: expect.arrayContaining(["update:clients"]),
            remedy: expect.stringContaining("auth0-mcp login"),
          },
          ...{ listed: null, next: expect.stringContaining("Cursor") },
        },
      ],
    });
    expect(stdout.trim().split("\n")).toHaveLength(1);
  });

  test("signing in only", async () => {
    const { code, stderr } = await init(["--client", "none", "--scopes", "read:clients"]);
    expect(code).toBe(0);
    expect(stderr).toContain("No client is set up");
    expect((await session())["authenticated"]).toBe(true);
    expect(existsSync(cursorFile())).toBe(false);
  });

  test("as an application, whose tenant the entry names", async () => {
    const { domain, clientId, clientSecret } = approving.tenant;
    const words = ["--client", "cursor", "--auth0-domain", domain, "--auth0-client-id", clientId];
    const first = await init([...words, "--auth0-client-secret-stdin"], {}, clientSecret);
    expect(first.code).toBe(0);
    expect(cursorEntry()).toEqual({ command: program, args: ["run", "--tenant", domain] });
    expect(readFileSync(cursorFile(), "utf8")).not.toContain(clientSecret);
    expect((await session())["method"]).toBe("client_credentials");
    const wrong = await init([...words, "--auth0-client-secret-stdin", "--login"], {}, "wrong-secret");
    expect(wrong.code).toBe(3);
  });

  test("a secret or key that is given is the one that counts, and is tried unless it is the stored one", async () => {
    const { domain, clientId, clientSecret } = approving.tenant;
    const words = ["--client", "none", "--auth0-domain", domain, "--auth0-client-id", clientId];
    const withSecret = (secret: string) => init([...words, "--auth0-client-secret-stdin"], {}, `${secret}\n`);
    expect((await withSecret(clientSecret)).code).toBe(0);
    const first = signedInAt();
    expect(await withSecret(clientSecret)).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("the session is kept"),
    });
    expect(signedInAt()).toBe(first);

    const other = await withSecret("another-secret");
    expect(other.code).toBe(3);
    expect(other.stderr).toContain("The secret given is not the one");
    expect(other.stderr).not.toContain("another-secret");
    expect((await init([...words, "--auth0-client-secret", "another-secret"])).code).toBe(3);
    expect((await init(words, { AUTH0_CLIENT_SECRET: "another-secret" })).code).toBe(3);
    const key = join(home, "key.pem");
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    writeFileSync(key, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
    expect(await init([...words, "--auth0-private-key", key])).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("The key given is not the one"),
    });
    // What was refused took nothing away.
    expect(signedInAt()).toBe(first);
    expect((await session())["authenticated"]).toBe(true);
  });

  test("in the place of the Node.js server, whose entry keeps what else it held", async () => {
    const args = ["-y", "@auth0/auth0-mcp-server", "run"];
    const entry = { command: "npx", args, env: { NO_COLOR: "1" }, disabled: true };
    writeFileSync(cursorFile(), JSON.stringify({ mcpServers: { auth0: entry } }));
    const { code, stderr } = await init(cursor);
    expect(code).toBe(0);
    expect(stderr).toContain("started the Node.js server and now starts this one");
    expect(cursorEntry()).toEqual({
      ...entry,
      ...{ command: program, args: ["run", "--tenant", approving.tenant.domain] },
    });
  });

  test("with the limits that the Node.js server had", async () => {
    const args = ["-y", "@auth0/auth0-mcp-server", "run", "--read-only", "--tools", "auth0_list_*"];
    writeFileSync(cursorFile(), JSON.stringify({ mcpServers: { auth0: { command: "npx", args } } }));
    const { code, stderr } = await init(cursor);
    expect(code).toBe(0);
    expect(stderr).toContain("with the limits it had, --read-only --tools auth0_list_*;");
    expect(stderr).toContain(`It started before: npx ${args.join(" ")}`);
    const { domain } = approving.tenant;
    expect(cursorEntry().args).toEqual([
      ...["run", "--tenant", domain, "--tools", "auth0_list_*", "--read-only"],
    ]);
  });

  test("where our folder is elsewhere, a client that hands on little finds it", async () => {
    const elsewhere = { XDG_CONFIG_HOME: join(home, "elsewhere") };
    expect(await init(cursor, elsewhere)).toMatchObject({ code: 0 });
    expect(cursorEntry().env).toEqual(elsewhere);
    const inProject = await init([...cursor, "--scope", "project", "--name", "auth0-team"], elsewhere);
    expect(inProject).toMatchObject({ code: 0, stderr: expect.stringContaining("its entry starts auth0") });
  });
});

describe("a session that is there", () => {
  test("is kept when it does, replaced when it lacks a scope, and by --login", async () => {
    await init(cursor);
    const first = signedInAt();
    const kept = await init(["--client", "cursor"]);
    expect(kept.code).toBe(0);
    expect(kept.stderr).toContain("the session is kept");
    expect(kept.stderr).toContain("auth0 is in ~/.cursor/mcp.json already");
    expect(signedInAt()).toBe(first);

    const wider = await init(["--client", "cursor", "--scopes", "read:clients,read:logs"]);
    expect(wider).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("lacks read:logs. A new sign-in"),
    });
    const second = signedInAt();
    expect(second).not.toBe(first);

    expect(await init([...cursor, "--login"])).toMatchObject({ code: 0 });
    expect(signedInAt()).not.toBe(second);
  });

  test("that lacks what the tools need is told of, and is a failure when it was not chosen so", async () => {
    const none = await init(["--client", "cursor", "--scopes", "none", "--tools", "auth0_list_*"]);
    expect(none).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/none of its \d+ tools can be used/),
    });
    const kept = await init(["--client", "cursor", "--tools", "auth0_list_*"]);
    expect(kept.code).toBe(1);
    expect(kept.stderr).toContain("the session lacks ");
    expect(kept.stderr).toMatch(/Sign in with more scopes: .*auth0-mcp login .*--scopes .*read:clients/);
    await init(cursor);
    const some = await init(["--client", "cursor", "--tools", "auth0_list_*"]);
    expect(some).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/\d+ of its \d+ tools cannot be used/),
    });
    const all = await init(["--client", "cursor", "--tools", "auth0_list_applications"]);
    expect(all.code).toBe(0);
    expect(all.stderr).not.toContain("cannot be used");
  });

  test("is made anew when nothing is left of it but its name", async () => {
    await init(cursor);
    rmSync(join(home, ".config", "auth0-mcp", "sessions"), { recursive: true });
    const { code, stderr } = await init(cursor);
    expect(code).toBe(0);
    expect(stderr).toContain(`Nobody is signed in to ${approving.tenant.domain}. A new sign-in is needed.`);
    expect((await session())["authenticated"]).toBe(true);
  });

  test("of another tenant than the one asked for is left alone", async () => {
    await init(cursor);
    const { domain } = denying.tenant;
    const other = await init([...cursor, "--tenant", domain], { AUTH0_MCP_LOGIN_DOMAIN: domain });
    expect(other.code).toBe(3);
    expect(cursorEntry().args).toEqual(["run", "--tenant", approving.tenant.domain]);
    expect((await session())["domain"]).toBe(approving.tenant.domain);
  });
});

describe("a step that fails", () => {
  test("a refused sign-in: exit 3, and no client is touched", async () => {
    const { code, stdout, stderr } = await init(cursor, { AUTH0_MCP_LOGIN_DOMAIN: denying.tenant.domain });
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toContain("denied");
    expect(stderr).toContain("Nothing was changed.");
    expect(existsSync(cursorFile())).toBe(false);
  });

  test("a file that cannot be edited is known before anybody signs in", async () => {
    writeFileSync(cursorFile(), '{"mcpServers": []}');
    const { code, stderr } = await init(cursor);
    expect(code).toBe(1);
    expect(stderr).toContain(cursorFile());
    expect(stderr).toContain('"auth0": {');
    expect(stderr).not.toContain("activate");
    expect(existsSync(join(home, ".config"))).toBe(false);
  });

  test("says what was and was not done, and a second one picks up", async () => {
    mkdirSync(join(home, ".local"));
    writeFileSync(join(home, ".local", "state"), "in the way");
    const { code, stdout, stderr } = await init([...cursor, "--json"]);
    expect(code).toBe(1);
    expect(stderr).toContain("Done: the sign-in. Not done: the file of Cursor, the check of Cursor.");
    const { session: kept, problem, error } = JSON.parse(stdout);
    expect({ kept, error }).toEqual({
      kept: "new",
      error: {
        code: "lock_unavailable",
        message: problem,
        hint: expect.stringContaining("Done: the sign-in."),
      },
    });
    expect(existsSync(cursorFile())).toBe(false);
    rmSync(join(home, ".local"), { recursive: true });
    expect(await init(cursor)).toMatchObject({ code: 0, stderr: expect.stringContaining("session is kept") });
  });

  test("a server that does not start: exit 1, with what it said", async () => {
    const entry = { command: program, args: ["run"], env: { AUTH0_MCP_TOOLS: "nothing_like_this" } };
    writeFileSync(cursorFile(), JSON.stringify({ mcpServers: { auth0: entry } }));
    const { code, stdout, stderr } = await init([...cursor, "--json"]);
    expect(code).toBe(1);
    expect(stderr).toContain("What Cursor would start does not work: it ended with exit code 2.");
    expect(stderr).toContain("no tool matches");
    expect(stderr).toContain("Done: the sign-in, the file of Cursor. Not done: the check of Cursor.");
    expect(JSON.parse(stdout).clients).toMatchObject([{ change: "update" }]);
    expect(JSON.parse(stdout).clients[0]).not.toHaveProperty("tools");
  });

  test("Ctrl+C while waiting for the sign-in: exit 130, and nothing is written", async () => {
    const child = Bun.spawn([program, "init", ...cursor, "--no-interaction"], {
      env: bareEnvironment({ ...env, AUTH0_MCP_LOGIN_DOMAIN: asking.tenant.domain }),
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    const decoder = new TextDecoder();
    for await (const chunk of child.stderr) if (decoder.decode(chunk).includes("good for")) break;
    child.kill("SIGINT");
    expect(await child.exited).toBe(130);
    expect(existsSync(cursorFile())).toBe(false);
  });
});

describe.skipIf(!keyrings)("with a keyring", () => {
  test("whose bus only this login knows: its clients' servers find it, after the next login too", async () => {
    for (let login = 0; login < 2; login++) {
      const service = await startSecretService();
      try {
        const { DBUS_SESSION_BUS_ADDRESS } = service.env;
        const words = ["--client", "cursor,codex", "--scopes", "read:clients"];
        const told = await init(words, {
          AUTH0_MCP_STORE: "",
          DBUS_SESSION_BUS_ADDRESS: `${DBUS_SESSION_BUS_ADDRESS}`,
        });
        expect(told.stderr).toContain("The session is kept in the system's keyring");
        expect(told.stderr).toContain("Cursor: its entry starts");
        expect(told.code).toBe(0);
        expect(cursorEntry().env).toEqual({ DBUS_SESSION_BUS_ADDRESS });
      } finally {
        await service.stop();
      }
    }
  });
});

test("two at once lose nothing", async () => {
  await init(cursor);
  const names = ["auth0-a", "auth0-b", "auth0-c"];
  const ended = await Promise.all(names.map((name) => init([...cursor, "--name", name])));
  expect(ended.map(({ code }) => code)).toEqual([0, 0, 0]);
  for (const name of names) expect(cursorEntry(name).command).toBe(program);
});

describe.skipIf(!terminals)("on a terminal", () => {
  /** The terminal is as it was: it shows its cursor, echoes, and takes whole lines. */
  const RESTORED = /cursor 1\nended with (\d+)\n(icanon\necho|echo\nicanon)/;
  /** Runs its arguments, then asks the terminal, which may be behind with what they wrote, about its cursor. */
  const WATCHED = [
    '"$@"; code=$?; export TMUX=$(tr "\\0" "\\n" < /proc/$PPID/environ | sed -n s/^TMUX=//p)',
    'for turn in 1 2 3 4 5 6 7 8 9; do cursor=$(tmux display-message -p "#{cursor_flag}")',
    '[ "$cursor" = 1 ] && break; sleep 0.1; done; echo "cursor $cursor"; exit $code',
  ].join("; ");
  let terminal: Terminal | undefined;
  afterEach(() => terminal?.close());

  async function open(words: readonly string[], extra: Record<string, string> = {}): Promise<Terminal> {
    const all = bareEnvironment({ ...env, LANG: "C.UTF-8", ...extra });
    terminal = openTerminal(["sh", "-c", WATCHED, "sh", await executable(), "init", ...words], all);
    return terminal;
  }

  test("clients are picked among the installed ones, then scopes, and it runs to its end", async () => {
    mkdirSync(join(home, ".codex"));
    const place = await open(["--read-only"]);
    const first = await place.waitFor(/0 of 2/);
    expect(first).toContain("cursor");
    expect(first).toContain("codex");
    expect(first).not.toContain("zed");
    place.press("Space");
    await place.waitFor(/1 of 2/);
    place.press("Enter");
    await place.waitFor(/Which scopes/);
    await place.waitFor(/0 of (?!2 )\d+/);
    place.press("a", "Enter");
    const ended = await place.waitFor(RESTORED);
    expect(ended).toContain("ended with 0");
    expect(ended).toContain("✔ Cursor: added auth0");
    expect(cursorEntry().args).toEqual(["run", "--tenant", approving.tenant.domain, "--read-only"]);
    expect(existsSync(join(home, ".codex", "config.toml"))).toBe(false);
  });

  test("however narrow the terminal is or becomes, the picker draws over itself", async () => {
    for (const name of [".codex", ".gemini", ".junie"]) mkdirSync(join(home, name));
    // What stands above it must stay, and nothing of the picker with it.
    const command = ["sh", "-c", 'seq 9; "$@"', "sh", await executable(), "init"];
    const place = openTerminal(command, bareEnvironment({ ...env, LANG: "C.UTF-8" }), 44);
    terminal = place;
    const titles = () => place.screen().match(/Which clients/g);
    expect(await place.waitFor(/0 of 4/)).toMatch(/enter ends.*…$/);
    for (let turn = 0; turn < 6; turn++) place.press("Down");
    place.press("Space");
    expect(await place.waitFor(/1 of 4/)).toMatch(/\n9\nWhich/);
    expect(titles()).toHaveLength(1);
    place.resize(24);
    place.press("Space");
    await place.waitFor(/0 of 4/);
    place.press("Down", "Space");
    await place.waitFor(/1 of 4/);
    expect(titles()).toHaveLength(1);
    place.press("C-c");
    await place.waitFor(/ended with 130/);
  });

  test("says what it waits for when a client takes long to list its servers", async () => {
    mkdirSync(join(home, "bin"));
    const claude = join(home, "bin", "claude");
    writeFileSync(claude, '#!/bin/sh\nuntil [ -e "$HOME/go-on" ]; do sleep 0.1; done\necho "auth0: fine"\n');
    chmodSync(claude, 0o755);
    const place = await open(["--client", "claude-code", "--scopes", "read:clients", "--no-interaction"], {
      PATH: `${join(home, "bin")}:/usr/bin:/bin`,
    });
    await place.waitFor(/Claude Code: waiting for claude mcp list/);
    writeFileSync(join(home, "go-on"), "");
    const ended = await place.waitFor(/ended with 0/);
    expect(ended).toContain("claude mcp list says: auth0: fine");
    expect(ended).not.toContain("waiting for the server");
  });

  test("Ctrl+C in the picker: 130, the terminal as it was, and nothing written", async () => {
    const place = await open([]);
    await place.waitFor(/0 of 1/);
    place.press("C-c");
    expect(await place.waitFor(RESTORED)).toContain("ended with 130");
    expect(existsSync(join(home, ".config"))).toBe(false);
    expect(existsSync(cursorFile())).toBe(false);
  });

  test("picking no client signs in only, and says so", async () => {
    const place = await open(["--scopes", "read:clients"]);
    await place.waitFor(/0 of 1/);
    place.press("Enter");
    const ended = await place.waitFor(RESTORED);
    expect(ended).toContain("No client is set up: none was chosen.");
    expect(ended).toContain("ended with 0");
    expect(existsSync(cursorFile())).toBe(false);
  });

  test("--no-interaction asks nothing", async () => {
    const place = await open(["--no-interaction"]);
    const ended = await place.waitFor(RESTORED);
    expect(ended).toContain("--client is needed");
    expect(ended).toContain("ended with 2");
  });

  test("without any client there is nothing to pick", async () => {
    rmSync(join(home, ".cursor"), { recursive: true });
    const place = await open([]);
    const ended = await place.waitFor(RESTORED);
    expect(ended).toContain("No MCP client was found");
    expect(ended).toContain("ended with 2");
  });
});
