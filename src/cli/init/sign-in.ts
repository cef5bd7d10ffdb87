import { options } from "../../config/options.ts";
import type { TenantProfile } from "../../config/tenants.ts";
import { usageError } from "../../lib/errors.ts";
import { booleanFlag, type Invocation, stringFlag } from "../command.ts";
import type { CheckedApplication } from "../login-application.ts";
import { chooseScopes, type ScopeArgs } from "../login-scopes.ts";
import { canAsk } from "../prompts.ts";
import { askedTenant } from "../sessions.ts";
import { type SessionWish, storedProfile } from "./kept-session.ts";

const { loginTenant, loginApplication, clientSecret, clientSecretStdin, privateKey, loginAudience } = options;

/** The flags for signing in as an application, as `login` has them. */
export const applicationFlags = {
  [loginTenant.flag]: stringFlag(loginTenant),
  [loginApplication.flag]: stringFlag(loginApplication),
  [clientSecret.flag]: stringFlag(clientSecret),
  [clientSecretStdin.flag]: booleanFlag(clientSecretStdin),
  [privateKey.flag]: stringFlag(privateKey),
  [loginAudience.flag]: stringFlag(loginAudience),
} as const;

const PROOFS = [clientSecret.flag, clientSecretStdin.flag, privateKey.flag] as const;
const applicationFlagNames = [
  loginTenant.flag,
  loginApplication.flag,
  ...PROOFS,
  loginAudience.flag,
] as const;

export interface SignInArgs extends ScopeArgs {
  readonly tenant?: string | undefined;
  readonly login?: boolean | undefined;
  readonly "dry-run"?: boolean | undefined;
  readonly "auth0-domain"?: string | undefined;
  readonly "auth0-client-id"?: string | undefined;
  readonly "auth0-client-secret"?: string | undefined;
  readonly "auth0-client-secret-stdin"?: boolean | undefined;
  readonly "auth0-private-key"?: string | undefined;
  readonly audience?: string | undefined;
}

/** A sign-in whose flags have been checked. */
export interface SignInPlan {
  readonly wish: SessionWish;
  /** The stored sign-in that may do, unless a new one is wanted anyway. */
  readonly stored: TenantProfile | undefined;
  /** Signs in anew, and keeps the session. What it says as data goes to `told`. */
  signIn(told: (text: string) => void): Promise<TenantProfile>;
}

/**
 * Checks everything that bears on the sign-in. No request is sent.
 *
 * @throws AppError (exit 2) for flags that are wrong, incomplete or contradict each other
 */
export async function planSignIn(args: SignInArgs, invocation: Invocation): Promise<SignInPlan> {
  const application = await applicationOf(args, invocation);
  const asked = args.scopes === undefined ? undefined : (await chooseScopes(args, invocation)).scopes;
  const wish: SessionWish = {
    domain: application?.tenant.domain ?? askedTenant(args.tenant, invocation),
    application,
    scopes: asked,
  };
  const stored = args.login === true ? undefined : await storedProfile(wish, invocation);
  const mustAsk = application === undefined && asked === undefined && stored === undefined;
  if (mustAsk && args["dry-run"] !== true && !(args.interaction && canAsk())) {
    // It throws with the words of the flag that answers.
    await chooseScopes(args, invocation);
  }
  return {
    wish,
    stored,
    async signIn(told) {
      const speaking = {
        ...invocation,
        output: { ...invocation.output, data: async (text: string) => told(text) },
      };
      if (application === undefined) {
        const { loginByDevice } = await import("../login-device.ts");
        return loginByDevice(args, speaking);
      }
      const { loginAsApplication } = await import("../login-application.ts");
      return loginAsApplication(application, args.interaction, speaking);
    },
  };
}

/**
 * The application to sign in as; `undefined` when no flag is about one.
 *
 * @throws AppError (exit 2) for what is missing, contradictory or unreadable
 */
async function applicationOf(
  args: SignInArgs,
  invocation: Invocation,
): Promise<CheckedApplication | undefined> {
  const first = applicationFlagNames.find((flag) => args[flag] !== undefined);
  if (first === undefined) return undefined;
  if (args.tenant !== undefined) {
    throw usageError(
      `--${options.tenant.flag} is for signing in in the browser, --${first} for signing in as an application.`,
      `Name the tenant with --${loginTenant.flag} alone.`,
    );
  }
  const { checkApplication } = await import("../login-application.ts");
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
