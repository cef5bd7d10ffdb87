import { offeredScopes, type ScopeLimits, selectScopes, thing } from "../auth/scopes.ts";
import { readVariable } from "../config/environment.ts";
import { options } from "../config/options.ts";
import { usageError } from "../lib/errors.ts";
import type { Invocation } from "./command.ts";
import { canAsk, pick } from "./prompts.ts";

/** What bears on the scopes of a sign-in. */
export interface ScopeArgs {
  readonly scopes?: string | undefined;
  readonly tools?: string | undefined;
  readonly "exclude-tools"?: string | undefined;
  readonly "read-only"?: boolean | undefined;
  /** Whether a person may be asked. */
  readonly interaction: boolean;
}

export interface ChosenScopes {
  readonly scopes: readonly string[];
  /** What `--scopes` would have to say for the same choice. */
  readonly text: string;
}

/**
 * The scopes to ask for: those of `--scopes`, else what a person picks on the terminal.
 *
 * @throws AppError exit 2 when neither is possible or the flags are wrong, 130 when the person gave up
 */
export async function chooseScopes(args: ScopeArgs, invocation: Invocation): Promise<ChosenScopes> {
  const limits = await scopeLimits(args, invocation);
  if (args.scopes !== undefined) return { scopes: selectScopes(args.scopes, limits), text: args.scopes };
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

/** The tools are loaded here, and only for this. */
async function scopeLimits(args: ScopeArgs, invocation: Invocation): Promise<ScopeLimits> {
  const { selectionOf } = await import("./runtime.ts");
  const { registry } = await import("../tools/registry.ts");
  const selection = selectionOf(args, invocation);
  const { tools, excludeTools } = options;
  const limited =
    args.tools !== undefined ||
    args["exclude-tools"] !== undefined ||
    [tools, excludeTools].some(
      ({ variable }) => readVariable(invocation.environment, variable) !== undefined,
    );
  return {
    declared: registry.flatMap((tool) => tool.scopes),
    needed: limited ? selection.exposed.flatMap((tool) => tool.scopes) : undefined,
    readOnly: selection.readOnly,
  };
}
