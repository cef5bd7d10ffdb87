import { parseTenantAddress, type TenantAddress } from "../config/domain.ts";
import { options } from "../config/options.ts";
import { PRODUCT } from "../config/product.ts";
import type { TenantProfile } from "../config/tenants.ts";
import { shellWord } from "../lib/shell.ts";
import { managementAudience } from "./audience.ts";
import type { SessionWords } from "./renewing-source.ts";

/** An address as short as it means the same when it is typed. */
function typed({ domain, origin }: TenantAddress): string {
  return shellWord(parseTenantAddress(domain, domain).origin === origin ? domain : origin);
}

/**
 * The command that signs in again the way a tenant was signed in to, for a POSIX shell.
 *
 * @param more scopes to ask for besides the former ones
 */
export function signInCommand(profile: TenantProfile, more: readonly string[] = []): string {
  const { store, method } = profile;
  const kept = store === "file" ? [`${options.store.variable}=file`] : [];
  return [...kept, ...(method === "device" ? inBrowser : asApplication)(profile, more)].join(" ");
}

function inBrowser({ tenant, authority, clientId, scopes }: TenantProfile, more: readonly string[]) {
  const { loginDomain, loginClientId } = options;
  const variables = [
    ...(authority.domain === loginDomain.default ? [] : [`${loginDomain.variable}=${typed(authority)}`]),
    ...(clientId === loginClientId.default ? [] : [`${loginClientId.variable}=${shellWord(clientId)}`]),
  ];
  const former = scopes === undefined || scopes === "none" ? [] : [scopes];
  const wanted = [...former, ...more].join(",");
  return [
    ...variables,
    ...[PRODUCT, "login", `--${options.tenant.flag}`, typed(tenant)],
    ...[`--${options.scopes.flag}`, shellWord(wanted === "" ? "none" : wanted)],
  ];
}

function asApplication(profile: TenantProfile, more: readonly string[]) {
  const { tenant, clientId, audience, proof, keyFile, scopes } = profile;
  const { loginTenant, loginApplication, privateKey, clientSecretStdin, loginAudience } = options;
  const key = [`--${privateKey.flag}`, shellWord(keyFile ?? "<file>")];
  return [
    ...[PRODUCT, "login", `--${loginTenant.flag}`, typed(tenant)],
    ...[`--${loginApplication.flag}`, shellWord(clientId)],
    ...(proof === "key" ? key : [`--${clientSecretStdin.flag}`]),
    ...(audience === managementAudience(tenant) ? [] : [`--${loginAudience.flag}`, shellWord(audience)]),
    // Without the flag it would be given every scope that it was granted.
    ...(scopes === undefined ? [] : [`--${options.scopes.flag}`, shellWord([scopes, ...more].join(","))]),
  ];
}

/** The command that signs out of a tenant. */
export function signOutCommand(domain: string): string {
  return `${PRODUCT} logout --${options.tenant.flag} ${shellWord(domain)}`;
}

/** What is said about a stored session, which takes a person to begin. */
interface StoredSessionWords extends SessionWords {
  /** Nobody is signed in. */
  readonly absent: string;
}

/** What is said about the stored session of a tenant, which `profile` describes, or did before somebody signed out. */
export function storedSessionWords({ domain }: TenantAddress, profile: TenantProfile): StoredSessionWords {
  return {
    signInHint: `Sign in again with: ${signInCommand(profile)}`,
    grantHint(scopes) {
      const wider = signInCommand(profile, scopes);
      return profile.method === "client_credentials"
        ? `Grant ${scopes.join(" and ")} to the application ${profile.clientId} for the Management API, then: ${wider}`
        : `Sign in with more scopes: ${wider}`;
    },
    absent: `Nobody is signed in to ${domain}.`,
    ended: (why) =>
      why === undefined
        ? `The session of ${domain} has ended.`
        : `The session of ${domain} has ended and was not renewed: ${why.replace(/\.$/, "")}.`,
  };
}
