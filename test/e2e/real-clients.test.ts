import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { asObject, asString, type JsonObject, parseJson } from "../../src/lib/json.ts";
import { bareEnvironment, executable, type Finished, run } from "../support/executable.ts";
import { npmTools } from "../support/npm-tools.ts";

interface RealClient {
  readonly id: string;
  /** Its npm package, pinned. */
  readonly package: string;
  /** How a person asks it for its servers. */
  readonly listing: readonly string[];
  /** What it then says of one that works, `SERVER` standing for command and arguments. */
  readonly says: string;
}

/** Three of the four start the server to find out how it is; Codex only reads the entry. */
const CLIENTS: readonly RealClient[] = [
  {
    id: "claude-code",
    package: "@anthropic-ai/claude-code@2.1.330",
    listing: ["claude", "mcp", "list"],
    says: "auth0: SERVER - ✔ Connected",
  },
  {
    id: "gemini",
    package: "@google/gemini-cli@0.61.0",
    listing: ["gemini", "mcp", "list"],
    says: "✓ auth0: SERVER (stdio) - Connected",
  },
  {
    id: "codex",
    package: "@openai/codex@0.169.0",
    listing: ["codex", "mcp", "list"],
    says: "auth0 SERVER DBUS_SESSION_BUS_ADDRESS=***** - enabled Unsupported",
  },
  {
    id: "opencode",
    package: "opencode-ai@1.18.33",
    listing: ["opencode", "mcp", "list"],
    says: "● ✓ auth0 connected │ SERVER",
  },
];

/** Nothing is told to anybody, nothing is fetched, and the folder they are asked in is one they trust. */
const QUIET = {
  HTTPS_PROXY: "http://127.0.0.1:9",
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
  GEMINI_CLI_TRUST_WORKSPACE: "true",
  OPENCODE_DISABLE_AUTOUPDATE: "1",
  OPENCODE_DISABLE_MODELS_FETCH: "1",
};

/** Installing and starting other people's programs takes its time, in milliseconds. */
const PATIENCE = 300_000;

let sandbox: Bun.Subprocess<"ignore", "pipe", "ignore">;
let domain: string;
let program: string;
beforeAll(async () => {
  program = realpathSync(await executable());
  sandbox = Bun.spawn([program, "sandbox", "--auto-approve", "--json"], {
    env: bareEnvironment(),
    stdin: "ignore",
    stdout: "pipe",
    stderr: "ignore",
  });
  domain = await domainOf(sandbox.stdout);
});
afterAll(async () => {
  sandbox.kill();
  await sandbox.exited;
});

/** What a sandbox says of itself in its first line. */
async function domainOf(stdout: ReadableStream<Uint8Array>): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of stdout) {
    text += decoder.decode(chunk, { stream: true });
    if (text.includes("\n")) break;
  }
  const facts = parseJson(text);
  const found = asString(asObject(facts)?.["domain"]);
  if (found === undefined) throw new Error(`the sandbox did not say where it is: ${text}`);
  return found;
}

/** Runs another program to its end: everything it said, on whichever stream, in words with single blanks. */
async function ask(command: readonly string[], env: Record<string, string>, cwd: string): Promise<string> {
  const child = Bun.spawn([...command], { env, cwd, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const said = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  await child.exited;
  return stripVTControlCharacters(said.join("\n")).replace(/\s+/g, " ");
}

describe.each(CLIENTS)("$id, the real one", ({ id, package: pinned, listing, says }) => {
  let home: string;
  beforeAll(() => {
    home = realpathSync(mkdtempSync(join(tmpdir(), `auth0-mcp-${id}-`)));
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  test(
    "lists our server after init, finds it working, and no more after clients remove",
    async () => {
      const bin = join(npmTools(id, [pinned]), "node_modules", ".bin");
      const node = dirname(Bun.which("node") ?? "/usr/bin/node");
      const env = bareEnvironment({ ...QUIET, HOME: home, PATH: `${bin}:${node}:/usr/bin:/bin` });
      const own = { ...env, AUTH0_MCP_LOGIN_DOMAIN: domain, AUTH0_MCP_STORE: "file" };
      const server = `${program} run --tenant ${domain} --read-only`;
      const expected = says.replace("SERVER", server);

      const words = ["init", "--client", id, "--scopes", "read:*", "--read-only", "--json"];
      const done: Finished = await run(words, { env: own, cwd: home });
      expect({ code: done.code, stderr: done.stderr }).toMatchObject({ code: 0 });
      expect(done.stderr).toContain(`${listing.join(" ")} says: auth0`);
      const report: JsonObject = JSON.parse(done.stdout);
      expect(report["clients"]).toMatchObject([{ id, change: "add", listed: true }]);

      // A shell of its own would not have our variables: the client must do without them.
      expect(await ask(listing, env, home)).toContain(expected);

      expect((await run(["clients", "remove", id], { env: own, cwd: home })).code).toBe(0);
      expect(await ask(listing, env, home)).not.toContain(server);
    },
    PATIENCE,
  );
});
