import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ServedTenant, serveTenant } from "../../scripts/support/tenants.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { withLock } from "../../src/lib/lock.ts";
import { largeDocument } from "../clients/children.ts";
import { bareEnvironment, executable, type Finished, run } from "../support/executable.ts";

let tenant: ServedTenant;
let program: string;
beforeAll(async () => {
  program = realpathSync(await executable());
  tenant = await serveTenant({ rateLimit: 0, signIn: { decision: "approve" } });
});
afterAll(() => tenant.stop());

let home: string;
let env: Record<string, string>;
let file: string;
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), "auth0-mcp-init-")));
  mkdirSync(join(home, ".cursor"));
  file = join(home, ".cursor", "mcp.json");
  env = { HOME: home, AUTH0_MCP_STORE: "file", AUTH0_MCP_LOGIN_DOMAIN: tenant.tenant.domain };
});
afterEach(() => rmSync(home, { recursive: true }));

const words = ["init", "--client", "cursor", "--scopes", "read:clients"];
const init = (): Promise<Finished> => run(words, { env, cwd: home });

interface Started {
  readonly child: Bun.Subprocess<"ignore", "ignore", "pipe">;
  /** Resolves when stderr has said it. */
  said(text: string): Promise<void>;
  /** Everything on stderr, once the child has ended. */
  ended(): Promise<Finished>;
}

function start(): Started {
  const child = Bun.spawn([program, ...words], {
    ...{ env: bareEnvironment(env), cwd: home },
    ...{ stdin: "ignore", stdout: "ignore", stderr: "pipe" },
  });
  const lines = child.stderr.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
  let stderr = "";
  return {
    child,
    async said(text) {
      while (!stderr.includes(text)) {
        const { value, done } = await lines.next();
        if (done === true) throw new Error(`never said: ${text}\n${stderr}`);
        stderr += value;
      }
    },
    async ended() {
      for (let next = await lines.next(); next.done !== true; next = await lines.next()) stderr += next.value;
      return { code: await child.exited, stdout: "", stderr };
    },
  };
}

test("Ctrl+C before a file is written: 130, what was and was not done, and the file as it was", async () => {
  writeFileSync(file, "{}\n");
  await run(["login", "--scopes", "read:clients"], { env });
  const lock = join(home, ".local", "state", "auth0-mcp", "clients.lock");
  // While somebody else edits, `init` waits at its second step.
  const ended = await withLock(lock, { clock: systemClock, timeout: 5_000 }, async () => {
    const started = start();
    await started.said("the session is kept");
    started.child.kill("SIGINT");
    return started.ended();
  });
  expect(ended.code).toBe(130);
  expect(ended.stderr).toContain("Done: the sign-in. Not done: the file of Cursor, the check of Cursor.");
  expect(readFileSync(file, "utf8")).toBe("{}\n");
  expect(readdirSync(join(home, ".cursor"))).toEqual(["mcp.json"]);
  expect(await init()).toMatchObject({ code: 0, stderr: expect.stringContaining("added auth0") });
});

test("Ctrl+C during the check: 130, the server is gone, and the file stays", async () => {
  const pipe = join(home, "key.pem");
  Bun.spawnSync(["mkfifo", pipe]);
  // The server reads its key from a pipe that nobody writes to, so it never starts.
  const credentials = { AUTH0_DOMAIN: tenant.tenant.domain, AUTH0_CLIENT_ID: tenant.tenant.clientId };
  const entry = {
    ...{ command: program, args: ["run"] },
    env: { ...credentials, AUTH0_CLIENT_PRIVATE_KEY_FILE: pipe },
  };
  writeFileSync(file, JSON.stringify({ mcpServers: { auth0: entry } }));
  const started = start();
  await started.said("updated auth0");
  started.child.kill("SIGINT");
  const { code, stderr } = await started.ended();
  expect(code).toBe(130);
  expect(stderr).toContain("Done: the sign-in, the file of Cursor. Not done: the check of Cursor.");
  expect(JSON.parse(readFileSync(file, "utf8")).mcpServers.auth0).toEqual({
    ...entry,
    args: ["run", "--tenant", tenant.tenant.domain],
  });
  expect(
    Bun.spawnSync(["pgrep", "-f", `^${program} run --tenant ${tenant.tenant.domain}`]).stdout.toString(),
  ).toBe("");
});

test("kill -9 at any moment: the old file or the new, and the next one goes on from there", async () => {
  const before = largeDocument();
  writeFileSync(file, before);
  await run(["login", "--scopes", "read:clients"], { env });
  const whole = await duration(init);
  const after = readFileSync(file, "utf8");
  expect(JSON.parse(after).mcpServers.auth0.command).toBe(program);

  const rounds = 24;
  const seen = { old: 0, new: 0 };
  for (let round = 0; round < rounds; round++) {
    await run(["clients", "remove", "cursor"], { env });
    expect(readFileSync(file, "utf8")).toBe(before);
    const { child, ended } = start();
    await Bun.sleep((whole * round) / rounds);
    child.kill("SIGKILL");
    await ended();
    const left = readFileSync(file, "utf8");
    if (left === before) seen.old++;
    else {
      expect(left).toBe(after);
      seen.new++;
    }
    expect(readFileSync(`${file}.auth0-mcp.bak`, "utf8")).toBe(before);
  }
  // Both outcomes were met, so the kills fell on either side of the write.
  expect(Math.min(seen.old, seen.new)).toBeGreaterThan(0);
  expect(await init()).toMatchObject({ code: 0, stderr: expect.stringContaining("the session is kept") });
  expect(readFileSync(file, "utf8")).toBe(after);
});

/** How long it takes, in milliseconds. */
async function duration(work: () => Promise<Finished>): Promise<number> {
  const began = performance.now();
  expect((await work()).code).toBe(0);
  return performance.now() - began;
}
