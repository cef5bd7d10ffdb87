import type { JsonObject } from "../../lib/json.ts";
import { checkBody, type Schema } from "../validation.ts";
import { updateResourceServerSchema } from "./resource-server-schema.ts";

const fixed = ["name", "scopes"];
/** What Auth0's own Terraform provider still changes at the Management API, and the lifetime for browsers. */
const changeable = [
  "token_lifetime",
  "token_lifetime_for_web",
  "skip_consent_for_verifiable_first_party_clients",
  "subject_type_authorization",
  "authorization_policy",
];

/**
 * The API that Auth0 itself provides under this identifier, for a tenant that creates it. What Auth0 fixes stands
 * in the definition and wins over what the creation asks for.
 */
export function systemApi(identifier: string, origin: string): JsonObject | undefined {
  switch (identifier) {
    case "urn:auth0:express-configure":
      return {
        name: "Okta OIN Express Configuration API",
        scopes: [
          { value: "express_configure:sso", description: "Create SSO configurations" },
          { value: "express_configure:scim", description: "Create SCIM configurations" },
        ],
        token_lifetime: 300,
        enforce_policies: true,
        is_system: true,
        subject_type_authorization: { user: { policy: "allow_all" }, client: { policy: "deny_all" } },
      };
    case `${origin}/me/`:
      return {
        name: "Auth0 My Account API",
        scopes: ["create", "read", "delete"].map((verb) => ({
          value: `${verb}:me:connected_accounts`,
          description: `${verb.charAt(0).toUpperCase()}${verb.slice(1)} Connected Accounts`,
        })),
        allow_offline_access: true,
        token_lifetime: 600,
        token_lifetime_for_web: 600,
        skip_consent_for_verifiable_first_party_clients: true,
        is_system: true,
        proof_of_possession: { mechanism: "dpop", required: false },
        subject_type_authorization: {
          user: { policy: "require_client_grant" },
          client: { policy: "deny_all" },
        },
      };
    default:
      return undefined;
  }
}

/** Throws a 400 for what nobody can change at an API of the system; at the Management API that is nearly all. */
export function checkSystemUpdate(body: JsonObject, isManagementApi: boolean): void {
  checkBody(isManagementApi ? managementSchema : systemSchema, body);
}

const managementSchema = updateOf((name) => changeable.includes(name));
const systemSchema = updateOf((name) => !fixed.includes(name));

function updateOf(mayChange: (name: string) => boolean): Schema {
  const settings = Object.entries(updateResourceServerSchema.properties ?? {});
  return { type: "object", properties: Object.fromEntries(settings.filter(([name]) => mayChange(name))) };
}
