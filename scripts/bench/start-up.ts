import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inTurn, median } from "./measure.ts";
import type { Programs } from "./programs.ts";
import { compared, type Row } from "./row.ts";
import { StdioSession } from "./stdio-session.ts";
import type { Tenant } from "./tenant.ts";

type Variables = Record<string, string>;

/** Commands that end by themselves, against a program that does nothing. */
export async function commandRows(programs: Programs, tenant: Tenant, rounds: number): Promise<Row[]> {
  const home = mkdtempSync(join(tmpdir(), "auth0-mcp-bench-"));
  const env = { HOME: home, PATH: "/usr/bin:/bin", AUTH0_MCP_STORE: "file" };
  try {
    const { domain, clientId, clientSecret } = tenant;
    const signIn = ["login", "--auth0-domain", domain, "--auth0-client-id", clientId];
    await spawnToEnd([programs.ours, ...signIn], { ...env, AUTH0_CLIENT_SECRET: clientSecret });
    const against = (words: readonly string[]) =>
      inTurn(
        rounds,
        () => spawnToEnd([programs.ours, ...words], env),
        () => spawnToEnd([programs.empty], env),
      );
    const completion = await against(["complete", "--", "tools", "show", "auth0_"]);
    return [
      compared("--version, against an empty program", "ms", await against(["--version"]), 1.5),
      compared("session (file store), against an empty program", "ms", await against(["session"]), 3),
      { what: "one completion", unit: "ms", ours: median(completion.ours), goal: 50 },
    ];
  } finally {
    rmSync(home, { recursive: true });
  }
}

/** @throws Error when the program fails: a figure of a failure would look like a fast one */
async function spawnToEnd(command: readonly string[], env: Variables): Promise<number> {
  const started = performance.now();
  const child = Bun.spawn([...command], { env, stdin: "ignore", stdout: "ignore", stderr: "pipe" });
  const code = await child.exited;
  const spent = performance.now() - started;
  if (code !== 0) {
    throw new Error(`${command.join(" ")} ended with ${code}: ${await new Response(child.stderr).text()}`);
  }
  return spent;
}

/** A server until it has listed its tools, against one with a single tool. */
export async function serverRows(programs: Programs, tenant: Tenant, rounds: number): Promise<Row[]> {
  const memory = { ours: [] as number[], theirs: [] as number[] };
  let bytes = 0;
  const times = await inTurn(
    rounds,
    async () => {
      const start = await listTools([programs.ours, "run"], tenant.environment);
      memory.ours.push(start.megabytes);
      bytes = start.bytes;
      return start.milliseconds;
    },
    async () => {
      const start = await listTools([programs.sdkServer], tenant.environment);
      memory.theirs.push(start.megabytes);
      return start.milliseconds;
    },
  );
  return [
    compared("spawn to tools/list, against an SDK-only server", "ms", times, 1.25),
    compared("peak memory by then", "MB", memory, 1.2),
    { what: "the default tools/list", unit: "bytes", ours: bytes, goal: 28_000 },
  ];
}

/** Milliseconds from spawn to the answer of `tools/list`, its bytes, and the peak memory by then in MB. */
async function listTools(
  command: readonly string[],
  environment: Variables,
): Promise<{ milliseconds: number; megabytes: number; bytes: number }> {
  const started = performance.now();
  const session = new StdioSession(command, environment);
  await session.initialize();
  const answer = await session.request("tools/list", {});
  const milliseconds = performance.now() - started;
  const megabytes = session.peakMemory();
  await session.end();
  return { milliseconds, megabytes, bytes: Buffer.byteLength(JSON.stringify(JSON.parse(answer).result)) };
}
