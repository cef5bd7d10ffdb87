import type { TenantProfile } from "../../config/tenants.ts";
import { type ApplicationArgs, applicationOf } from "../application-flags.ts";
import { askedTenant } from "../asked-tenant.ts";
import type { Invocation } from "../command.ts";
import { chooseScopes, type ScopeArgs } from "../login-scopes.ts";
import { canAsk } from "../prompts.ts";
import { type SessionWish, storedProfile } from "./kept-session.ts";

export interface SignInArgs extends ApplicationArgs, ScopeArgs {
  readonly login?: boolean | undefined;
  readonly "dry-run"?: boolean | undefined;
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
    domain: application?.tenant.domain ?? askedTenant(args.tenant, invocation)?.domain,
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
