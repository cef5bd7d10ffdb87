import type { IdentifiedSession } from "../../auth/session.ts";
import type { AccessToken } from "../../auth/token-source.ts";
import { options, tenantVariables } from "../../config/options.ts";
import { systemClock } from "../../lib/clock.ts";
import { describeDuration, parseDuration } from "../../lib/duration.ts";
import { AppError, Exit, type ExitCode } from "../../lib/errors.ts";
import type { JsonObject } from "../../lib/json.ts";
import { askedTenant } from "../asked-tenant.ts";
import { defineCommand, type Invocation, stringFlag } from "../command.ts";
import { patiently } from "../patiently.ts";
import { placeOf } from "../session-place.ts";
import { authContext, findSession, signedOutEverywhere } from "../sessions.ts";

export const session = defineCommand({
  meta: { name: "session", description: "Show who is signed in where, and fail when that does not work" },
  args: {
    json: { type: "boolean", description: "Print JSON" },
    "min-ttl": {
      type: "string",
      description: "Succeed only when the token lasts at least this long, for example 10m",
      valueHint: "time",
    },
    tenant: stringFlag({ ...options.tenant, help: "Look at the session of this tenant" }),
  },
  examples: [
    { does: "Who am I?", type: "session" },
    { does: "Stop a script that could not finish", type: "session --min-ttl 10m" },
  ],
  variables: tenantVariables,
  async run(args, invocation) {
    const minTtl = args["min-ttl"] === undefined ? 0 : parseDuration(args["min-ttl"], "--min-ttl");
    const asked = askedTenant(args.tenant, invocation)?.domain;
    const verdict = await judge(asked, minTtl, invocation);
    if (args.json === true) await invocation.output.json(toJson(verdict));
    else if (verdict.kind === "works") await invocation.output.data(describe(verdict, invocation));
    else throw verdict.problem;
    return verdict.kind === "works" ? Exit.done : verdict.problem.exit;
  },
});

type Verdict = Working | Failing;

interface Working {
  readonly kind: "works";
  readonly session: IdentifiedSession;
  readonly token: AccessToken;
}

/** What does not do, and why; the exit code of its problem is the command's. */
type Failing =
  | { readonly kind: "no session"; readonly asked: string | undefined; readonly problem: AppError }
  | { readonly kind: "no token"; readonly session: IdentifiedSession; readonly problem: AppError }
  | {
      readonly kind: "short-lived";
      readonly session: IdentifiedSession;
      readonly token: AccessToken;
      readonly problem: AppError;
    };

/** The same judgement that `run` applies: a token that works now, and here for as long as is asked. */
async function judge(asked: string | undefined, minTtl: number, invocation: Invocation): Promise<Verdict> {
  let session: IdentifiedSession | undefined;
  try {
    session = await findSession(asked, invocation, authContext(invocation));
    if (session === undefined) throw await signedOutEverywhere(invocation);
    const { tokens, tenant } = session;
    const token = await patiently(`Waiting for a token of ${tenant.domain} …`, invocation, () =>
      tokens.get(invocation.interrupt, minTtl),
    );
    const problem = shortLived(token, minTtl, session);
    if (problem !== undefined) return { kind: "short-lived", session, token, problem };
    return { kind: "works", session, token };
  } catch (error) {
    // A mistake in flags or variables is told as every other one.
    if (!(error instanceof AppError) || error.exit === Exit.usage || error.exit === Exit.interrupted)
      throw error;
    if (session === undefined) return { kind: "no session", asked, problem: error };
    return { kind: "no token", session, problem: error };
  }
}

function shortLived(
  { expiresAt }: AccessToken,
  minTtl: number,
  { tokens, isRenewable }: IdentifiedSession,
): AppError | undefined {
  if (minTtl === 0) return undefined;
  const left = expiresAt === undefined ? undefined : expiresAt - systemClock.now();
  if (left !== undefined && left >= minTtl) return undefined;
  const message =
    left === undefined
      ? `Nobody knows how long the token lasts, so not whether for ${describeDuration(minTtl)}.`
      : `The token ends in ${describeDuration(left)}, before the ${describeDuration(minTtl)} asked for.`;
  const hint = isRenewable() ? "A token of this tenant lives no longer; ask for less." : tokens.signInHint;
  return new AppError({
    code: "token_ends_too_soon",
    message,
    hint,
    exit: Exit.signedOut satisfies ExitCode,
  });
}

const METHODS: Readonly<Record<IdentifiedSession["method"], string>> = {
  device: "by device flow",
  client_credentials: "as an application",
  environment: "by environment variables",
};

function describe({ session, token }: Working, invocation: Invocation): string {
  const { tenant, store, method } = session;
  const place =
    store === undefined ? "nothing is stored" : `kept in ${placeOf(store, tenant.domain, invocation)}`;
  const left = token.expiresAt === undefined ? undefined : token.expiresAt - systemClock.now();
  const end =
    left === undefined
      ? "It is not known when the token ends"
      : `The token ends in ${describeDuration(left)}`;
  const need = method === "environment" ? `a new ${options.token.variable}` : "a new sign-in";
  const then = session.isRenewable() ? " and is renewed by itself." : `, and ${need} is needed then.`;
  return [
    `Signed in to ${tenant.domain} ${METHODS[method]}; ${place}.`,
    `${end}${then}`,
    `Scopes: ${describeScopes(token.scopes)}`,
  ].join("\n");
}

/** The most scopes that are written out for people. */
const MOST_SCOPES = 24;

function describeScopes(scopes: readonly string[] | undefined): string {
  if (scopes === undefined) return "unknown";
  if (scopes.length === 0) return "none";
  const more = scopes.length - MOST_SCOPES;
  return `${scopes.slice(0, MOST_SCOPES).join(" ")}${more > 0 ? ` and ${more} more (--json lists all)` : ""}`;
}

function toJson(verdict: Verdict): JsonObject {
  const session = verdict.kind === "no session" ? undefined : verdict.session;
  const token = "token" in verdict ? verdict.token : undefined;
  const domain = (verdict.kind === "no session" ? verdict.asked : verdict.session.tenant.domain) ?? null;
  const expiresAt = token?.expiresAt;
  return {
    authenticated: verdict.kind === "works",
    domain,
    tenant: domain === null ? null : nameOf(domain),
    expires_at: expiresAt === undefined ? null : new Date(expiresAt).toISOString(),
    expires_in:
      expiresAt === undefined ? null : Math.max(0, Math.floor((expiresAt - systemClock.now()) / 1000)),
    scopes: [...(token?.scopes ?? [])],
    method: session?.method ?? null,
    store: session?.store ?? null,
    renewable: session?.isRenewable() ?? false,
    ...(verdict.kind === "works" ? {} : { reason: verdict.problem.message }),
  };
}

/** The tenant's short name: what stands before the first dot. An address of this machine has none but itself. */
function nameOf(domain: string): string {
  return /^[\d.[]/.test(domain) ? domain : (domain.split(".")[0] ?? domain);
}
