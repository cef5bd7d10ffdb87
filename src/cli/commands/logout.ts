import { signOut } from "../../auth/sign-out.ts";
import { options } from "../../config/options.ts";
import { PRODUCT } from "../../config/product.ts";
import { AppError, Exit, type ExitCode, usageError } from "../../lib/errors.ts";
import { didYouMean } from "../../lib/suggest.ts";
import { defineCommand, type Invocation, stringFlag } from "../command.ts";
import { askedTenant, authContext, sessionPlaces } from "../sessions.ts";
import { STORE_NAMES } from "../store-names.ts";

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
    const { current, profiles } = await sessionPlaces(invocation).tenants.read();
    if (args.all === true)
      return signOutOf(
        profiles.map(({ tenant }) => tenant.domain),
        invocation,
      );
    const asked = askedTenant(args.tenant, invocation) ?? current;
    if (asked === undefined && profiles.length > 0) {
      const [first] = profiles;
      throw usageError(
        "No tenant is the current one, so it is not clear which to sign out of.",
        `Name it, for example: ${PRODUCT} logout --${options.tenant.flag} ${first?.tenant.domain}`,
      );
    }
    return signOutOf(asked === undefined ? [] : [asked], invocation);
  },
});

/** Signs out of tenants one after the other and says what became of each; a failure does not spare the next. */
export async function signOutOf(domains: readonly string[], invocation: Invocation): Promise<ExitCode> {
  const { output, interrupt } = invocation;
  const context = authContext(invocation);
  const places = sessionPlaces(invocation);
  if (domains.length === 0) {
    await output.data("Nobody is signed in; there is nothing to remove.");
    return Exit.done;
  }
  let code: ExitCode = Exit.done;
  for (const domain of domains) {
    try {
      const done = await signOut(context, places, domain, interrupt);
      if (done === undefined) {
        const known = (await places.tenants.read()).profiles.map(({ tenant }) => tenant.domain);
        const near = didYouMean(domain, known);
        await output.data(
          `Nobody is signed in to ${domain}; there is nothing to remove.${near ? ` ${near}` : ""}`,
        );
        continue;
      }
      const revoked = done.revocation === "revoked" ? " Its refresh token is revoked." : "";
      await output.data(
        `Signed out of ${domain}: what was kept in ${STORE_NAMES[done.store]} is removed.${revoked}`,
      );
      if (done.revocation === "failed") {
        code = Exit.failed;
        output.note(`${PRODUCT}: the refresh token of ${domain} could not be revoked: ${done.problem}`);
        output.note("Revoke it in the Auth0 dashboard, under the user's authorized applications.");
      }
    } catch (error) {
      if (!(error instanceof AppError) || error.exit === Exit.interrupted) throw error;
      code = error.exit;
      output.note(`${PRODUCT}: not signed out of ${domain}: ${error.message}`);
      if (error.hint !== undefined) output.note(error.hint);
    }
  }
  return code;
}
