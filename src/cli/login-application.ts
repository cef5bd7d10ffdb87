import { managementAudience } from "../auth/audience.ts";
import { type ClientCredentials, signInWithCredentials } from "../auth/client-credentials.ts";
import { signInWithin } from "../auth/limited-sign-in.ts";
import type { ScopeLimits } from "../auth/scopes.ts";
import { keptProof, recordOf } from "../auth/session-record.ts";
import { keepSignIn } from "../auth/sign-in.ts";
import { parseTenantAddress, type TenantAddress } from "../config/domain.ts";
import { options } from "../config/options.ts";
import { PRODUCT } from "../config/product.ts";
import type { TenantProfile } from "../config/tenants.ts";
import { usageError } from "../lib/errors.ts";
import type { Invocation } from "./command.ts";
import { type Proof, type ProofArgs, proofSource } from "./login-proof.ts";
import { chooseScopes, givenLimits, type ScopeArgs } from "./login-scopes.ts";
import { chooseStore } from "./login-store.ts";
import { patiently } from "./patiently.ts";
import { authContext, sessionPlaces } from "./sessions.ts";
import { tellSignedIn } from "./signed-in.ts";

/** What is given for signing in as an application. */
export interface ApplicationArgs extends ScopeArgs, ProofArgs {
  readonly domain: string | undefined;
  readonly clientId: string | undefined;
  readonly audience: string | undefined;
}

/** What signing in as an application takes, checked as far as that goes without a request. */
export interface CheckedApplication extends Proof {
  readonly tenant: TenantAddress;
  readonly clientId: string;
  readonly audience: string;
  /** `undefined` for all that the application was granted, within the limits. */
  readonly scopes: readonly string[] | undefined;
  /** What limits the scopes where none are named. */
  readonly limits: ScopeLimits | undefined;
}

/**
 * Checks what was given for signing in as an application, and then reads its secret or key.
 *
 * @throws AppError (exit 2) for what is missing, contradictory or unreadable
 */
export async function checkApplication(
  args: ApplicationArgs,
  invocation: Invocation,
): Promise<CheckedApplication> {
  const tenant = parseTenantAddress(
    needed(args.domain, options.loginTenant.flag),
    `--${options.loginTenant.flag}`,
  );
  const clientId = needed(args.clientId, options.loginApplication.flag);
  const audience = args.audience === undefined ? managementAudience(tenant) : checkedAudience(args.audience);
  const readProof = proofSource(args, invocation);
  const scopes = args.scopes === undefined ? undefined : await namedScopes(args, invocation);
  const limits = scopes === undefined ? await givenLimits(args, invocation) : undefined;
  if (args.secret !== undefined) {
    invocation.output.note(
      `${PRODUCT}: a secret on the command line may be seen by others; rather use --${options.clientSecretStdin.flag}.`,
    );
  }
  return { tenant, clientId, audience, ...(await readProof()), scopes, limits };
}

/**
 * Signs in as an application (client credentials) and keeps its secret or key with the session, so that renewal needs
 * nobody.
 *
 * @returns the sign-in as it was listed
 */
export async function loginAsApplication(
  application: CheckedApplication,
  interaction: boolean,
  invocation: Invocation,
): Promise<TenantProfile> {
  const { tenant, clientId, audience, proof, keyFile } = application;
  const places = sessionPlaces(invocation);
  const store = await chooseStore(places, tenant.domain, interaction, invocation);
  const context = authContext(invocation);
  context.secrets.register(keptProof(proof).value);
  const { grant, scopes, granted } = await patiently(
    `Waiting for ${tenant.domain} to give a token …`,
    invocation,
    () => request(application, invocation, context),
  );
  const profile: TenantProfile = {
    tenant,
    method: "client_credentials",
    authority: tenant,
    clientId,
    audience,
    proof: "secret" in proof ? "secret" : "key",
    keyFile,
    store,
    scopes: scopes?.join(","),
    signedInAt: new Date(context.clock.now()).toISOString(),
  };
  await keepSignIn(context, places, profile, recordOf(grant, proof));
  await tellSignedIn(profile, grant, scopes ?? [], invocation);
  if (scopes !== undefined && granted > scopes.length) {
    invocation.output.note(
      `It has ${scopes.length} of the ${granted} scopes that the application was granted: those within the limits given.`,
    );
  }
  return profile;
}

async function request(
  { tenant, clientId, audience, proof, scopes, limits }: CheckedApplication,
  { interrupt }: Invocation,
  context: ReturnType<typeof authContext>,
) {
  const credentials: ClientCredentials = { tenant, clientId, proof, audience, scopes };
  if (limits !== undefined) return signInWithin(context, credentials, limits, interrupt);
  return { grant: await signInWithCredentials(context, credentials, interrupt), scopes, granted: 0 };
}

async function namedScopes(args: ScopeArgs, invocation: Invocation): Promise<readonly string[]> {
  const { scopes } = await chooseScopes(args, invocation);
  if (scopes.length > 0) return scopes;
  const { flag } = options.scopes;
  throw usageError(
    `--${flag} none is not possible for an application: one that asks for no scope by name is given all that it was granted.`,
    `Name the scopes it shall have, for example --${flag} read:clients`,
  );
}

function needed(value: string | undefined, flag: string): string {
  if (value !== undefined && value.trim() !== "") return value.trim();
  throw usageError(
    `--${flag} is missing, which signing in as an application needs.`,
    `Give --${options.loginTenant.flag}, --${options.loginApplication.flag}, and the application's secret or key.`,
  );
}

function checkedAudience(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return text;
  throw usageError(
    `--${options.loginAudience.flag} is no URL.`,
    `Write for example --${options.loginAudience.flag} https://acme.eu.auth0.com/api/v2/`,
  );
}
