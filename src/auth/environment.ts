import { parseTenantAddress } from "../config/domain.ts";
import type { Environment } from "../config/environment.ts";
import { options } from "../config/options.ts";
import type { Clock } from "../lib/clock.ts";
import { describeDuration } from "../lib/duration.ts";
import { signedOutError } from "../lib/errors.ts";
import { readClaims } from "./jwt.ts";
import type { Session } from "./session.ts";
import type { AccessToken, TokenSource } from "./token-source.ts";

const DOMAIN = options.domain.variable;
const TOKEN = options.token.variable;
const CLIENT_ID = options.clientId.variable;
/** What an application proves who it is by. */
const PROOFS = [options.clientSecret.variable, options.privateKey.variable];
/** What a bearer token may be made of (RFC 6750 §2.1). */
const BEARER = /^[A-Za-z0-9._~+/-]+=*$/;

/**
 * The session that `AUTH0_DOMAIN` and `AUTH0_TOKEN` describe, or `undefined` when neither is set. Nothing is stored.
 *
 * @throws AppError exit 3 when only one of them has a value or one is blank, exit 2 when the domain is none
 */
export function environmentSession(environment: Environment, clock: Clock): Session | undefined {
  if (!environment[DOMAIN] && !environment[TOKEN]) return undefined;
  const domain = environment[DOMAIN]?.trim();
  const token = environment[TOKEN]?.trim();
  if (!domain || !token) throw halfSet(environment);
  return { tenant: parseTenantAddress(domain, DOMAIN), tokens: fixedToken(token, clock) };
}

function halfSet(environment: Environment) {
  const proof = PROOFS.find((name) => environment[name]);
  if (environment[DOMAIN]?.trim() && !environment[TOKEN] && proof !== undefined) {
    return signedOutError(
      `${DOMAIN} and ${proof} are given but ${CLIENT_ID} is not set.`,
      `Set ${CLIENT_ID} to the application that ${proof} is of, or unset ${DOMAIN}.`,
    );
  }
  const state = (name: string) => {
    const value = environment[name];
    return `${name} is ${!value ? "not set" : value.trim() === "" ? "blank" : "given"}`;
  };
  return signedOutError(
    `${state(DOMAIN)} and ${state(TOKEN)}: they are needed together.`,
    `Set both ${DOMAIN} and ${TOKEN}, or unset both.`,
  );
}

/**
 * A token that was handed in and cannot be renewed.
 *
 * @throws AppError (exit 3) when the text cannot be a token
 */
export function fixedToken(value: string, clock: Clock): TokenSource {
  if (!BEARER.test(value)) {
    throw signedOutError(
      `${TOKEN} holds characters that no access token has.`,
      `Set ${TOKEN} to the token alone, without quotes or line breaks.`,
    );
  }
  const claims = readClaims(value);
  const token: AccessToken = { value, expiresAt: claims?.expiresAt, scopes: claims?.scopes };
  const signInHint = `Set ${TOKEN} to a fresh token of this tenant's Management API.`;
  return {
    signInHint,
    grantHint: (scopes) => `Set ${TOKEN} to a token that has ${scopes.join(" and ")}.`,
    async get() {
      if (token.expiresAt === undefined || token.expiresAt > clock.now()) return token;
      const age = describeDuration(clock.now() - token.expiresAt);
      throw signedOutError(`The access token in ${TOKEN} expired ${age} ago.`, signInHint);
    },
    renew: async () => undefined,
  };
}
