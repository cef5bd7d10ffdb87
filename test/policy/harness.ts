import { z } from "zod";
import type { TokenSource } from "../../src/auth/token-source.ts";
import type { JsonObject } from "../../src/lib/json.ts";
import type { ApiRequest, LinkedAnswer, Send } from "../../src/management/api.ts";
import {
  createPipeline,
  type Outcome,
  type Pipeline,
  type PipelineOptions,
} from "../../src/policy/pipeline.ts";
import { Redactor } from "../../src/policy/redaction.ts";
import { selectTools } from "../../src/policy/selection.ts";
import type { ToolAnswer } from "../../src/tools/answers.ts";
import { defineTool, type Tool, type WriteContext } from "../../src/tools/define.ts";
import type { ToolKind } from "../../src/tools/kinds.ts";
import { given } from "../../src/tools/objects.ts";
import { SteppingClock } from "../lib/stepping-clock.ts";

interface TestTool {
  readonly name?: string;
  readonly kind?: ToolKind;
  readonly scopes?: readonly string[];
  readonly untrusted?: readonly string[];
  readonly run?: (context: WriteContext, input: JsonObject) => Promise<ToolAnswer>;
}

/** A tool that takes `{id?, settings?}` and does what a test wants. */
export function testTool({
  name = "auth0_test",
  kind = "read",
  scopes = [],
  untrusted = [],
  run,
}: TestTool = {}): Tool {
  const input = z.strictObject({
    id: z.string().optional(),
    settings: z.record(z.string(), z.json()).optional(),
  });
  const shared = {
    name,
    title: name,
    toolset: "applications",
    scopes,
    untrusted,
    description: name,
    input,
  } as const;
  const tool = defineTool({
    ...shared,
    kind: kind === "read" ? "create" : kind,
    run: (input: Readonly<Record<string, unknown>>, context: WriteContext) =>
      run === undefined ? Promise.resolve({ done: true }) : run(context, given(input)),
  });
  // A reading tool's code gets the same context here, as if its author had got round the types.
  return { ...tool, kind };
}

/** A tenant in memory: answers by path, and a record of what was sent. */
export function memoryTenant(answer: (request: ApiRequest) => LinkedAnswer["body"] = () => ({})) {
  const sent: ApiRequest[] = [];
  const send: Send = async (request, signal) => {
    signal.throwIfAborted();
    sent.push(request);
    return { body: answer(request), next: undefined };
  };
  return { sent, send };
}

export function tokensWith(scopes: readonly string[] | undefined): TokenSource {
  return {
    signInHint: "Sign in.",
    grantHint: (wanted) => `Grant ${wanted.join(" and ")}.`,
    get: async () => ({ value: "token", expiresAt: undefined, scopes }),
    renew: async () => undefined,
  };
}

export interface TestPipeline {
  readonly pipeline: Pipeline;
  readonly redactor: Redactor;
  readonly logged: string[];
  readonly clock: SteppingClock;
  call(args?: JsonObject, signal?: AbortSignal): Promise<Outcome>;
  /** The data of a call that succeeds. */
  data(args?: JsonObject): Promise<JsonObject>;
  /** The error of a call that fails. */
  error(args?: JsonObject): Promise<JsonObject>;
}

/** A pipeline over tools of which the first one is called. */
export function testPipeline(
  tools: Tool | readonly Tool[],
  options: Partial<PipelineOptions> & { readonly readOnly?: boolean } = {},
): TestPipeline {
  const all = Array.isArray(tools) ? tools : [tools];
  const clock = new SteppingClock();
  const redactor = options.redactor ?? new Redactor();
  const logged: string[] = [];
  const selection = selectTools(all, {
    tools: { patterns: ["*"], source: "test" },
    excludeTools: undefined,
    readOnly: options.readOnly ?? false,
  });
  const pipeline = createPipeline({
    selection,
    send: memoryTenant().send,
    tokens: tokensWith(undefined),
    redactor,
    log: (step, details) => void logged.push(redactor.text(`${step} ${JSON.stringify(details)}`)),
    clock,
    ...options,
  });
  const name = all[0]?.name ?? "";
  async function call(args: JsonObject = {}, signal = new AbortController().signal): Promise<Outcome> {
    const outcome = await pipeline.call(name, args, { signal });
    if (outcome === undefined) throw new Error(`${name} is not exposed`);
    return outcome;
  }
  return {
    pipeline,
    redactor,
    logged,
    clock,
    call,
    async data(args) {
      const outcome = await call(args);
      if (!outcome.ok) throw new Error(`failed: ${JSON.stringify(outcome.data)}`);
      return outcome.data;
    },
    async error(args) {
      const outcome = await call(args);
      if (outcome.ok) throw new Error(`succeeded: ${JSON.stringify(outcome.data)}`);
      return outcome.data.error;
    },
  };
}
