import type { Subprocess } from "bun";
import type { Environment } from "../config/environment.ts";
import { PRODUCT, VERSION } from "../config/product.ts";
import type { Clock } from "../lib/clock.ts";
import { asObject, asObjects, asString, type Json, type JsonObject, parseJson } from "../lib/json.ts";
import { errorCode, systemReason } from "../lib/system-error.ts";
import type { McpClient } from "./client.ts";
import { environmentOf, launchOf, passedOn } from "./entry.ts";

/** Whether an entry's server works, and what it says of itself. */
export type CheckResult =
  | { readonly ok: true; readonly server: string; readonly tools: number }
  | FailedCheck;

interface FailedCheck {
  readonly ok: false;
  readonly reason: string;
  /** What it wrote there, or the end of it. */
  readonly stderr: string;
  /** Not even its process began. */
  readonly unstartable?: true;
  /** The exit code of a server that ended by itself. */
  readonly exit?: number;
}

/** The surroundings in which an entry's command is started. */
export interface CheckOptions {
  readonly environment: Environment;
  readonly platform: NodeJS.Platform;
  readonly clock: Clock;
  /** Milliseconds after which a server counts as stuck. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
}

const PROTOCOL = "2025-06-18";

/** How much of a failed server's stderr is reported: its end. In characters. */
const REPORTED = 4_000;

/** Starts an entry's own command as its client would, initialises it and asks for its tools. */
export async function selfCheck(
  client: McpClient,
  entry: JsonObject,
  options: CheckOptions,
): Promise<CheckResult> {
  const launch = launchOf(entry);
  if (launch === undefined) return { ok: false, reason: "the entry starts nothing", stderr: "" };
  const env = clientEnvironment(client, entry, options);
  let server: Server;
  try {
    server = Bun.spawn([launch.command, ...launch.args], {
      env,
      stdin: "pipe",
      stdout: "pipe",
      stderr: "pipe",
    });
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    const reason = `${launch.command} cannot be started: ${systemReason(error)}`;
    return { ok: false, reason, stderr: "", unstartable: true };
  }
  const stderr = listen(server.stderr);
  const waiting = new AbortController();
  const signal =
    options.signal === undefined ? waiting.signal : AbortSignal.any([waiting.signal, options.signal]);
  const late = options.clock.sleep(options.timeout, signal).then(
    () => ({ ok: false, reason: `it did not answer within ${options.timeout / 1_000} s` }) as const,
    () => ({ ok: false, reason: "the check was interrupted" }) as const,
  );
  const result = await Promise.race([converse(server), late]);
  waiting.abort();
  await stop(server, options.clock);
  if (result.ok) return result;
  // What the server started itself may hold stderr open for longer than anybody wants to wait.
  await Promise.race([stderr.ended, options.clock.sleep(GRACE)]);
  return { ...result, stderr: stderr.text().trimEnd().slice(-REPORTED) };
}

type Server = Subprocess<"pipe", "pipe", "pipe">;

/** Milliseconds that a server has to end by itself once its input has. */
const GRACE = 2_000;

async function stop(server: Server, clock: Clock): Promise<void> {
  await unlessClosed(async () => {
    await server.stdin.end();
  });
  await Promise.race([server.exited, clock.sleep(GRACE)]);
  server.kill("SIGKILL");
  await server.exited;
}

/** A server may end before it has read everything; that is noticed where its answer is awaited. */
async function unlessClosed(write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (errorCode(error) !== "EPIPE") throw error;
  }
}

interface Heard {
  text(): string;
  readonly ended: Promise<void>;
}

function listen(stream: ReadableStream<Uint8Array>): Heard {
  let text = "";
  const hear = async () => {
    for await (const line of readLines(stream)) text += `${line}\n`;
  };
  return { text: () => text, ended: hear() };
}

type Answer =
  | Extract<CheckResult, { ok: true }>
  | { readonly ok: false; readonly reason: string; readonly exit?: number };

async function converse(server: Server): Promise<Answer> {
  const lines = readLines(server.stdout);
  const send = (message: JsonObject) =>
    unlessClosed(async () => {
      server.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
      await server.stdin.flush();
    });
  const answerTo = async (id: number): Promise<Json | undefined> => {
    for (;;) {
      const { value: line, done } = await lines.next();
      if (done === true) return undefined;
      const message = asObject(parseJson(line));
      if (message?.["id"] === id) return message["result"] ?? message;
    }
  };

  const clientInfo = { name: PRODUCT, version: VERSION };
  await send({
    id: 1,
    method: "initialize",
    params: { protocolVersion: PROTOCOL, capabilities: {}, clientInfo },
  });
  const initialized = asObject(await answerTo(1));
  if (initialized === undefined) return ended(await server.exited);
  const info = asObject(initialized["serverInfo"]);
  if (info === undefined) return { ok: false, reason: "it refused to be initialised" };
  await send({ method: "notifications/initialized" });
  await send({ id: 2, method: "tools/list", params: {} });
  const listed = asObject(await answerTo(2));
  if (listed === undefined) return ended(await server.exited);
  const tools = asObjects(listed["tools"]).length;
  if (tools === 0) return { ok: false, reason: "it offers no tools" };
  return { ok: true, server: [asString(info["name"]), asString(info["version"])].join(" ").trim(), tools };
}

function ended(exit: number): Answer {
  return { ok: false, reason: `it ended with exit code ${exit}`, exit };
}

async function* readLines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}

const ESSENTIALS: Readonly<Record<"windows" | "other", readonly string[]>> = {
  windows: [
    "APPDATA",
    "HOMEDRIVE",
    "HOMEPATH",
    "LOCALAPPDATA",
    "PATH",
    "PROCESSOR_ARCHITECTURE",
    "SYSTEMDRIVE",
    "SYSTEMROOT",
    "TEMP",
    "USERNAME",
    "USERPROFILE",
  ],
  other: ["HOME", "LOGNAME", "PATH", "SHELL", "TERM", "USER"],
};

const SOUNDS_SECRET = /TOKEN|SECRET|KEY|AUTH|PASSWORD|CREDENTIAL/i;

/** The environment in which the client starts the entry's command. */
export function clientEnvironment(
  client: McpClient,
  entry: JsonObject,
  { environment, platform }: Pick<CheckOptions, "environment" | "platform">,
): Record<string, string> {
  const essentials = ESSENTIALS[platform === "win32" ? "windows" : "other"];
  const named = new Set([...essentials, ...passedOn(entry)]);
  const isSeen = (name: string) => {
    if (client.environment === "all") return true;
    if (client.environment === "no-secrets") return !SOUNDS_SECRET.test(name);
    return named.has(platform === "win32" ? name.toUpperCase() : name);
  };
  const seen: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && isSeen(name)) seen[name] = value;
  }
  return { ...seen, ...environmentOf(entry) };
}
