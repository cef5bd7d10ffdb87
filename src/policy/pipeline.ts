import type { TokenSource } from "../auth/token-source.ts";
import { type Clock, systemClock } from "../lib/clock.ts";
import { AppError, cancelledError } from "../lib/errors.ts";
import { isTooDeep, type JsonObject, MOST_LEVELS } from "../lib/json.ts";
import type { Logger } from "../lib/logger.ts";
import { RetryAllowance } from "../management/allowance.ts";
import { readApi, type Send, type WriteApi, writeApi } from "../management/api.ts";
import { readIfAllowed } from "../management/recovery.ts";
import type { Tool, WriteContext } from "../tools/define.ts";
import { DRY_RUN } from "../tools/dry-run.ts";
import { CUT, clip } from "./cut.ts";
import { createDryRun, type DryRun } from "./dry-run.ts";
import { errorAnswer } from "./error-answer.ts";
import { type Answer, outgoing, written } from "./outgoing.ts";
import { type Redactor, WITHHELD } from "./redaction.ts";
import { requireScopes, withScopeAdvice } from "./scopes.ts";
import type { Selection } from "./selection.ts";
import { LONGEST_WAIT, waitUntil } from "./waiting.ts";

/** Characters of a progress report. */
const LONGEST_STEP = 200;

export interface PipelineOptions {
  readonly selection: Selection;
  readonly send: Send;
  readonly tokens: TokenSource;
  readonly redactor: Redactor;
  readonly log: Logger;
  readonly clock?: Clock;
}

export interface CallOptions {
  /** Aborts the call and every request it sends. */
  readonly signal: AbortSignal;
  readonly progress?: (step: string) => void;
  /** What the MCP client calls itself, for whoever observes calls. */
  readonly client?: string | undefined;
}

/** How a call ended, as plain data that may leave the process; of a failure `{error: {code, message, …}}`. */
export type Outcome =
  | ({ readonly ok: true } & Answer)
  | ({ readonly ok: false } & Answer<{ error: JsonObject }>);

export interface Pipeline {
  readonly selection: Selection;
  /**
   * Runs one call through every gate. `undefined` when no exposed tool has that name.
   * A failure of the tool is an outcome; only a cancelled call throws.
   *
   * @throws AppError `cancelled`
   */
  call(name: string, args: JsonObject, options: CallOptions): Promise<Outcome | undefined>;
}

/** The one way a call takes, whoever asks: a model through MCP or a person through the command line. */
export function createPipeline(options: PipelineOptions): Pipeline {
  const { selection, redactor, log } = options;
  const byName = new Map(selection.exposed.map((tool) => [tool.name, tool]));
  return {
    selection,
    async call(name, args, callOptions) {
      const tool = byName.get(name);
      if (tool === undefined) return undefined;
      if (callOptions.signal.aborted) throw cancelledError();
      try {
        const answer = await runTool(tool, args, options, callOptions);
        log("call", { tool: name, ok: true });
        return { ok: true, ...answer };
      } catch (error) {
        if (callOptions.signal.aborted) throw cancelledError();
        if (!(error instanceof AppError))
          log("defect", { tool: name, error: error instanceof Error ? error.stack : String(error) });
        const answer = errorAnswer(withScopeAdvice(error, tool, options.tokens), redactor);
        log("call", { tool: name, ok: false, code: answer["code"] });
        return { ok: false, ...written({ error: answer }) };
      }
    },
  };
}

async function runTool(
  tool: Tool,
  args: JsonObject,
  options: PipelineOptions,
  call: CallOptions,
): Promise<Answer> {
  const { redactor } = options;
  refuseTooDeep(args);
  redactor.registerSecretsOf(args);
  const { dryRun, rest } = splitDryRun(tool, args);
  refusePlaceholders(rest);
  const run = await tool.bind(rest);
  if (!dryRun) await requireScopes(tool, options.tokens, call.signal);

  const send = sending(tool, options);
  const rehearsal = dryRun ? createDryRun(send) : undefined;
  const notices: string[] = [];
  const answer = await run(contextOf(tool, { ...options, send }, call, rehearsal, notices));
  const result = rehearsal === undefined ? { answer } : { rehearsal };
  return outgoing({ result, notices, untrusted: tool.untrusted }, redactor);
}

/**
 * The client of one call. All of its requests share the time that a call may spend on repeating them.
 * Every secret that arrives is known from then on, also one that the tool does not show: another text may repeat it.
 * What outsiders write may call any word a secret, so there only what is shown is looked at.
 */
function sending(tool: Tool, { send, redactor }: PipelineOptions): Send {
  const allowance = new RetryAllowance();
  return async (request, signal) => {
    const answer = await send(request, signal, allowance);
    if (tool.untrusted.length === 0) redactor.registerSecretsOf({ answer: answer.body });
    return answer;
  };
}

function contextOf(
  tool: Tool,
  { send, redactor, clock = systemClock }: PipelineOptions,
  { signal, progress: report = () => undefined }: CallOptions,
  rehearsal: DryRun | undefined,
  notices: string[],
): WriteContext {
  const progress = (step: string) => report(clip(redactor.text(step), LONGEST_STEP));
  const api = apiFor(tool, rehearsal?.send ?? send, signal);
  let deadline: number | undefined;
  return {
    api,
    dryRun: rehearsal !== undefined,
    readPresent: (path) => (rehearsal === undefined ? api.get(path) : readIfAllowed(api.get(path))),
    notice: (text) => void notices.push(text),
    progress,
    waitUntil(waiting) {
      if (rehearsal !== undefined) return waiting.poll();
      deadline ??= clock.now() + LONGEST_WAIT;
      return waitUntil(waiting, { clock, signal, progress, deadline });
    },
  };
}

/** A reading tool gets a client that cannot write, whatever its code tries. */
function apiFor(tool: Tool, send: Send, signal: AbortSignal): WriteApi {
  return tool.kind === "read" ? refusingWrites(readApi(send, signal)) : writeApi(send, signal);
}

function refusingWrites(api: ReturnType<typeof readApi>): WriteApi {
  const refuse = async (): Promise<never> => {
    throw new AppError({ code: "read_only", message: "A reading tool cannot change the tenant." });
  };
  return { ...api, post: refuse, patch: refuse, put: refuse, delete: refuse };
}

function splitDryRun(tool: Tool, args: JsonObject): { dryRun: boolean; rest: JsonObject } {
  const { [DRY_RUN]: dryRun, ...rest } = args;
  if (tool.kind === "read" || dryRun === undefined) return { dryRun: false, rest: args };
  if (typeof dryRun !== "boolean") {
    throw new AppError({
      code: "invalid_arguments",
      message: `${DRY_RUN}: must be true or false.`,
    });
  }
  return { dryRun, rest };
}

function refuseTooDeep(args: JsonObject): void {
  if (!isTooDeep(args)) return;
  throw new AppError({
    code: "invalid_arguments",
    message: `The arguments are nested in more than ${MOST_LEVELS} levels.`,
  });
}

/** A placeholder that a model copied from an answer must not overwrite what it stands for. */
function refusePlaceholders(args: JsonObject): void {
  for (const [field, value] of Object.entries(args)) {
    const text = JSON.stringify(value);
    const what = text.includes(WITHHELD)
      ? "a withheld secret"
      : text.includes(CUT)
        ? "a text that was cut"
        : undefined;
    if (what === undefined) continue;
    throw new AppError({
      code: "invalid_arguments",
      message: `${field}: holds the placeholder of ${what}.`,
      hint: `Leave ${field} out to keep its present value, or give the real value.`,
    });
  }
}
