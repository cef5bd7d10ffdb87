import { asString, type JsonObject } from "../../src/lib/json.ts";
import type { SandboxTenant } from "../../src/sandbox/tenant.ts";

/** Arguments with which each tool succeeds on the demo tenant. A tool without a line here fails the tests that use it. */
export function workingArguments({ state }: SandboxTenant): Readonly<Record<string, JsonObject>> {
  const clientId = idOf(state.clients, "Customer Portal");
  const resourceServerId = idOf(state.resourceServers, "Orders API");
  const grantless = idOf(state.clients, "Checkout SPA");
  const audience = asString(state.resourceServers.get(resourceServerId)?.["identifier"]) ?? "";
  const actionId = [...state.actions.keys()][0] ?? "";
  const formId = [...state.forms.keys()][0] ?? "";
  const logId = asString(state.logs[0]?.["log_id"]) ?? "";
  return {
    auth0_list_applications: { name: "portal", per_page: 5, include_totals: true },
    auth0_get_application: { client_id: clientId },
    auth0_create_application: {
      name: "Made by a test",
      app_type: "spa",
      callbacks: ["https://app.example/cb"],
    },
    auth0_update_application: { client_id: clientId, description: "Changed by a test" },
    auth0_list_resource_servers: {},
    auth0_get_resource_server: { id: audience },
    auth0_create_resource_server: { identifier: "https://made.example/api", name: "Made by a test" },
    auth0_update_resource_server: { id: resourceServerId, token_lifetime: 3600 },
    auth0_list_application_grants: {},
    auth0_create_application_grant: { client_id: grantless, audience, scope: [] },
    auth0_list_actions: {},
    auth0_get_action: { id: actionId },
    auth0_create_action: {
      name: "made-by-a-test",
      supported_triggers: [{ id: "post-login", version: "v3" }],
      code: "exports.onExecutePostLogin = async () => {};",
    },
    auth0_update_action: { id: actionId, name: "renamed-by-a-test" },
    auth0_deploy_action: { id: actionId },
    auth0_list_logs: { types: ["fp"], per_page: 3 },
    auth0_get_log: { id: logId },
    auth0_list_forms: {},
    auth0_get_form: { id: formId },
    auth0_create_form: { name: "Made by a test" },
    auth0_update_form: { id: formId, name: "Renamed by a test" },
    auth0_publish_form: { id: formId },
  };
}

function idOf(items: ReadonlyMap<string, JsonObject>, name: string): string {
  for (const [id, item] of items) if (item["name"] === name) return id;
  throw new Error(`The demo tenant has no "${name}"`);
}
