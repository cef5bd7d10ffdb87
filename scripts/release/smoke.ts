import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PRODUCT, VERSION } from "../../src/config/product.ts";
import { asObject, asObjects, parseJson } from "../../src/lib/json.ts";
import { registry } from "../../src/tools/registry.ts";
import { finishedOf } from "../support/finished.ts";
import { needPrograms } from "../support/packages.ts";
import { haveSecretService, startSecretService } from "../support/secret-service.ts";
import { serveTenant } from "../support/tenants.ts";
import { makeRoot, ROOT_PROGRAMS } from "./roots.ts";
import { checkOneRuntime } from "./runtimes.ts";
import { hostTarget, type Target } from "./targets.ts";

export interface SmokeResult {
  readonly name: string;
  readonly outcome: "passed" | "failed" | "skipped";
  readonly message?: string;
}

/** The emulated processor without AVX2 that every x64 executable must run on. */
const OLD_PROCESSOR = "Nehalem";
/** What a client sends until it knows the tools, a line each. */
const REQUESTS = [
  {
    id: 0,
    method: "initialize",
    params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "smoke", version: "1" } },
  },
  { method: "notifications/initialized" },
  { id: 1, method: "tools/list", params: {} },
].map((message) => JSON.stringify({ jsonrpc: "2.0", ...message }));
const EMULATORS = { x64: "qemu-x86_64", arm64: "qemu-aarch64" } as const;

/** Checks what an executable is built on, and runs it where this machine can. */
export async function smokeTest(target: Target, bytes: Buffer): Promise<SmokeResult[]> {
  const results = await runExecutable(target, bytes);
  if (target.arch !== "x64") return results;
  return [
    await attempt("one runtime for old processors and new ones", () => checkOneRuntime(target)),
    ...results,
  ];
}

/** Runs a built executable natively, or emulated on libraries of its own. */
async function runExecutable(target: Target, bytes: Buffer): Promise<SmokeResult[]> {
  const skip = (message: string): SmokeResult[] => [{ name: "smoke test", outcome: "skipped", message }];
  if (target.platform !== "linux") return skip("it cannot run here; its format and module are checked");
  const native = hostTarget().name === target.name;
  const programs = [...Object.values(EMULATORS), ...ROOT_PROGRAMS];
  if (!needPrograms("executables for other machines", programs, ["qemu-user"])) {
    if (!native) return skip("there is no emulator here");
  }
  const folder = mkdtempSync(join(tmpdir(), "auth0-mcp-smoke-"));
  try {
    const program = join(folder, PRODUCT);
    writeFileSync(program, bytes);
    chmodSync(program, 0o755);
    const results: SmokeResult[] = [];
    const emulator = Bun.which(EMULATORS[target.arch]);
    if (emulator !== null) {
      const root = join(folder, "root");
      makeRoot(target, root);
      const processor = target.arch === "x64" ? ["-cpu", OLD_PROCESSOR] : [];
      const emulated = [emulator, ...processor, "-L", root, program];
      const where = target.arch === "x64" ? "without AVX2" : "emulated";
      results.push(...(await smokeChecks(emulated, where, !native)));
    }
    if (native) results.push(...(await smokeChecks([program], "here", true)));
    return results;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs an executable through what people do first. The command may begin with an emulator. */
export async function smokeChecks(
  command: readonly string[],
  where: string,
  keyring: boolean,
): Promise<SmokeResult[]> {
  const results: SmokeResult[] = [];
  const check = async (name: string, work: () => Promise<void>) =>
    results.push(await attempt(`${name}, ${where}`, work));
  const limited = ["timeout", "120", ...command];
  await check("version", async () => {
    const told = (await run(limited, ["--version"])).trim();
    if (told !== VERSION) throw new Error(`it says ${told}`);
  });
  await check("initialize and tools/list", async () => {
    const told = await run(limited, ["run", "--sandbox"], {}, REQUESTS.map((line) => `${line}\n`).join(""));
    const answer = told.split("\n").map(parseJson).map(asObject);
    const listed = answer.find((each) => each?.["id"] === 1)?.["result"];
    const tools = asObjects(asObject(listed)?.["tools"]).length;
    if (tools !== registry.length) throw new Error(`it lists ${tools} tools of ${registry.length}`);
  });
  await check("a sandbox call", async () => {
    const told = await run(limited, ["tools", "call", "auth0_list_applications", "--sandbox"]);
    if (asObjects(asObject(parseJson(told))?.["applications"]).length === 0)
      throw new Error(told.slice(0, 200));
  });
  if (!keyring) return results;
  if (haveSecretService()) await check("a keyring round trip", () => roundTrip(limited));
  else
    results.push({ name: "a keyring round trip", outcome: "skipped", message: "there is no Secret Service" });
  return results;
}

async function attempt(name: string, work: () => Promise<void>): Promise<SmokeResult> {
  try {
    await work();
    return { name, outcome: "passed" };
  } catch (cause) {
    return { name, outcome: "failed", message: cause instanceof Error ? cause.message : String(cause) };
  }
}

/** Signs in to a sandbox tenant, finds the session again in the keyring, and signs out. */
async function roundTrip(command: readonly string[]): Promise<void> {
  const tenant = await serveTenant({ rateLimit: 0, signIn: { decision: "approve" } });
  const service = await startSecretService();
  try {
    const env = { ...service.env, AUTH0_MCP_LOGIN_DOMAIN: tenant.tenant.domain };
    await run(command, ["login", "--scopes", "*:clients", "--no-interaction"], env);
    if (!service.search(PRODUCT).includes(tenant.tenant.domain)) throw new Error("the keyring holds nothing");
    const session = asObject(parseJson(await run(command, ["session", "--json"], env)));
    if (session?.["store"] !== "keyring" || session["authenticated"] !== true) {
      throw new Error(`the session is ${JSON.stringify(session)}`);
    }
    await run(command, ["logout", "--all"], env);
    if (service.search(PRODUCT) !== "") throw new Error("the keyring still holds something");
  } finally {
    await service.stop();
    await tenant.stop();
  }
}

function bare(env: Record<string, string> = {}): Record<string, string> {
  return { PATH: "/usr/bin:/bin", HOME: "/nonexistent", ...env };
}

async function run(
  command: readonly string[],
  args: readonly string[],
  env: Record<string, string> = {},
  stdin = "",
): Promise<string> {
  const child = Bun.spawn([...command, ...args], {
    env: bare(env),
    stdin: Buffer.from(stdin),
    stdout: "pipe",
    stderr: "pipe",
  });
  const { code, stdout, stderr } = await finishedOf(child);
  if (code !== 0) throw new Error(`it ended with ${code}: ${(stderr || stdout).trim().slice(0, 400)}`);
  return stdout;
}
