import { OFFLINE_ACCESS } from "../auth/device-flow.ts";
import type { Grant } from "../auth/oauth.ts";
import type { TenantProfile } from "../config/tenants.ts";
import type { Invocation } from "./command.ts";
import { placeOf } from "./session-place.ts";

/**
 * Says who is signed in where, and what the session lacks of what was asked for.
 *
 * @param asked the scopes that were asked for by name
 */
export async function tellSignedIn(
  { tenant, store, method }: TenantProfile,
  { token, refreshToken }: Grant,
  asked: readonly string[],
  invocation: Invocation,
): Promise<void> {
  const { output } = invocation;
  const lacking = asked.filter(
    (scope) => scope !== OFFLINE_ACCESS && token.scopes !== undefined && !token.scopes.includes(scope),
  );
  const place = placeOf(store, tenant.domain, invocation);
  await output.data(
    `Signed in to ${tenant.domain}, which is now the current tenant. The session is kept in ${place}.`,
  );
  if (lacking.length > 0) output.note(`Not granted: ${lacking.join(", ")}.`);
  if (method === "device" && refreshToken === undefined) {
    output.note("No refresh token came: when the access token ends, a new sign-in is needed.");
  }
}
