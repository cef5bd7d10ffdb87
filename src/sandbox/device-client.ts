import { options } from "../config/options.ts";
import { asStrings, type Json, type JsonObject } from "../lib/json.ts";

export const DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";

/**
 * The public client that Auth0's own authority has for signing people in by device flow. This tenant stands in for that
 * authority as well, so it knows the client without listing it among its applications.
 */
export function deviceClient(clientId: string): JsonObject | undefined {
  if (!isDeviceClient(clientId)) return undefined;
  return {
    client_id: clientId,
    name: "Device sign-in",
    token_endpoint_auth_method: "none",
    grant_types: [DEVICE_GRANT, "refresh_token"],
  };
}

/** Whether an id is that client's. */
export function isDeviceClient(clientId: Json | undefined): boolean {
  return clientId === options.loginClientId.default;
}

export function allowsGrant(client: JsonObject, grant: string): boolean {
  return asStrings(client["grant_types"]).includes(grant);
}
