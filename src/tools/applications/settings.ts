import { z } from "zod";
import { flag, oneOf } from "../values.ts";
import { addresses, webAddress } from "./addresses.ts";
import { clientMetadata } from "./metadata.ts";
import {
  changedRefreshToken,
  jwtConfiguration,
  mobile,
  nativeSocialLogin,
  oidcLogout,
  refreshToken,
} from "./nested.ts";

const texts = (what: string) => z.array(z.string().min(1)).optional().describe(what);

export const applicationName = z
  .string()
  .regex(/^[^<>]+$/, "must have at least one character and no < or >")
  .describe("Without < or >");

/** Every setting of an application beside its name. */
export const applicationSettings = {
  description: z
    .string()
    .max(140, "may have at most 140 characters")
    .optional()
    .describe("At most 140 characters"),
  app_type: z
    .string()
    .regex(
      /^[a-z0-9_]+$/,
      "is no application type; the common ones are native, spa, regular_web, non_interactive",
    )
    .optional()
    .describe("native, spa, regular_web …"),
  callbacks: addresses("URLs"),
  allowed_logout_urls: addresses("URLs"),
  allowed_origins: addresses("For CORS"),
  web_origins: addresses("Origins"),
  initiate_login_uri: webAddress("https", { schemes: ["https"], clearable: true }),
  logo_uri: webAddress("URL", { schemes: ["https", "http"], clearable: true }),
  grant_types: texts("client_credentials, refresh_token …"),
  token_endpoint_auth_method: oneOf("none", "client_secret_post", "client_secret_basic").optional(),
  is_first_party: flag("Own app"),
  oidc_conformant: flag("Strict OIDC"),
  jwt_configuration: jwtConfiguration,
  refresh_token: refreshToken,
  mobile,
  native_social_login: nativeSocialLogin,
  oidc_logout: oidcLogout,
  organization_usage: oneOf("deny", "allow", "require").optional(),
  organization_require_behavior: oneOf("no_prompt", "pre_login_prompt", "post_login_prompt").optional(),
  cross_origin_authentication: flag("Allow it"),
  cross_origin_loc: webAddress("URL", { schemes: ["https", "http"], clearable: false }),
  client_aliases: texts("SAML realms"),
  allowed_clients: texts("Delegation"),
  client_metadata: clientMetadata,
  sso: flag("By Auth0"),
  sso_disabled: flag("No SSO"),
  require_pushed_authorization_requests: flag("PAR"),
};

/** The same for an update. */
export const changedApplicationSettings = {
  name: applicationName.optional(),
  ...applicationSettings,
  refresh_token: changedRefreshToken,
};
