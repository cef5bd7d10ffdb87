import type { JsonObject } from "../../lib/json.ts";

/** Verbs, and the things the Management API lets one do exactly these to. */
const verbsAndThings = {
  "read create update delete": `actions authentication_methods client_credentials client_grants client_keys clients
    connection_profiles connections custom_domains custom_signing_keys device_credentials directory_provisionings
    email_provider encryption_keys event_streams experimentation flows flows_vault_connections forms hooks log_streams
    network_acls organization_connections organization_discovery_domains organizations phone_providers phone_templates
    rate_limit_policies resource_servers roles rules scim_config self_service_profiles shields token_exchange_profiles
    user_attribute_profiles users users_app_metadata vdcs_templates`,
  "read create delete": `group_roles organization_client_grants organization_group_roles organization_invitations
    organization_member_roles organization_members role_members scim_token user_custom_blocks`,
  "read create update": "connections_keys email_templates signing_keys",
  "read update delete": "branding refresh_tokens rules_configs sessions",
  "read update": `attack_protection connections_options event_deliveries guardian_factors limits mfa_policies prompts
    self_service_profile_custom_texts tenant_settings triggers`,
  "read delete":
    "anomaly_blocks federated_connections_tokens flows_executions grants groups guardian_enrollments",
  read: `client_summary entitlements events flows_vault group_members insights logs logs_users organization_groups
    organization_member_effective_roles organization_member_role_source_groups organizations_summary security_metrics
    stats user_effective_permissions user_effective_roles user_idp_tokens user_permission_source_roles
    user_role_source_groups`,
  "create delete": "passwords_checking_job sso_access_tickets",
  create: "guardian_enrollment_tickets user_tickets",
  update: "client_token_vault_privileged_access",
  blacklist: "tokens",
} as const;

/** The scopes of the Management API as its resource server lists them. */
export function managementScopes(): JsonObject[] {
  return Object.entries(verbsAndThings).flatMap(([verbs, things]) =>
    things.split(/\s+/).flatMap((thing) =>
      verbs.split(" ").map((verb) => ({
        value: `${verb}:${thing}`,
        description: capitalized(`${verb} ${thing.replaceAll("_", " ")}`),
      })),
    ),
  );
}

function capitalized(text: string): string {
  return text.replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
}
