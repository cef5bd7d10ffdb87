import { fixedToken } from "../../src/auth/environment.ts";
import type { TokenSource } from "../../src/auth/token-source.ts";
import { parseTenantAddress } from "../../src/config/domain.ts";
import { isObject, type JsonObject, parseJson } from "../../src/lib/json.ts";
import { silentLogger } from "../../src/lib/logger.ts";
import { createClient } from "../../src/management/client.ts";
import { createPipeline, type Outcome } from "../../src/policy/pipeline.ts";
import { Redactor } from "../../src/policy/redaction.ts";
import { selectTools } from "../../src/policy/selection.ts";
import { createSandbox, type SandboxOptions, type SandboxTenant } from "../../src/sandbox/tenant.ts";
import { registry } from "../../src/tools/registry.ts";
import { StillClock } from "../sandbox/resource-harness.ts";

/** One request as the tenant received it. */
export interface SentRequest {
  readonly method: string;
  /** Below `/api/v2`, still encoded. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: JsonObject | undefined;
}

export interface TenantOptions {
  /** `empty` unless a test needs the shop. */
  readonly seed?: SandboxOptions["seed"];
  /** What the token may do; everything by default. */
  readonly scopes?: readonly string[];
  /** Whether the token tells its scopes, so that a call can be refused before it is sent; default true. */
  readonly tellsScopes?: boolean;
  /** Answers a request in the tenant's place where it returns something. */
  readonly intercept?: (request: SentRequest) => Response | undefined;
}

export interface StartedTenant {
  readonly sandbox: SandboxTenant;
  readonly clock: StillClock;
  /** Every request that was sent, oldest first. */
  readonly requests: SentRequest[];
  /** Runs a tool through the whole pipeline. Throws for a name that no tool has. */
  call(name: string, args?: JsonObject): Promise<Outcome>;
  /** The same for a call that must succeed: its data. Throws with the error otherwise. */
  data(name: string, args?: JsonObject): Promise<JsonObject>;
  /** The same for a call that must fail: its error. */
  error(name: string, args?: JsonObject): Promise<JsonObject>;
}

/**
 * A sandbox tenant in this process, under a clock that only moves when something sleeps, and every tool on it.
 * Starting a tenant ends the one with the same seed that was started before.
 */
export async function startTenant(options: TenantOptions = {}): Promise<StartedTenant> {
  const { seed = "empty", scopes, tellsScopes = true, intercept = () => undefined } = options;
  const { sandbox, clock } = await freshSandbox(seed);
  const token = await sandbox.issueToken(scopes === undefined ? {} : { scopes });
  const tokens = tellsScopes ? fixedToken(token, clock) : withoutScopes(fixedToken(token, clock));
  const requests: SentRequest[] = [];
  const send = createClient({
    tenant: parseTenantAddress(sandbox.url, "test"),
    tokens,
    clock,
    log: silentLogger,
    random: () => 0.5,
    async fetch(url, init) {
      const request = readRequest(url, init);
      requests.push(request);
      return intercept(request) ?? sandbox.handle(new Request(url, init));
    },
  });
  const selection = selectTools(registry, {
    tools: { patterns: ["*"], source: "test" },
    excludeTools: undefined,
    readOnly: false,
  });
  const redactor = new Redactor();
  const pipeline = createPipeline({ selection, send, tokens, redactor, log: silentLogger, clock });

  async function call(name: string, args: JsonObject = {}): Promise<Outcome> {
    const outcome = await pipeline.call(name, args, { signal: new AbortController().signal });
    if (outcome === undefined) throw new Error(`there is no tool ${name}`);
    return outcome;
  }
  return {
    sandbox,
    clock,
    requests,
    call,
    async data(name, args) {
      const outcome = await call(name, args);
      if (!outcome.ok) throw new Error(`${name} failed: ${JSON.stringify(outcome.data)}`);
      return outcome.data;
    },
    async error(name, args) {
      const outcome = await call(name, args);
      if (outcome.ok) throw new Error(`${name} succeeded: ${JSON.stringify(outcome.data)}`);
      return outcome.data.error;
    },
  };
}

interface Kept {
  readonly sandbox: SandboxTenant;
  readonly clock: StillClock;
  /** Sets state and time back to what they were at the start. */
  reset(): void;
}

const kept = new Map<string, Promise<Kept>>();

/** Making a key pair takes long, so there is one sandbox for each seed, and it is set back before it is handed out. */
async function freshSandbox(seed: "demo" | "empty"): Promise<Kept> {
  const making = kept.get(seed) ?? makeSandbox(seed);
  kept.set(seed, making);
  const fresh = await making;
  fresh.reset();
  return fresh;
}

async function makeSandbox(seed: "demo" | "empty"): Promise<Kept> {
  const clock = new StillClock();
  const start = clock.now();
  const sandbox = await createSandbox({ seed, rateLimit: 0, clock, domain: "127.0.0.1:4000" });
  const { clients, clientGrants, resourceServers, actions, bindings, forms, logs } = sandbox.state;
  const resets = [
    resetOf(clients),
    resetOf(clientGrants),
    resetOf(resourceServers),
    resetOf(actions),
    resetOf(bindings),
    resetOf(forms),
  ];
  const firstLogs = [...logs];
  const reset = () => {
    clock.advance(start - clock.now());
    logs.splice(0, logs.length, ...firstLogs);
    for (const resetMap of resets) resetMap();
  };
  return { sandbox, clock, reset };
}

/** The records themselves are never changed in place, so remembering the entries is enough. */
function resetOf<Value>(map: Map<string, Value>): () => void {
  const entries = [...map];
  return () => {
    map.clear();
    for (const [key, value] of entries) map.set(key, value);
  };
}

function readRequest(address: string, init: RequestInit): SentRequest {
  const url = new URL(address);
  const body = typeof init.body === "string" ? parseJson(init.body) : undefined;
  return {
    method: init.method ?? "GET",
    path: url.pathname.replace("/api/v2", ""),
    query: Object.fromEntries(url.searchParams),
    body: isObject(body) ? body : undefined,
  };
}

/** A token of which only the tenant knows what it may do. */
function withoutScopes(tokens: TokenSource): TokenSource {
  return {
    signInHint: tokens.signInHint,
    grantHint: (scopes) => tokens.grantHint(scopes),
    renew: (refused, signal) => tokens.renew(refused, signal),
    get: async (signal) => ({ ...(await tokens.get(signal)), scopes: undefined }),
  };
}
