import { options } from "../config/options.ts";
import { usageError } from "../lib/errors.ts";
import { booleanFlag, type Invocation, stringFlag } from "./command.ts";
import type { CheckedApplication } from "./login-application.ts";

const { loginTenant, loginApplication, clientSecret, clientSecretStdin, privateKey, loginAudience } = options;

/** The flags for signing in as an application. */
export const applicationFlags = {
  [loginTenant.flag]: stringFlag(loginTenant),
  [loginApplication.flag]: stringFlag(loginApplication),
  [clientSecret.flag]: stringFlag(clientSecret),
  [clientSecretStdin.flag]: booleanFlag(clientSecretStdin),
  [privateKey.flag]: stringFlag(privateKey),
  [loginAudience.flag]: stringFlag(loginAudience),
} as const;

const NAMES = [
  loginTenant.flag,
  loginApplication.flag,
  clientSecret.flag,
  clientSecretStdin.flag,
  privateKey.flag,
  loginAudience.flag,
] as const;

export interface ApplicationArgs {
  readonly tenant?: string | undefined;
  /** Whether a person may be asked. */
  readonly interaction: boolean;
  readonly "auth0-domain"?: string | undefined;
  readonly "auth0-client-id"?: string | undefined;
  readonly "auth0-client-secret"?: string | undefined;
  readonly "auth0-client-secret-stdin"?: boolean | undefined;
  readonly "auth0-private-key"?: string | undefined;
  readonly audience?: string | undefined;
}

/**
 * The application to sign in as; `undefined` when no flag is about one.
 *
 * @throws AppError (exit 2) for what is missing, contradictory or unreadable
 */
export async function applicationOf(
  args: ApplicationArgs,
  invocation: Invocation,
): Promise<CheckedApplication | undefined> {
  const first = NAMES.find((flag) => args[flag] !== undefined);
  if (first === undefined) return undefined;
  if (args.tenant !== undefined) {
    throw usageError(
      `--${options.tenant.flag} is for signing in in the browser, --${first} for signing in as an application.`,
      `Name the tenant with --${loginTenant.flag} alone.`,
    );
  }
  const { checkApplication } = await import("./login-application.ts");
  const given = {
    ...args,
    domain: args[loginTenant.flag],
    clientId: args[loginApplication.flag],
    secret: args[clientSecret.flag],
    secretFromStdin: args[clientSecretStdin.flag],
    keyFile: args[privateKey.flag],
    audience: args.audience,
  };
  return checkApplication(given, invocation);
}
