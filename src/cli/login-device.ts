import { managementAudience } from "../auth/audience.ts";
import { type DeviceCode, signInByDevice } from "../auth/device-flow.ts";
import type { Grant } from "../auth/oauth.ts";
import { recordOf } from "../auth/session-record.ts";
import { ANY_TENANT, keepSignIn, tenantOfToken } from "../auth/sign-in.ts";
import { parseTenantAddress } from "../config/domain.ts";
import { readVariable } from "../config/environment.ts";
import { options } from "../config/options.ts";
import type { TenantProfile } from "../config/tenants.ts";
import { describeDuration } from "../lib/duration.ts";
import { AppError } from "../lib/errors.ts";
import { askedTenant } from "./asked-tenant.ts";
import { browserCommand, openBrowser } from "./browser.ts";
import type { Invocation } from "./command.ts";
import { chooseScopes, type ScopeArgs } from "./login-scopes.ts";
import { chooseStore } from "./login-store.ts";
import { patiently } from "./patiently.ts";
import { canAsk, waitForEnter } from "./prompts.ts";
import { authContext, sessionPlaces } from "./sessions.ts";
import { tellSignedIn } from "./signed-in.ts";

/** What is given for signing in in the browser. */
export interface DeviceArgs extends ScopeArgs {
  readonly tenant?: string | undefined;
}

/**
 * Signs a person in by device flow and keeps the session. Everything that was typed is checked, and the store tried,
 * before the first request; what fails later leaves nothing behind.
 *
 * @returns the sign-in as it was listed
 */
export async function loginByDevice(args: DeviceArgs, invocation: Invocation): Promise<TenantProfile> {
  const { output, interrupt, environment } = invocation;
  const wanted = askedTenant(args.tenant, invocation);
  const { loginDomain, loginClientId } = options;
  const authority = parseTenantAddress(
    readVariable(environment, loginDomain.variable)?.trim() ?? loginDomain.default,
    loginDomain.variable,
  );
  const clientId = readVariable(environment, loginClientId.variable)?.trim() ?? loginClientId.default;
  const { scopes, text } = await chooseScopes(args, invocation);
  if (scopes.length === 0) {
    output.note("No scopes: the token may not read or change anything, so every tool will be refused.");
  }
  const places = sessionPlaces(invocation);
  const store = await chooseStore(places, wanted?.domain, args.interaction, invocation);

  const context = authContext(invocation);
  const audience = wanted === undefined ? ANY_TENANT : managementAudience(wanted);
  const ended = new AbortController();
  const waiting = AbortSignal.any([interrupt, ended.signal]);
  const coded = Promise.withResolvers<void>();
  let grant: Grant;
  try {
    const request = { authority, clientId, audience, scopes };
    const show = (code: DeviceCode) => {
      coded.resolve();
      showCode(code, args.interaction, waiting, invocation);
    };
    const signingIn = signInByDevice(context, request, show, interrupt);
    const first = () => Promise.race([coded.promise, signingIn]);
    await patiently(`Waiting for ${authority.domain} to give a code …`, invocation, first);
    grant = await signingIn;
  } finally {
    ended.abort();
  }
  const tenant = tenantOfToken(grant.token.value, wanted);
  const profile: TenantProfile = {
    tenant,
    method: "device",
    authority,
    clientId,
    audience: managementAudience(tenant),
    store,
    scopes: text,
    signedInAt: new Date(context.clock.now()).toISOString(),
  };
  await keepSignIn(context, places, profile, recordOf(grant));
  await tellSignedIn(profile, grant, scopes, invocation);
  return profile;
}

/** Prints link and code, and opens the browser: after Enter on a terminal, else at once. */
function showCode(
  code: DeviceCode,
  interaction: boolean,
  waiting: AbortSignal,
  invocation: Invocation,
): void {
  const { output, environment } = invocation;
  const link = code.completeUri ?? code.verificationUri;
  output.note("To sign in, open this page and check that it shows this code:");
  output.note("");
  output.note(`  ${link}`);
  output.note(`  ${code.userCode}`);
  output.note("");
  output.note(`The code is good for ${describeDuration(code.lifetime)}.`);
  const command = browserCommand(link, environment);
  if (command === undefined) return;
  const open = () => {
    if (!openBrowser(command, environment))
      output.note("The browser could not be started; open the link yourself.");
  };
  if (!interaction || !canAsk()) {
    open();
    return;
  }
  output.note("Press Enter to open it in the browser.");
  waitForEnter(waiting).then(open, (error: unknown) => {
    if (!(error instanceof AppError && error.code === "cancelled")) throw error;
  });
}
