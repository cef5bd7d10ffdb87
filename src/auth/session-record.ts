import { parseTerms, type SignInTerms, termsToJson } from "../config/sign-in-terms.ts";
import { asNumber, asObject, asString, asStrings, type JsonObject, parseJson } from "../lib/json.ts";
import type { ClientProof } from "./client-credentials.ts";
import type { Grant } from "./oauth.ts";
import type { AccessToken } from "./token-source.ts";

/** Everything secret of one sign-in, replaced as a whole: nothing of an older grant is carried over by accident. */
export interface SessionRecord {
  readonly token: AccessToken;
  /** When the token was received, in milliseconds since the epoch. */
  readonly obtainedAt: number;
  /** `undefined` where only a person can renew it. */
  readonly renewal?: RenewalSecret | undefined;
  /** Milliseconds that the authority's clock is ahead of ours. */
  readonly clockOffset: number;
  /**
   * How it was signed in. The list of tenants says so as well, but is written after the store: a process that ends in
   * between leaves it one sign-in behind. Records of older versions have none.
   */
  readonly terms?: SignInTerms | undefined;
}

/** What may renew a session, by the names it is stored under; of several in one stored record the first counts. */
const RENEWAL_KINDS = ["refresh_token", "client_secret", "private_key"] as const;

/** What renews a session without a person: kept beside the token for as long as the sign-in lasts. */
export interface RenewalSecret {
  readonly kind: (typeof RENEWAL_KINDS)[number];
  /** The refresh token, the client secret, or the private key in PEM. */
  readonly value: string;
}

/** A session that can go on without a person when its token ends. */
export interface RenewableRecord extends SessionRecord {
  readonly renewal: RenewalSecret;
}

/** What an application proves itself by, as it is kept with the session. */
export function keptProof(proof: ClientProof): RenewalSecret {
  return "secret" in proof
    ? { kind: "client_secret", value: proof.secret }
    : { kind: "private_key", value: proof.key.pem };
}

/**
 * The record of a grant. A grant without a refresh token leaves none behind, whatever the record before it held.
 *
 * @param proof what an application got the grant by, and renews it with: no refresh token belongs to such a grant
 * (RFC 6749 §4.4.3)
 */
export function recordOf(
  { token, obtainedAt, refreshToken, clockOffset }: Grant,
  proof?: ClientProof,
): SessionRecord {
  const renewal = proof === undefined ? keptRefreshToken(refreshToken) : keptProof(proof);
  return { token, obtainedAt, renewal, clockOffset };
}

function keptRefreshToken(value: string | undefined): RenewalSecret | undefined {
  return value === undefined ? undefined : { kind: "refresh_token", value };
}

/** Whether the session can go on without a person when its token ends. */
export function isRenewable(record: SessionRecord): record is RenewableRecord {
  return record.renewal !== undefined;
}

/** Every secret in a record. */
export function secretsOf({ token, renewal }: SessionRecord): string[] {
  return renewal === undefined ? [token.value] : [token.value, renewal.value];
}

/** At most this much before its end a token is renewed, in milliseconds; a short-lived one closer to it. */
const LEEWAY = 60_000;
/** The part of a token's life that leeway may take. */
const LEEWAY_SHARE = 5;

/**
 * Whether a token still serves at a time, with some to spare. A token of unknown expiry does until it is refused. Before
 * the time it was received nothing can be said: the clock was set back since.
 */
export function isFresh({ token, obtainedAt }: SessionRecord, now: number): boolean {
  if (token.expiresAt === undefined) return true;
  if (now < obtainedAt) return false;
  const life = Math.max(0, token.expiresAt - obtainedAt);
  return now < token.expiresAt - Math.min(LEEWAY, life / LEEWAY_SHARE);
}

/** Whether a token has not ended at a time. */
export function isAlive({ token }: SessionRecord, now: number): boolean {
  return token.expiresAt === undefined || now < token.expiresAt;
}

/** A record as the stores keep it: JSON in printable ASCII, so that its length is the same in every encoding. */
export function serializeRecord(record: SessionRecord): string {
  const { token, obtainedAt, renewal, clockOffset, terms } = record;
  const value: JsonObject = {
    version: 1,
    access_token: token.value,
    expires_at: token.expiresAt ?? null,
    scopes: token.scopes === undefined ? null : [...token.scopes],
    obtained_at: obtainedAt,
    clock_offset: clockOffset,
    ...(renewal === undefined ? {} : { [renewal.kind]: renewal.value }),
    ...(terms === undefined ? {} : { terms: termsToJson(terms) }),
  };
  return JSON.stringify(value).replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** The record in a text, or `undefined` when the text is damaged. */
export function parseRecord(text: string): SessionRecord | undefined {
  const value = asObject(parseJson(text));
  const accessToken = asString(value?.["access_token"]);
  const obtainedAt = asNumber(value?.["obtained_at"]);
  if (value?.["version"] !== 1 || !accessToken || obtainedAt === undefined) return undefined;
  const terms = parseTerms(asObject(value["terms"]) ?? {});
  if ("terms" in value && terms === undefined) return undefined;
  return {
    token: {
      value: accessToken,
      expiresAt: asNumber(value["expires_at"]),
      scopes: Array.isArray(value["scopes"]) ? asStrings(value["scopes"]) : undefined,
    },
    obtainedAt,
    clockOffset: asNumber(value["clock_offset"]) ?? 0,
    renewal: renewalIn(value),
    terms,
  };
}

function renewalIn(stored: JsonObject): RenewalSecret | undefined {
  for (const kind of RENEWAL_KINDS) {
    const value = asString(stored[kind]);
    if (value !== undefined) return { kind, value };
  }
  return undefined;
}
