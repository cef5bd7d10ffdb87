import { options } from "../config/options.ts";
import { PRODUCT } from "../config/product.ts";
import type { TenantProfile } from "../config/tenants.ts";
import type { SessionWords } from "./renewing-source.ts";

/** A word as a POSIX shell takes it back unchanged. */
function quoted(word: string): string {
  return /^[\w./:@=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/**
 * The command that signs in again the way a profile was signed in.
 *
 * @param more scopes to ask for besides the former ones
 */
export function signInCommand(profile: TenantProfile, more: readonly string[] = []): string {
  const { tenant, method, authority, clientId, audience, scopes } = profile;
  if (method === "client_credentials") {
    const secret = `--${options.clientSecretStdin.flag}`;
    const ownAudience = audience === `${tenant.origin}/api/v2/` ? "" : ` --audience ${quoted(audience)}`;
    const address = tenant.origin.startsWith("https://127.") ? tenant.origin : tenant.domain;
    return `${PRODUCT} login --auth0-domain ${address} --auth0-client-id ${quoted(clientId)} ${secret}${ownAudience}`;
  }
  const { loginDomain, loginClientId } = options;
  const variables = [
    ...(authority.domain === loginDomain.default ? [] : [`${loginDomain.variable}=${authority.domain}`]),
    ...(clientId === loginClientId.default ? [] : [`${loginClientId.variable}=${quoted(clientId)}`]),
  ];
  const asked = [...(scopes === undefined || scopes === "none" ? [] : [scopes]), ...more].join(",");
  const flag = asked === "" ? "none" : asked;
  return [...variables, PRODUCT, "login", "--tenant", tenant.domain, "--scopes", quoted(flag)].join(" ");
}

/** What is said about the stored session of a tenant. */
export function storedSessionWords(domain: string, profile: TenantProfile | undefined): SessionWords {
  const command =
    profile === undefined
      ? `${PRODUCT} login --tenant ${domain} --scopes <patterns>`
      : signInCommand(profile);
  return {
    signInHint: `Sign in again with: ${command}`,
    grantHint(scopes) {
      if (profile?.method !== "client_credentials") {
        const wider = profile === undefined ? command : signInCommand(profile, scopes);
        return `Sign in with more scopes: ${wider}`;
      }
      return `Grant ${scopes.join(" and ")} to the application ${profile.clientId} for the Management API, then: ${command}`;
    },
    absent: `Nobody is signed in to ${domain}.`,
    ended: (why) =>
      why === undefined
        ? `The session of ${domain} has ended.`
        : `The session of ${domain} has ended and was not renewed: ${why.replace(/\.$/, "")}.`,
  };
}
