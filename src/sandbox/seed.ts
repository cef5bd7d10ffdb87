import { asString, type JsonObject } from "../lib/json.ts";
import { newClientId, newClientSecret, newResourceServerId } from "./ids.ts";
import { addClientGrant } from "./resources/client-grants.ts";
import { addClient } from "./resources/clients.ts";
import { scopeValues } from "./resources/resource-servers.ts";
import { seedActions } from "./seed/actions.ts";
import { seedApplications } from "./seed/applications.ts";
import { seedForms } from "./seed/forms.ts";
import { seedLogs } from "./seed/logs.ts";
import { managementScopes } from "./seed/management-scopes.ts";
import { managementAudience, type TenantState } from "./state.ts";

/**
 * Fills a new tenant with what every tenant has, and with a small shop when it is a demo.
 * Returns the Management API and the application that may use every scope of it. `tokenTtl`: milliseconds.
 */
export function seedTenant(
  state: TenantState,
  options: { readonly demo: boolean; readonly tokenTtl: number },
): { readonly client: JsonObject; readonly api: JsonObject } {
  addGlobalClient(state);
  const api = addManagementApi(state, options.tokenTtl);
  const client = addClient(
    {
      name: "Sandbox Management Client",
      app_type: "non_interactive",
      oidc_conformant: true,
      token_endpoint_auth_method: "client_secret_post",
      grant_types: ["client_credentials"],
      jwt_configuration: { alg: "RS256", lifetime_in_seconds: 36_000 },
    },
    state,
  );
  const audience = managementAudience(state.origin);
  addClientGrant(
    { client_id: asString(client["client_id"]) ?? "", audience, scope: scopeValues(api) },
    state,
  );
  if (options.demo) {
    seedApplications(state);
    seedForms(state);
    seedActions(state);
    seedLogs(state);
  }
  return { client, api };
}

/** "All Applications": the one client that stands for settings of the whole tenant. */
function addGlobalClient(state: TenantState): void {
  const client: JsonObject = {
    tenant: state.domain.split(":")[0] ?? state.domain,
    global: true,
    client_id: newClientId(),
    client_secret: newClientSecret(),
    callbacks: [],
    is_first_party: true,
    name: "All Applications",
    custom_login_page_on: true,
    cross_origin_authentication: true,
    signing_keys: [...state.signingKeys],
  };
  state.clients.set(String(client["client_id"]), client);
}

function addManagementApi(state: TenantState, tokenTtl: number): JsonObject {
  const api: JsonObject = {
    id: newResourceServerId(),
    name: "Auth0 Management API",
    identifier: managementAudience(state.origin),
    allow_offline_access: false,
    skip_consent_for_verifiable_first_party_clients: false,
    subject_type_authorization: { client: { policy: "require_client_grant" }, user: { policy: "allow_all" } },
    token_lifetime: Math.floor(tokenTtl / 1000),
    token_lifetime_for_web: 7200,
    signing_alg: "RS256",
    scopes: managementScopes(),
    is_system: true,
  };
  state.resourceServers.set(String(api["id"]), api);
  return api;
}
