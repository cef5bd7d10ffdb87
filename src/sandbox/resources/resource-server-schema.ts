import { nullable, type Schema } from "../validation.ts";

const flag = { type: "boolean" } as const satisfies Schema;

const settings: Readonly<Record<string, Schema>> = {
  name: {
    type: "string",
    maxLength: 200,
    pattern: /^[^<>]+$/,
    description: "No '<' or '>'",
  },
  scopes: {
    type: "array",
    items: {
      type: "object",
      required: ["value"],
      properties: {
        value: { type: "string", minLength: 1, maxLength: 280 },
        description: { type: "string", maxLength: 500 },
      },
    },
  },
  signing_alg: { type: "string", enum: ["HS256", "RS256", "RS512", "PS256"] },
  signing_secret: { type: "string", minLength: 16, description: "The secret used to sign tokens with HS256" },
  allow_offline_access: flag,
  allow_online_access: flag,
  allow_online_access_with_ephemeral_sessions: flag,
  token_lifetime: {
    type: "integer",
    minimum: 0,
    maximum: 2_592_000,
    description: "The number of seconds during which the token will be valid",
  },
  token_lifetime_for_web: { type: "integer", minimum: 0, maximum: 2_592_000 },
  token_dialect: {
    type: "string",
    enum: ["access_token", "access_token_authz", "rfc9068_profile", "rfc9068_profile_authz"],
  },
  skip_consent_for_verifiable_first_party_clients: flag,
  enforce_policies: flag,
  token_encryption: nullable({
    type: "object",
    required: ["format", "encryption_key"],
    properties: {
      format: { type: "string", enum: ["compact-nested-jwe"] },
      encryption_key: {
        type: "object",
        required: ["alg", "pem"],
        properties: {
          name: { type: "string", minLength: 1, maxLength: 128 },
          alg: { type: "string", enum: ["RSA-OAEP-256", "RSA-OAEP-384", "RSA-OAEP-512"] },
          kid: { type: "string", minLength: 1, maxLength: 128 },
          pem: { type: "string", minLength: 1, maxLength: 4096 },
        },
      },
    },
  }),
  consent_policy: nullable({ type: "string", enum: ["transactional-authorization-with-mfa"] }),
  authorization_details: nullable({ type: "array" }),
  proof_of_possession: nullable({
    type: "object",
    required: ["mechanism", "required"],
    properties: {
      mechanism: { type: "string", enum: ["mtls", "dpop"] },
      required: flag,
      required_for: { type: "string", enum: ["public_clients", "all_clients"] },
    },
  }),
  subject_type_authorization: {
    type: "object",
    properties: {
      user: {
        type: "object",
        additionalProperties: true,
        properties: { policy: { type: "string", enum: ["allow_all", "deny_all", "require_client_grant"] } },
      },
      client: {
        type: "object",
        additionalProperties: true,
        properties: { policy: { type: "string", enum: ["deny_all", "require_client_grant"] } },
      },
    },
  },
  authorization_policy: nullable({
    type: "object",
    required: ["policy_id"],
    properties: { policy_id: { type: "string", minLength: 1, maxLength: 1024 } },
  }),
};

/** Body of POST /resource-servers. */
export const createResourceServerSchema: Schema = {
  type: "object",
  required: ["identifier"],
  properties: { ...settings, identifier: { type: "string", minLength: 1, maxLength: 600 } },
};

/** Body of PATCH /resource-servers/{id}; the identifier is fixed. */
export const updateResourceServerSchema: Schema = { type: "object", properties: settings };
