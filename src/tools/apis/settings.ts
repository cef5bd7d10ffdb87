import { z } from "zod";
import { identifier } from "../params.ts";
import { flag, oneOf } from "../values.ts";

/** Thirty days in seconds. */
const LONGEST_LIFETIME = 2_592_000;
const lifetime = (what: string) => z.int().min(0).max(LONGEST_LIFETIME).optional().describe(what);

/** An API is addressed by its id or by its identifier; both may be sent in a path. */
export const resourceServerId = identifier(600, "The API's id or identifier");

const scope = z.strictObject({
  value: z.string().min(1).max(280).describe("As read:orders"),
  description: z.string().max(500).optional().describe("For people"),
});

const policy = (who: string, allowed: ReturnType<typeof oneOf>) =>
  z.strictObject({ policy: allowed.optional() }).optional().describe(who);

/** Every setting of an API that can be changed, for creation and update alike. */
export const resourceServerSettings = {
  name: z
    .string()
    .regex(/^[^<>]+$/, "must have at least one character and no < or >")
    .max(200, "may have at most 200 characters")
    .optional()
    .describe("To 200 characters, no < or >"),
  scopes: z.array(scope).optional().describe("Whole list"),
  signing_alg: oneOf("HS256", "RS256", "RS512", "PS256").optional(),
  token_lifetime: lifetime("Seconds, to 2592000"),
  token_lifetime_for_web: lifetime("In browsers"),
  token_dialect: oneOf(
    ...(["access_token", "access_token_authz", "rfc9068_profile", "rfc9068_profile_authz"] as const),
  ).optional(),
  allow_offline_access: flag("Refresh tokens"),
  skip_consent_for_verifiable_first_party_clients: flag("No consent page"),
  enforce_policies: flag("RBAC"),
  subject_type_authorization: z
    .strictObject({
      user: policy("Logins", oneOf("allow_all", "deny_all", "require_client_grant")),
      client: policy("Machines", oneOf("deny_all", "require_client_grant")),
    })
    .optional()
    .describe("Who gets tokens"),
};

interface Lifetimes {
  readonly token_lifetime?: number | undefined;
  readonly token_lifetime_for_web?: number | undefined;
}

/** Whether tokens for browsers do not outlive the others, as far as both lifetimes are given. */
export function webLifetimeFits({ token_lifetime, token_lifetime_for_web }: Lifetimes): boolean {
  return (token_lifetime_for_web ?? 0) <= (token_lifetime ?? LONGEST_LIFETIME);
}

export const webLifetimeIssue = {
  path: ["token_lifetime_for_web"],
  message: "may not be longer than token_lifetime",
};
