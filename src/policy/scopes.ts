import type { TokenSource } from "../auth/token-source.ts";
import { AppError } from "../lib/errors.ts";
import type { Tool, ToolFacts } from "../tools/define.ts";

/** Scopes that the API takes in place of another: any one of them is enough. */
const ALTERNATIVES: Readonly<Record<string, readonly string[]>> = {
  "read:clients": ["read:client_keys", "read:client_credentials", "read:client_summary"],
  "update:clients": ["update:client_keys", "update:client_credentials"],
  "read:logs": ["read:logs_users"],
};

/** The scopes of a tool that a token does not have. */
export function lackingScopes({ scopes }: ToolFacts, granted: readonly string[]): string[] {
  return scopes.filter(
    (scope) => ![scope, ...(ALTERNATIVES[scope] ?? [])].some((accepted) => granted.includes(accepted)),
  );
}

/**
 * Refuses a call that writes before its first step, when the token is known to lack a scope of a later one.
 *
 * @throws AppError `insufficient_scope`
 */
export async function requireScopes(tool: Tool, tokens: TokenSource, signal: AbortSignal): Promise<void> {
  if (tool.kind === "read") return;
  const { scopes } = await tokens.get(signal);
  const lacking = scopes === undefined ? [] : lackingScopes(tool, scopes);
  if (lacking.length === 0) return;
  throw new AppError({
    code: "insufficient_scope",
    message: `${tool.name} needs ${lacking.join(" and ")}, which the token does not have. Nothing was sent.`,
    hint: tokens.grantHint(lacking),
  });
}

/**
 * The same error with the tool's own scopes in the advice, when the tenant refused a request for lack of one. The
 * tenant names every scope that would do, wider ones included, or none at all.
 */
export function withScopeAdvice(error: unknown, tool: Tool, tokens: TokenSource): unknown {
  if (!(error instanceof AppError) || error.code !== "insufficient_scope" || error.status !== 403)
    return error;
  const named = error.scopes ?? [];
  const wanted = named.length === 0 ? tool.scopes : tool.scopes.filter((scope) => named.includes(scope));
  return wanted.length === 0 ? error : error.with({ hint: tokens.grantHint(wanted) });
}
