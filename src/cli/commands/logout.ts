import { type SignedOut, type SignOutScope, signOut } from "../../auth/sign-out.ts";
import { type Survey, survey } from "../../auth/survey.ts";
import { options } from "../../config/options.ts";
import { PRODUCT } from "../../config/product.ts";
import { AppError, Exit, type ExitCode, usageError } from "../../lib/errors.ts";
import { didYouMean } from "../../lib/suggest.ts";
import { askedTenant } from "../asked-tenant.ts";
import { defineCommand, type Invocation, stringFlag } from "../command.ts";
import { patiently } from "../patiently.ts";
import { authContext, sessionPlaces } from "../sessions.ts";
import { STORE_NAMES } from "../store-names.ts";

const ALL = `${PRODUCT} logout --all`;

export const logout = defineCommand({
  meta: { name: "logout", description: "Sign out: revoke the refresh token and remove what is kept" },
  args: {
    tenant: stringFlag({ ...options.tenant, help: "Sign out of this tenant" }),
    all: { type: "boolean", description: "Sign out of every tenant" },
  },
  examples: [
    { does: "Sign out of the current tenant", type: "logout" },
    { does: "Leave nothing behind", type: "logout --all" },
  ],
  async run(args, invocation) {
    if (args.all === true && args.tenant !== undefined) {
      throw usageError(`--all and --${options.tenant.flag} exclude each other.`);
    }
    if (args.all === true) return signOutEverywhere(invocation);
    const { current, profiles } = await sessionPlaces(invocation).tenants.read();
    const asked = askedTenant(args.tenant, invocation)?.domain ?? current;
    if (asked !== undefined) return signOutOf(asked, invocation);
    const [first] = profiles;
    if (first === undefined) return tellNothing(await survey(sessionPlaces(invocation)), invocation);
    throw usageError(
      "No tenant is the current one, so it is not clear which to sign out of.",
      `Name it, for example: ${PRODUCT} logout --${options.tenant.flag} ${first.tenant.domain}`,
    );
  },
});

/** Signs out of one tenant, listed or not, and says what became of it. */
export async function signOutOf(domain: string, invocation: Invocation): Promise<ExitCode> {
  const { output } = invocation;
  const places = sessionPlaces(invocation);
  const { profiles } = await places.tenants.read();
  const { domains, intact } = await survey(places);
  const { code, done } = await leave(domain, invocation);
  if (done === undefined || done.stores.length > 0) return code;
  const known = profiles.map(({ tenant }) => tenant.domain);
  const near = didYouMean(domain, known);
  await output.data(`Nobody is signed in to ${domain}; there is nothing to remove.${near ? ` ${near}` : ""}`);
  if (done.unknown === undefined) return code;
  tellUnknown([done], invocation);
  // The list says that nothing is there; without one the keyring had to.
  return !intact && domains.includes(domain) ? Exit.failed : code;
}

/** Signs out of whatever one may be signed in to, one after the other; a failure does not spare the next. */
async function signOutEverywhere(invocation: Invocation): Promise<ExitCode> {
  const { output } = invocation;
  const places = sessionPlaces(invocation);
  const found = await survey(places);
  const { domains, intact, scope } = found;
  let code: ExitCode = Exit.done;
  let removed = 0;
  const unknown: SignedOut[] = [];
  for (const domain of domains) {
    const outcome = await leave(domain, invocation, scope);
    if (outcome.code !== Exit.done) code = outcome.code;
    const { done } = outcome;
    if (done === undefined || done.stores.length > 0) removed++;
    else if (done.unknown !== undefined) unknown.push(done);
  }
  if (removed === 0) await output.data(NOTHING);
  if (unknown.length > 0) {
    tellUnknown(unknown, invocation);
    code = Exit.failed;
  }
  if (!intact && (!scope.listed || domains.length > 0)) await places.tenants.reset();
  if (!scope.listed) output.note("The list of tenants could not be read; a new one is begun.");
  return code;
}

const NOTHING = "Nobody is signed in; there is nothing to remove.";

async function tellNothing({ domains }: Survey, { output }: Invocation): Promise<ExitCode> {
  await output.data(NOTHING);
  if (domains.length > 0) {
    output.note(`Something may be left of sign-ins to ${domains.join(", ")}. To remove it: ${ALL}`);
  }
  return Exit.done;
}

interface Outcome {
  readonly code: ExitCode;
  /** `undefined` when it failed, which has been told. */
  readonly done: SignedOut | undefined;
}

async function leave(domain: string, invocation: Invocation, scope?: SignOutScope): Promise<Outcome> {
  const { output, interrupt } = invocation;
  const context = authContext(invocation);
  const places = sessionPlaces(invocation);
  try {
    const done = await patiently(`Signing out of ${domain} …`, invocation, () =>
      signOut(context, places, domain, interrupt, scope),
    );
    const { stores, revocation } = done;
    if (stores.length === 0) return { code: Exit.done, done };
    const kept = stores.map((kind) => STORE_NAMES[kind]).join(" and ");
    const revoked = revocation.kind === "revoked" ? " Its refresh token is revoked." : "";
    await output.data(`Signed out of ${domain}: what was kept in ${kept} is removed.${revoked}`);
    if (revocation.kind !== "failed") return { code: Exit.done, done };
    output.note(`${PRODUCT}: the refresh token of ${domain} could not be revoked: ${revocation.problem}`);
    output.note("Revoke it in the Auth0 dashboard, under the user's authorized applications.");
    return { code: Exit.failed, done };
  } catch (error) {
    if (!(error instanceof AppError) || error.exit === Exit.interrupted) throw error;
    output.note(`${PRODUCT}: not signed out of ${domain}: ${error.message}`);
    if (error.hint !== undefined) output.note(error.hint);
    return { code: error.exit, done: undefined };
  }
}

function tellUnknown(outcomes: readonly SignedOut[], { output }: Invocation): void {
  const domains = outcomes.map(({ domain }) => domain).join(", ");
  const reason = outcomes.map(({ unknown }) => unknown).find((text) => text !== undefined);
  output.note(
    `${PRODUCT}: it is not known whether ${STORE_NAMES.keyring} holds a session of ${domains}: ${reason}`,
  );
}
