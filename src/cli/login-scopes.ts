import { offeredScopes, type ScopeLimits, selectScopes, thing } from "../auth/scopes.ts";
import { readVariable } from "../config/environment.ts";
import { options } from "../config/options.ts";
import { usageError } from "../lib/errors.ts";
import type { Invocation } from "./command.ts";
import type { Limits } from "./limits.ts";
import { canAsk, pick } from "./prompts.ts";

/** What bears on the scopes of a sign-in. */
export interface ScopeArgs extends Limits {
  readonly scopes?: string | undefined;
  /** Whether a person may be asked. */
  readonly interaction: boolean;
}

/** The scopes of a sign-in. */
export interface ChosenScopes {
  readonly scopes: readonly string[];
  /** What `--scopes` alone would have to say for the same choice. */
  readonly text: string;
}

/**
 * The scopes to ask for: those of `--scopes`, else what a person picks on the terminal.
 *
 * @throws AppError exit 2 when neither is possible or the flags are wrong, 130 when the person gave up
 */
export async function chooseScopes(args: ScopeArgs, invocation: Invocation): Promise<ChosenScopes> {
  const limits = await scopeLimits(args, invocation);
  if (args.scopes !== undefined) {
    const scopes = selectScopes(args.scopes, limits);
    return { scopes, text: shortest([args.scopes, "read:*"], scopes, limits) };
  }
  if (!args.interaction || !canAsk()) {
    throw usageError(
      `--${options.scopes.flag} is needed where nobody can be asked.`,
      `Write for example --${options.scopes.flag} 'read:*', or --${options.scopes.flag} none for none.`,
    );
  }
  const choices = offeredScopes(limits).map((scope) => ({ value: scope, group: thing(scope) }));
  const picked = await pick("Which scopes shall the token have?", choices, invocation.interrupt);
  return { scopes: picked, text: picked.length === 0 ? "none" : picked.join(",") };
}

/** The first text that means the same scopes where nothing limits it; their names when none does. */
function shortest(texts: readonly string[], scopes: readonly string[], limits: ScopeLimits): string {
  const unlimited = { ...limits, needed: undefined, readOnly: false };
  const wanted = new Set(scopes);
  const meant = texts.find(
    (text) => new Set(selectScopes(text, unlimited)).symmetricDifference(wanted).size === 0,
  );
  return meant ?? scopes.join(",");
}

/** What limits the scopes by flags or variables; `undefined` where nothing does. */
export async function givenLimits(args: ScopeArgs, invocation: Invocation): Promise<ScopeLimits | undefined> {
  const { environment } = invocation;
  const readOnly = args["read-only"] ?? readVariable(environment, options.readOnly.variable);
  if (readOnly === undefined && !limitsTools(args, invocation)) return undefined;
  const limits = await scopeLimits(args, invocation);
  return limits.readOnly || limits.needed !== undefined ? limits : undefined;
}

/** The tools are loaded here, and only for this. */
async function scopeLimits(args: ScopeArgs, invocation: Invocation): Promise<ScopeLimits> {
  const { selectionOf } = await import("./runtime.ts");
  const { registry } = await import("../tools/registry.ts");
  const selection = selectionOf(args, invocation);
  const limited = limitsTools(args, invocation);
  return {
    declared: registry.flatMap((tool) => tool.scopes),
    needed: limited ? selection.exposed.flatMap((tool) => tool.scopes) : undefined,
    readOnly: selection.readOnly,
  };
}

function limitsTools(args: ScopeArgs, { environment }: Invocation): boolean {
  const { tools, excludeTools } = options;
  return (
    args.tools !== undefined ||
    args["exclude-tools"] !== undefined ||
    [tools, excludeTools].some(({ variable }) => readVariable(environment, variable) !== undefined)
  );
}
