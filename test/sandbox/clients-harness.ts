import { beforeAll, expect } from "bun:test";
import type { Json, JsonObject } from "../../src/lib/json.ts";
import { startTenant, type TenantHarness } from "./tenant-harness.ts";

/** A tenant for the tests of the file that calls this, and what is done with its clients. */
export function clientsTenant() {
  let harness: TenantHarness;
  beforeAll(async () => {
    harness = await startTenant();
  });
  const pathOf = (client: JsonObject) => `/clients/${client["client_id"]}`;
  return {
    harness: () => harness,
    pathOf,
    async create(settings: JsonObject): Promise<JsonObject> {
      const body = { name: "Test", ...settings };
      const { status, object, message } = await harness.call("POST", "/clients", body);
      expect([status, message]).toEqual([201, ""]);
      return object;
    },
    patch: (client: JsonObject, body: Json, scopes?: string[]) =>
      harness.call("PATCH", pathOf(client), body, scopes),
    read: async (client: JsonObject, scopes?: string[]) =>
      (await harness.call("GET", pathOf(client), undefined, scopes)).object,
  };
}
