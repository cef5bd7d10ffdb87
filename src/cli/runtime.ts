import { parseBoolean, readVariable } from "../config/environment.ts";
import { options } from "../config/options.ts";
import { PRODUCT } from "../config/product.ts";
import { systemClock } from "../lib/clock.ts";
import { usageError } from "../lib/errors.ts";
import { createClient } from "../management/client.ts";
import { createPipeline, type Pipeline } from "../policy/pipeline.ts";
import type { Redactor } from "../policy/redaction.ts";
import { lackingScopes } from "../policy/scopes.ts";
import { parsePatterns, type Selection, type SelectionRules, selectTools } from "../policy/selection.ts";
import { catalogue } from "../tools/catalogue.ts";
import type { Tool } from "../tools/define.ts";
import { askedTenant } from "./asked-tenant.ts";
import { booleanFlag, type Invocation, stringFlag } from "./command.ts";
import type { Connection } from "./connection.ts";
import { debugLogger } from "./debug.ts";
import { type Limits, limitFlags } from "./limits.ts";
import { authContext, findSession, signedOutEverywhere } from "./sessions.ts";

/** The flags that choose tools and tenant, for every command that works on one. */
export const runtimeFlags = {
  ...limitFlags,
  tenant: stringFlag(options.tenant),
  sandbox: booleanFlag(options.sandbox),
} as const;

export interface RuntimeArgs extends Limits {
  readonly tenant?: string | undefined;
  readonly sandbox?: boolean | undefined;
}

/**
 * Which tools the flags and variables allow; a flag beats its variable.
 *
 * @throws AppError (exit 2) for anything that could be read as "everything" by mistake
 */
export function selectionOf(
  args: Limits,
  { environment }: Pick<Invocation, "environment">,
): Selection & { readOnly: boolean } {
  const rules = selectionRules(args, environment);
  return { ...selectTools(catalogue, rules), readOnly: rules.readOnly };
}

function selectionRules(args: Limits, environment: Invocation["environment"]): SelectionRules {
  const patterns = (flag: string | undefined, option: { flag: string; variable: string }) => {
    if (flag !== undefined) return parsePatterns(flag, `--${option.flag}`);
    const value = readVariable(environment, option.variable);
    return value === undefined ? undefined : parsePatterns(value, option.variable);
  };
  const { tools, excludeTools, readOnly } = options;
  const readOnlyVariable = booleanVariable(environment, readOnly.variable);
  return {
    tools: patterns(args.tools, tools) ?? { patterns: [tools.default], source: `--${tools.flag}` },
    excludeTools: patterns(args["exclude-tools"], excludeTools),
    readOnly: args["read-only"] ?? readOnlyVariable ?? false,
  };
}

/**
 * A variable that is on or off; `undefined` when it is not set.
 *
 * @throws AppError (exit 2) when it is neither, whatever a flag says: the next command may have no flag
 */
export function booleanVariable(
  environment: Invocation["environment"],
  variable: string,
): boolean | undefined {
  const value = readVariable(environment, variable);
  return value === undefined ? undefined : parseBoolean(value, variable);
}

/**
 * The tenant a command works on: the embedded sandbox, what the environment describes, or one that was signed in to;
 * `undefined` for none.
 */
export async function connect(args: RuntimeArgs, invocation: Invocation): Promise<Connection | undefined> {
  const { sandbox, tenant } = options;
  if (args.sandbox === true) {
    if (args.tenant !== undefined)
      throw usageError(`--${sandbox.flag} and --${tenant.flag} exclude each other.`);
    const { connectSandbox } = await import("./embedded-sandbox.ts");
    return connectSandbox();
  }
  const context = authContext(invocation);
  const session = await findSession(askedTenant(args.tenant, invocation)?.domain, invocation, context);
  return session === undefined ? undefined : { ...session, fetch, redactor: context.secrets };
}

/** @throws AppError (exit 3) when nobody is signed in */
export async function connectOrFail(args: RuntimeArgs, invocation: Invocation): Promise<Connection> {
  const connection = await connect(args, invocation);
  if (connection === undefined) throw await signedOutEverywhere(invocation);
  return connection;
}

/** The way of every call to a tenant, with all that it needs, put together once. */
export function connectedPipeline(
  selection: Selection,
  connection: Connection,
  invocation: Invocation,
): Pipeline {
  const { tenant, fetch, redactor } = connection;
  const log = debugLogger(invocation, redactor);
  const tokens = remembering(connection, redactor);
  const send = createClient({
    tenant,
    tokens,
    fetch,
    clock: systemClock,
    log,
    random: Math.random,
  });
  log("start", { program: PRODUCT, tenant: tenant.domain, tools: selection.exposed.length });
  return createPipeline({ selection, send, tokens, redactor, log });
}

/** Every token that is handed out is known to the redactor before it can turn up in a text. */
function remembering({ tokens }: Connection, redactor: Redactor): Connection["tokens"] {
  return {
    get signInHint() {
      return tokens.signInHint;
    },
    grantHint: (scopes) => tokens.grantHint(scopes),
    async get(signal) {
      const token = await tokens.get(signal);
      redactor.register(token.value);
      return token;
    },
    async renew(refused, signal) {
      const token = await tokens.renew(refused, signal);
      if (token !== undefined) redactor.register(token.value);
      return token;
    },
  };
}

/** Exposed tools that a token with these scopes cannot use, and what it lacks; none when its scopes are unknown. */
export function unusableTools(
  selection: Selection,
  scopes: readonly string[] | undefined,
): Map<Tool, readonly string[]> {
  const lacking = new Map<Tool, readonly string[]>();
  if (scopes === undefined) return lacking;
  for (const tool of selection.exposed) {
    const missing = lackingScopes(tool, scopes);
    if (missing.length > 0) lacking.set(tool, missing);
  }
  return lacking;
}
