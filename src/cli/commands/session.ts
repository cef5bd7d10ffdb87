import type { IdentifiedSession } from "../../auth/session.ts";
import type { AccessToken } from "../../auth/token-source.ts";
import { options } from "../../config/options.ts";
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
  async run(args, invocation) {
    const lasting = args["min-ttl"] === undefined ? 0 : parseDuration(args["min-ttl"], "--min-ttl");
    const asked = askedTenant(args.tenant, invocation)?.domain;
    const verdict = await judge(asked, lasting, invocation);
    if (args.json === true) await invocation.output.json(toJson(verdict));
    else if (verdict.problem === undefined) await invocation.output.data(describe(verdict, invocation));
    else throw verdict.problem;
    return verdict.problem?.exit ?? Exit.done;
  },
});

interface Verdict {
  readonly session: IdentifiedSession | undefined;
  readonly token: AccessToken | undefined;
  readonly asked: string | undefined;
  /** Why it does not do; its exit code is the command's. */
  readonly problem: AppError | undefined;
}

/** The same judgement that `run` applies: a token that works now, and here for as long as is asked. */
async function judge(asked: string | undefined, lasting: number, invocation: Invocation): Promise<Verdict> {
  let session: IdentifiedSession | undefined;
  let token: AccessToken | undefined;
  try {
    session = await findSession(asked, invocation, authContext(invocation));
    if (session === undefined) throw signedOutEverywhere();
    const { getLasting, tenant } = session;
    token = await patiently(`Waiting for a token of ${tenant.domain} …`, invocation, () =>
      getLasting(invocation.interrupt, lasting),
    );
    return { session, token, asked, problem: shortLived(token, lasting, session) };
  } catch (error) {
    // A mistake in flags or variables is told as every other one.
    if (!(error instanceof AppError) || error.exit === Exit.usage || error.exit === Exit.interrupted)
      throw error;
    return { session, token, asked, problem: error };
  }
}

function shortLived(
  { expiresAt }: AccessToken,
  lasting: number,
  { tokens, isRenewable }: IdentifiedSession,
): AppError | undefined {
  if (lasting === 0) return undefined;
  const left = expiresAt === undefined ? undefined : expiresAt - systemClock.now();
  if (left !== undefined && left >= lasting) return undefined;
  const message =
    left === undefined
      ? `Nobody knows how long the token lasts, so not whether for ${describeDuration(lasting)}.`
      : `The token ends in ${describeDuration(left)}, before the ${describeDuration(lasting)} asked for.`;
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

function describe({ session, token }: Verdict, invocation: Invocation): string {
  if (session === undefined || token === undefined)
    throw new TypeError("a verdict without a problem has a session");
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

function toJson({ session, token, asked, problem }: Verdict): JsonObject {
  const domain = session?.tenant.domain ?? asked ?? null;
  const expiresAt = token?.expiresAt;
  return {
    authenticated: problem === undefined,
    domain,
    tenant: domain === null ? null : nameOf(domain),
    expires_at: expiresAt === undefined ? null : new Date(expiresAt).toISOString(),
    expires_in:
      expiresAt === undefined ? null : Math.max(0, Math.floor((expiresAt - systemClock.now()) / 1000)),
    scopes: [...(token?.scopes ?? [])],
    method: session?.method ?? null,
    store: session?.store ?? null,
    renewable: session?.isRenewable() ?? false,
    ...(problem === undefined ? {} : { reason: problem.message }),
  };
}

/** The tenant's short name: what stands before the first dot. An address of this machine has none but itself. */
function nameOf(domain: string): string {
  return /^[\d.[]/.test(domain) ? domain : (domain.split(".")[0] ?? domain);
}
