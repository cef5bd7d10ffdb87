import { z } from "zod";
import { freeForm } from "../params.ts";
import { flag, oneOf } from "../values.ts";
import { hookAddresses } from "./addresses.ts";

/** Settings of an application that are objects themselves. Every level refuses members it does not know. */

const text = (what: string) => z.string().optional().describe(what);

/** `secret_encoded` is missing on purpose: the API has not taken it in an update since 2016. */
export const jwtConfiguration = z
  .strictObject({
    alg: oneOf("HS256", "RS256", "RS512", "PS256").optional(),
    lifetime_in_seconds: z.int().min(1).optional().describe("Seconds"),
    scopes: freeForm.optional().describe("Claims"),
  })
  .optional()
  .describe("ID tokens");

/** `policies` (exchange for tokens of several APIs) is left out; an update keeps those there are. */
const rotation = z.strictObject({
  rotation_type: oneOf("rotating", "non-rotating"),
  expiration_type: oneOf("expiring", "non-expiring"),
  leeway: z.int().min(0).optional().describe("Seconds"),
  token_lifetime: z.int().min(1).max(157_788_000).optional().describe("Seconds, to 157788000"),
  infinite_token_lifetime: flag("No end"),
  idle_token_lifetime: z.int().min(1).optional().describe("Seconds"),
  infinite_idle_token_lifetime: flag("No end"),
});

export const refreshToken = rotation.optional().describe("Refresh tokens");

/** The same for an update, which completes it: nothing in it is required. */
export const changedRefreshToken = rotation.partial().optional().describe("Refresh tokens");

export const mobile = z
  .strictObject({
    android: z
      .strictObject({
        app_package_name: text("Package"),
        sha256_cert_fingerprints: z.array(z.string().min(1)).min(1).optional().describe("Certificates"),
      })
      .optional()
      .describe("Android"),
    ios: z
      .strictObject({ team_id: text("Team"), app_bundle_identifier: text("Bundle id") })
      .optional()
      .describe("iOS"),
  })
  .optional()
  .describe("Apps");

const socialLogin = (connection: string) =>
  z
    .strictObject({ enabled: flag("On") })
    .optional()
    .describe(connection);

export const nativeSocialLogin = z
  .strictObject({
    apple: socialLogin("Apple"),
    facebook: socialLogin("Facebook"),
    google: socialLogin("Google"),
  })
  .refine((value) => Object.keys(value).length > 0, "needs apple, facebook or google")
  .optional()
  .describe("By connection");

const INITIATORS = [
  ...["rp-logout", "idp-logout", "password-changed", "session-expired", "session-revoked", "account-deleted"],
  ...["email-identifier-changed", "mfa-phone-unenrolled", "account-deactivated"],
];

export const oidcLogout = z
  .strictObject({
    backchannel_logout_urls: hookAddresses("One, https"),
    backchannel_logout_initiators: z
      .strictObject({
        mode: oneOf("custom", "all").optional(),
        selected_initiators: z
          .array(
            z.string().refine((value) => INITIATORS.includes(value), `is none of ${INITIATORS.join(", ")}`),
          )
          .optional()
          .describe("rp-logout, session-expired …"),
      })
      .optional()
      .describe("Events"),
  })
  .optional()
  .describe("OIDC logout");
