import type { ClientProof } from "../../auth/client-credentials.ts";
import { OFFLINE_ACCESS } from "../../auth/device-flow.ts";
import { keptProof } from "../../auth/session-record.ts";
import { readRecord, type SessionPlaces, storedSession } from "../../auth/stored-session.ts";
import { findProfile, type TenantProfile } from "../../config/tenants.ts";
import { AppError, Exit } from "../../lib/errors.ts";
import type { Invocation } from "../command.ts";
import { authContext, sessionPlaces } from "../sessions.ts";

/** What a session must be like to serve. */
export interface SessionWish {
  /** Domain of the tenant; the current one where none is asked for. */
  readonly domain: string | undefined;
  /** The application to be signed in as; `undefined` for whoever is. */
  readonly application:
    | { readonly clientId: string; readonly audience: string; readonly proof: ClientProof }
    | undefined;
  /** The scopes it must have; `undefined` where none are named. */
  readonly scopes: readonly string[] | undefined;
}

/** The sign-in that is stored for what is wished, whether or not it still serves. No request is sent. */
export async function storedProfile(
  { domain, application }: SessionWish,
  invocation: Invocation,
): Promise<TenantProfile | undefined> {
  const list = await sessionPlaces(invocation).tenants.read();
  const wanted = domain ?? list.current;
  const profile = wanted === undefined ? undefined : findProfile(list, wanted);
  if (application === undefined || profile?.method !== "client_credentials") {
    return application === undefined ? profile : undefined;
  }
  const { clientId, audience } = application;
  return profile.clientId === clientId && profile.audience === audience ? profile : undefined;
}

/**
 * Why a stored sign-in does not serve, one sentence; `undefined` when it does. A token that has ended is renewed for
 * that, where it can be.
 *
 * @throws AppError when that cannot be found out: exit 1 for the store, 4 for the authority
 */
export async function objectionTo(
  profile: TenantProfile,
  { scopes, application }: SessionWish,
  invocation: Invocation,
): Promise<string | undefined> {
  const { domain } = profile.tenant;
  const places = sessionPlaces(invocation);
  if (application !== undefined && !(await isKept(application.proof, profile, places))) {
    const what = "secret" in application.proof ? "secret" : "key";
    return `The ${what} given is not the one that is kept for ${domain}.`;
  }
  const { tokens } = storedSession(authContext(invocation), places, profile);
  try {
    const token = await tokens.get(invocation.interrupt);
    const lacking = (scopes ?? []).filter(
      (scope) => scope !== OFFLINE_ACCESS && token.scopes?.includes(scope) !== true,
    );
    const [first] = lacking;
    if (first === undefined) return undefined;
    const more = lacking.length === 1 ? "" : ` and ${lacking.length - 1} more`;
    return `The session of ${domain} lacks ${first}${more}.`;
  } catch (error) {
    if (error instanceof AppError && error.exit === Exit.signedOut) return error.message;
    throw error;
  }
}

/** Whether the secret or key is the one that the stored sign-in was made with, as far as one is stored. */
async function isKept(
  given: ClientProof,
  { tenant, store }: TenantProfile,
  places: SessionPlaces,
): Promise<boolean> {
  const record = await readRecord(places, tenant.domain, store);
  if (record === undefined) return true;
  const { kind, value } = keptProof(given);
  return record.renewal?.kind === kind && record.renewal.value === value;
}
