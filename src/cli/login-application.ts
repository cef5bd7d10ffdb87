import { type ClientProof, managementAudience, signInWithCredentials } from "../auth/client-credentials.ts";
import { readKeyFile } from "../auth/environment-application.ts";
import { parseClientKey } from "../auth/private-key-jwt.ts";
import { type KeptSecret, recordOf } from "../auth/session-record.ts";
import { keepSignIn } from "../auth/sign-in.ts";
import { parseTenantAddress, type TenantAddress } from "../config/domain.ts";
import { readVariable } from "../config/environment.ts";
import { options } from "../config/options.ts";
import { PRODUCT } from "../config/product.ts";
import type { TenantProfile } from "../config/tenants.ts";
import { usageError } from "../lib/errors.ts";
import type { Invocation } from "./command.ts";
import { tellSignedIn } from "./login-device.ts";
import { chooseScopes, type ScopeArgs } from "./login-scopes.ts";
import { chooseStore } from "./login-store.ts";
import { authContext, sessionPlaces } from "./sessions.ts";
import { readStdin } from "./stdin.ts";

export interface ApplicationArgs extends ScopeArgs {
  readonly domain: string | undefined;
  readonly clientId: string | undefined;
  readonly secret: string | undefined;
  readonly secretFromStdin: boolean | undefined;
  readonly keyFile: string | undefined;
  readonly audience: string | undefined;
}

/** What signing in as an application takes, checked as far as that goes without a request. */
export interface CheckedApplication {
  readonly tenant: TenantAddress;
  readonly clientId: string;
  readonly audience: string;
  readonly proof: Proof["proof"];
  /** The secret or key as it is kept with the session. */
  readonly kept: Proof["kept"];
  /** `undefined` for all that the application was granted. */
  readonly scopes: readonly string[] | undefined;
}

/**
 * Checks what was given for signing in as an application, and reads its secret or key.
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
  const { proof, kept } = await readProof(args, invocation);
  const asked = args.scopes === undefined ? undefined : (await chooseScopes(args, invocation)).scopes;
  const scopes = asked === undefined || asked.length === 0 ? undefined : asked;
  if (args.secret !== undefined) {
    invocation.output.note(
      `${PRODUCT}: a secret on the command line may be seen by others; rather use --${options.clientSecretStdin.flag}.`,
    );
  }
  return { tenant, clientId, audience, proof, kept, scopes };
}

/**
 * Signs in as an application (client credentials) and keeps its secret or key with the session, so that renewal needs
 * nobody.
 *
 * @returns the sign-in as it was listed
 */
export async function loginAsApplication(
  { tenant, clientId, audience, proof, kept, scopes }: CheckedApplication,
  interaction: boolean,
  invocation: Invocation,
): Promise<TenantProfile> {
  const places = sessionPlaces(invocation);
  const store = await chooseStore(places, interaction, invocation);
  const context = authContext(invocation);
  for (const secret of Object.values(kept)) context.secrets.register(secret);
  const credentials = { tenant, clientId, proof, audience, scopes };
  const grant = await signInWithCredentials(context, credentials, invocation.interrupt);
  const profile: TenantProfile = {
    tenant,
    method: "client_credentials",
    authority: tenant,
    clientId,
    audience,
    store,
    scopes: scopes?.join(","),
    signedInAt: new Date(context.clock.now()).toISOString(),
  };
  await keepSignIn(context, places, profile, recordOf(grant, kept));
  await tellSignedIn(profile, grant, scopes ?? [], invocation);
  return profile;
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

interface Proof {
  readonly proof: ClientProof;
  readonly kept: KeptSecret;
}

/** A variable counts only where no flag of its sort, a secret or a key, is given. */
async function readProof(args: ApplicationArgs, invocation: Invocation): Promise<Proof> {
  const { environment } = invocation;
  const { clientSecret, clientSecretStdin, privateKey } = options;
  const flags = [
    ...(args.secret === undefined ? [] : [clientSecret.flag]),
    ...(args.secretFromStdin === true ? [clientSecretStdin.flag] : []),
    ...(args.keyFile === undefined ? [] : [privateKey.flag]),
  ];
  if (flags.length > 1) {
    throw usageError(
      `${flags.map((flag) => `--${flag}`).join(" and ")} exclude each other.`,
      "Give one of them.",
    );
  }
  if (args.secret !== undefined) return secretProof(args.secret, `--${clientSecret.flag}`);
  if (args.secretFromStdin === true) {
    const text = await readStdin(invocation);
    return secretProof(text.replace(/\r?\n$/, ""), "stdin");
  }
  if (args.keyFile !== undefined) return keyProof(args.keyFile, `--${privateKey.flag}`);
  const secret = readVariable(environment, clientSecret.variable);
  const keyFile = readVariable(environment, privateKey.variable);
  if (secret !== undefined && keyFile !== undefined) {
    throw usageError(
      `${clientSecret.variable} and ${privateKey.variable} are both set.`,
      `Choose with --${privateKey.flag} or --${clientSecretStdin.flag}, or unset one.`,
    );
  }
  if (secret !== undefined) return secretProof(secret, clientSecret.variable);
  if (keyFile !== undefined) return keyProof(keyFile, privateKey.variable);
  throw usageError(
    "The application's secret or key is missing.",
    `Give --${clientSecretStdin.flag}, --${privateKey.flag} <file>, or set ${clientSecret.variable}.`,
  );
}

function secretProof(secret: string, source: string): Proof {
  const clean = secret.trim();
  if (clean === "") throw usageError(`The client secret from ${source} is empty.`);
  if (/[\p{Cc}\s]/u.test(clean))
    throw usageError(`The client secret from ${source} holds blanks or line breaks.`);
  return { proof: { secret: clean }, kept: { clientSecret: clean } };
}

async function keyProof(file: string, source: string): Promise<Proof> {
  const pem = await readKeyFile(file, source);
  return { proof: { key: parseClientKey(pem, file) }, kept: { privateKey: pem } };
}
