import { storedSession } from "../../auth/stored-session.ts";
import type { TokenSource } from "../../auth/token-source.ts";
import type { Machine } from "../../clients/machine.ts";
import type { TenantProfile } from "../../config/tenants.ts";
import type { Invocation } from "../command.ts";
import type { Limits } from "../limits.ts";
import { selectionOf, unusableTools } from "../runtime.ts";
import { authContext, sessionPlaces } from "../sessions.ts";

/** Tools that a client is shown and that its session is not allowed to use. */
export interface Shortfall {
  readonly exposed: number;
  readonly unusable: number;
  readonly missingScopes: readonly string[];
  /** The command that mends it, in a sentence. */
  readonly remedy: string;
}

/** What a session may do. */
export interface Grant {
  /** `undefined` when the token does not say. */
  readonly scopes: readonly string[] | undefined;
  readonly tokens: Pick<TokenSource, "grantHint">;
}

/** Looks up what a stored session may do. Throws AppError like `TokenSource.get`. */
export async function grantOf(profile: TenantProfile, invocation: Invocation): Promise<Grant> {
  const { tokens } = storedSession(authContext(invocation), sessionPlaces(invocation), profile);
  const { scopes } = await tokens.get(invocation.interrupt);
  return { scopes, tokens };
}

/** What a session lacks for the tools that the limits let through; `undefined` for nothing. */
export function shortfallOf(
  limits: Limits,
  { scopes, tokens }: Grant,
  machine: Pick<Machine, "environment">,
): Shortfall | undefined {
  const selection = selectionOf(limits, machine);
  const lacking = unusableTools(selection, scopes);
  if (lacking.size === 0) return undefined;
  const missingScopes = [...new Set([...lacking.values()].flat())];
  return {
    exposed: selection.exposed.length,
    unusable: lacking.size,
    missingScopes,
    remedy: tokens.grantHint(missingScopes),
  };
}

/** A shortfall, for people. */
export function describeShortfall({ exposed, unusable, missingScopes, remedy }: Shortfall): string {
  const which = unusable === exposed ? `none of its ${exposed} tools` : `${unusable} of its ${exposed} tools`;
  const can = unusable === exposed ? "can" : "cannot";
  return `${which} ${can} be used: the session lacks ${missingScopes.join(", ")}. ${remedy}`;
}
