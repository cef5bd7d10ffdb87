import { parseTenantAddress, type TenantAddress } from "../config/domain.ts";
import { options } from "../config/options.ts";
import { PRODUCT } from "../config/product.ts";
import type { TenantProfile } from "../config/tenants.ts";
import { managementAudience } from "./audience.ts";
import type { SessionWords } from "./renewing-source.ts";

/** A word as a POSIX shell takes it back unchanged. */
function quoted(word: string): string {
  return /^[\w./:@=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** An address as short as it means the same when it is typed. */
function typed({ domain, origin }: TenantAddress): string {
  return quoted(parseTenantAddress(domain, domain).origin === origin ? domain : origin);
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
    ...(clientId === loginClientId.default ? [] : [`${loginClientId.variable}=${quoted(clientId)}`]),
  ];
  const former = scopes === undefined || scopes === "none" ? [] : [scopes];
  const wanted = [...former, ...more].join(",");
  return [
    ...variables,
    ...[PRODUCT, "login", `--${options.tenant.flag}`, typed(tenant)],
    ...[`--${options.scopes.flag}`, quoted(wanted === "" ? "none" : wanted)],
  ];
}

function asApplication(profile: TenantProfile, more: readonly string[]) {
  const { tenant, clientId, audience, proof, keyFile, scopes } = profile;
  const { loginTenant, loginApplication, privateKey, clientSecretStdin, loginAudience } = options;
  const key = [`--${privateKey.flag}`, keyFile === undefined ? "<file>" : quoted(keyFile)];
  return [
    ...[PRODUCT, "login", `--${loginTenant.flag}`, typed(tenant)],
    ...[`--${loginApplication.flag}`, quoted(clientId)],
    ...(proof === "key" ? key : [`--${clientSecretStdin.flag}`]),
    ...(audience === managementAudience(tenant) ? [] : [`--${loginAudience.flag}`, quoted(audience)]),
    // Without the flag it would be given every scope that it was granted.
    ...(scopes === undefined ? [] : [`--${options.scopes.flag}`, quoted([scopes, ...more].join(","))]),
  ];
}

/** What is said about the stored session of a tenant, which `profile` describes unless it is gone. */
export function storedSessionWords(tenant: TenantAddress, profile: TenantProfile | undefined): SessionWords {
  const { domain } = tenant;
  const command =
    profile === undefined
      ? `${PRODUCT} login --${options.tenant.flag} ${typed(tenant)} --${options.scopes.flag} <patterns>`
      : signInCommand(profile);
  return {
    signInHint: `Sign in again with: ${command}`,
    grantHint(scopes) {
      const wider = profile === undefined ? command : signInCommand(profile, scopes);
      return profile?.method === "client_credentials"
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
