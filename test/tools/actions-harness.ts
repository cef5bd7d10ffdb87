import type { JsonObject } from "../../src/lib/json.ts";
import type { StartedTenant } from "../support/tenant.ts";

export const CODE = "exports.onExecutePostLogin = async (event, api) => {};";
export const CANARY = "canary-7f3a9c1e5b";
export const POST_LOGIN = [{ id: "post-login", version: "v3" }];

/** The id of a new action, made by the tool itself. */
export async function createAction(tenant: StartedTenant, settings: JsonObject = {}): Promise<string> {
  const body = { name: "Enrich", supported_triggers: POST_LOGIN, code: CODE, ...settings };
  return String((await tenant.data("auth0_create_action", body))["id"]);
}
