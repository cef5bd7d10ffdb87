import { unusedFormId } from "../../src/sandbox/seed/forms.ts";
import type { StartedTenant } from "../support/tenant.ts";

export const TOOL = "auth0_publish_form";
export const RENDERING = `exports.onExecutePostLogin = async (event, api) => api.prompt.render("${unusedFormId}");`;

/** What tests of publishing do and look at on the tenant of the moment. */
export function publishing(tenant: () => StartedTenant) {
  return {
    /** `METHOD /path` of every request that would change something. */
    writes(): string[] {
      return tenant()
        .requests.filter(({ method }) => method !== "GET")
        .map(({ method, path }) => `${method} ${path}`);
    },
    /** An action as a person would have made it; its id. */
    async action(name: string, code: string, trigger = "post-login"): Promise<string> {
      const args = { name, code, supported_triggers: [{ id: trigger }] };
      const { id } = await tenant().data("auth0_create_action", args);
      tenant().requests.length = 0;
      return String(id);
    },
    /** What runs on a trigger, in its order. */
    bound(trigger = "post-login") {
      const bindings = tenant().sandbox.state.bindings.get(trigger) ?? [];
      return bindings.map(({ id, actionId, displayName }) => ({ id, actionId, displayName }));
    },
  };
}
