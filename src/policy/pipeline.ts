import type { TokenSource } from "../auth/token-source.ts";
import { type Clock, systemClock } from "../lib/clock.ts";
import { AppError, cancelledError, traceOf } from "../lib/errors.ts";
import { isTooDeep, type JsonObject, MOST_LEVELS, sameJson } from "../lib/json.ts";
import type { Logger } from "../lib/logger.ts";
import { RetryAllowance } from "../management/allowance.ts";
import { type Send, writeApi } from "../management/api.ts";
import { readIfAllowed } from "../management/recovery.ts";
import type { Tool, WriteContext } from "../tools/define.ts";
import { DRY_RUN } from "../tools/dry-run.ts";
import { CUT, clip } from "./cut.ts";
import { createDryRun, type DryRun } from "./dry-run.ts";
import { errorAnswer } from "./error-answer.ts";
import { type Answer, outgoing, written } from "./outgoing.ts";
import { readerOf } from "./reader.ts";
import type { Redactor } from "./redaction.ts";
import { requireScopes, withScopeAdvice } from "./scopes.ts";
import type { Selection } from "./selection.ts";
import { Turns } from "./turns.ts";
import { visibleMembers } from "./untrusted.ts";
import { LONGEST_WAIT, waitUntil } from "./waiting.ts";
import { WITHHELD } from "./withholding.ts";

/** What is shown leaves such characters out, also where a dry run shows what it would send. */
const HIDDEN =
  "The arguments hold characters that are not shown (control, direction or zero-width ones); they are sent as they are.";

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
  const turns = new Turns();
  return {
    selection,
    async call(name, args, callOptions) {
      const tool = byName.get(name);
      if (tool === undefined) return undefined;
      if (callOptions.signal.aborted) throw cancelledError();
      try {
        const answer = await runTool(tool, args, { ...options, turns }, callOptions);
        log("call", { tool: name, ok: true });
        return { ok: true, ...answer };
      } catch (error) {
        if (callOptions.signal.aborted) throw cancelledError();
        if (!(error instanceof AppError)) log("defect", { tool: name, error: traceOf(error) });
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
  options: PipelineOptions & { readonly turns: Turns },
  call: CallOptions,
): Promise<Answer> {
  const { redactor } = options;
  refuseTooDeep(args);
  const { isDryRun, rest } = splitDryRun(tool, args);
  refuseUnsendable(rest);
  const run = await tool.bind(rest);
  // Not before: what is refused is no secret of this tenant, and the refusal names fields and no values.
  redactor.registerSecretsOf(args);
  if (!isDryRun) await requireScopes(tool, options.tokens, call.signal);

  const send = sending(tool, options);
  const dryRun = isDryRun ? createDryRun(send) : undefined;
  const notices: string[] = [];
  if (tool.kind !== "read" && !sameJson(visibleMembers(rest), rest)) notices.push(HIDDEN);
  const answer = await run(contextOf({ ...options, send }, call, dryRun, notices));
  const result = dryRun === undefined ? { answer } : { dryRun };
  const reader = readerOf(tool, options.selection.exposed);
  return outgoing({ result, notices, untrusted: tool.untrusted, reader }, redactor);
}

/**
 * The client of one call: a reading tool can send nothing but GET, whatever its code tries. All requests of a call share
 * the time that it may spend on repeating them.
 * Every secret that arrives is known from then on, also one that the tool does not show: another text may repeat it.
 * What outsiders write may call any word a secret, so there only what is shown is looked at.
 */
function sending(tool: Tool, { send, redactor }: PipelineOptions): Send {
  const allowance = new RetryAllowance();
  return async (request, signal) => {
    if (tool.kind === "read" && request.method !== "GET") {
      throw new AppError({ code: "read_only", message: "A reading tool cannot change the tenant." });
    }
    const answer = await send(request, signal, allowance);
    if (tool.untrusted.length === 0) redactor.registerAnswer({ answer: answer.body });
    return answer;
  };
}

function contextOf(
  { send, redactor, turns, clock = systemClock }: PipelineOptions & { readonly turns: Turns },
  { signal, progress: report = () => undefined }: CallOptions,
  dryRun: DryRun | undefined,
  notices: string[],
): WriteContext {
  const progress = (step: string) => report(clip(redactor.text(step), LONGEST_STEP));
  const api = writeApi(dryRun?.send ?? send, signal);
  let deadline: number | undefined;
  return {
    api,
    dryRun: dryRun !== undefined,
    readPresent: (path) => (dryRun === undefined ? api.get(path) : readIfAllowed(api.get(path))),
    exclusively: (resource, work) => turns.take(resource, signal, work),
    notice: (text) => void notices.push(text),
    progress,
    waitUntil(waiting) {
      if (dryRun !== undefined) return waiting.poll();
      deadline ??= clock.now() + LONGEST_WAIT;
      return waitUntil(waiting, { clock, signal, progress, deadline });
    },
  };
}

function splitDryRun(tool: Tool, args: JsonObject): { isDryRun: boolean; rest: JsonObject } {
  const { [DRY_RUN]: dryRun, ...rest } = args;
  if (tool.kind === "read" || dryRun === undefined) return { isDryRun: false, rest: args };
  if (typeof dryRun !== "boolean") {
    throw new AppError({
      code: "invalid_arguments",
      message: `${DRY_RUN}: must be true or false.`,
    });
  }
  return { isDryRun: dryRun, rest };
}

function refuseTooDeep(args: JsonObject): void {
  if (!isTooDeep(args)) return;
  throw new AppError({
    code: "invalid_arguments",
    message: `The arguments are nested in more than ${MOST_LEVELS} levels.`,
  });
}

/**
 * A placeholder that a model copied from an answer must not overwrite what it stands for, and a name that JavaScript
 * keeps for itself would be lost on the way without a word.
 */
function refuseUnsendable(args: JsonObject): void {
  for (const [field, value] of Object.entries(args)) {
    const text = JSON.stringify(value);
    if (text.includes('"__proto__":')) {
      throw new AppError({
        code: "invalid_arguments",
        message: `${field}: a member cannot be called __proto__.`,
      });
    }
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
