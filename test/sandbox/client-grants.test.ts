import { beforeAll, describe, expect, test } from "bun:test";
import type { JsonObject } from "../../src/lib/json.ts";
import { startTenant, type TenantHarness } from "./tenant-harness.ts";

const audience = "https://orders.example.com";
let harness: TenantHarness;

beforeAll(async () => {
  harness = await startTenant();
  const scopes = [{ value: "read:orders" }, { value: "create:orders" }];
  await harness.call("POST", "/resource-servers", { identifier: audience, scopes });
});

async function newClientId(settings: JsonObject = {}): Promise<string> {
  const { object } = await harness.call("POST", "/clients", { name: "Grantee", ...settings });
  return String(object["client_id"]);
}

const create = (body: JsonObject) => harness.call("POST", "/client-grants", { audience, ...body });

describe("creation", () => {
  test("answers the grant with an id and its subject", async () => {
    const client_id = await newClientId();
    const { status, object } = await create({ client_id, scope: ["read:orders"] });
    expect(status).toBe(201);
    expect(object).toEqual({
      id: expect.stringMatching(/^cgr_[A-Za-z0-9]{16}$/),
      client_id,
      audience,
      scope: ["read:orders"],
      subject_type: "client",
    });
    expect((await harness.call("GET", `/client-grants/${object["id"]}`)).object).toEqual(object);
  });

  test("one grant a client, audience and subject; the error names both", async () => {
    const client_id = await newClientId();
    await create({ client_id, scope: [] });
    const { status, object } = await create({ client_id, scope: ["read:orders"] });
    expect(status).toBe(409);
    expect(object["message"]).toBe(`A client grant already exists between ${client_id} and ${audience}`);
    expect((await create({ client_id, scope: [], subject_type: "user" })).status).toBe(201);
  });

  test.each<[string, JsonObject, number, string | undefined, string]>([
    ["an unknown client", { client_id: "unknown" }, 404, "inexistent_client", "The client does not exist"],
    [
      "an unknown API",
      { audience: "https://unknown" },
      404,
      "inexistent_resource_server",
      "No resource with identifier https://unknown",
    ],
    [
      "a scope the API does not have",
      { scope: ["read:orders", "eat:orders"] },
      400,
      "invalid_body",
      `The following scopes are not defined for ${audience}: eat:orders`,
    ],
    [
      "an empty scope",
      { scope: [""] },
      400,
      "invalid_body",
      "Payload validation error: 'String is too short (0 chars), minimum 1' on property scope[0].",
    ],
    [
      "an unknown field",
      { scopes: [] },
      400,
      "invalid_body",
      "Payload validation error: 'Additional properties not allowed: scopes'.",
    ],
    [
      "client and default_for at once",
      { default_for: "third_party_clients" },
      400,
      "invalid_body",
      "client_id and default_for are mutually exclusive",
    ],
  ])("refused: %s", async (_, body, status, code, message) => {
    const answer = await create({ client_id: await newClientId(), ...body });
    expect([answer.status, answer.object["errorCode"], answer.message]).toEqual([status, code, message]);
  });

  test("a client or a group is needed", async () => {
    const { status, message } = await create({});
    expect([status, message]).toEqual([
      400,
      "Payload validation error: 'Missing required property: client_id'.",
    ]);
    expect((await create({ default_for: "third_party_clients" })).status).toBe(201);
  });

  test("some types of application take none", async () => {
    const { status, object } = await create({
      client_id: await newClientId({ app_type: "express_configuration" }),
    });
    expect([status, object["errorCode"]]).toEqual([400, "validation_error"]);
    expect(object["message"]).toBe("Client of type express_configuration cannot be used");
  });

  test("all scopes of a system API cannot be granted by a word", async () => {
    const system = `${harness.tenant.url}/api/v2/`;
    const client_id = await newClientId();
    expect((await create({ client_id, audience: system, allow_all_scopes: true })).status).toBe(400);
    expect((await create({ client_id, allow_all_scopes: true })).status).toBe(201);
  });
});

describe("one grant", () => {
  test("its scope is replaced as a whole and cleared by null", async () => {
    const { object } = await create({
      client_id: await newClientId(),
      scope: ["read:orders"],
      organization_usage: "deny",
    });
    const path = `/client-grants/${object["id"]}`;
    const changed = await harness.call("PATCH", path, { scope: ["create:orders"], organization_usage: null });
    const { organization_usage: _, ...rest } = object;
    expect([changed.status, changed.object]).toEqual([200, { ...rest, scope: ["create:orders"] }]);
    expect((await harness.call("PATCH", path, { scope: null })).object["scope"]).toEqual([]);
    expect((await harness.call("PATCH", path, {})).status).toBe(400);
    const { message } = await harness.call("PATCH", path, { audience });
    expect(message).toBe("Payload validation error: 'Additional properties not allowed: audience'.");
  });

  test("an update may name a scope that the API does not have, as recorded", async () => {
    const { object } = await create({ client_id: await newClientId(), scope: [] });
    const { status } = await harness.call("PATCH", `/client-grants/${object["id"]}`, {
      scope: ["later:orders"],
    });
    expect(status).toBe(200);
  });

  test("deleting twice is no error, reading what is gone is", async () => {
    const { object } = await create({ client_id: await newClientId(), scope: [] });
    const path = `/client-grants/${object["id"]}`;
    expect((await harness.call("DELETE", path)).status).toBe(204);
    expect((await harness.call("DELETE", path)).status).toBe(204);
    const gone = await harness.call("GET", path);
    expect(gone.object).toEqual({
      statusCode: 404,
      error: "Not Found",
      message: "The grant does not exist.",
      errorCode: "inexistent_client_grant",
    });
    expect((await harness.call("PATCH", path, { scope: [] })).status).toBe(404);
  });
});

describe("lists", () => {
  test("filter by client, audience and subject", async () => {
    const { call, tenant } = harness;
    const client_id = await newClientId();
    const { object: grant } = await create({ client_id, scope: [], subject_type: "user" });
    const find = async (query: Record<string, string>) =>
      (await call("GET", `/client-grants?${new URLSearchParams(query)}`)).list;
    expect(await find({ client_id })).toEqual([grant]);
    expect(await find({ client_id, audience })).toEqual([grant]);
    expect(await find({ client_id, subject_type: "client" })).toEqual([]);
    expect(await find({ client_id, audience: "https://other" })).toEqual([]);
    expect(await find({ audience: `${tenant.url}/api/v2/` })).toMatchObject([{ client_id: tenant.clientId }]);
  });

  test("page by offset and by checkpoint", async () => {
    const { call } = await startTenant({ seed: "demo" });
    const { object } = await call("GET", "/client-grants?include_totals=true&per_page=2&page=1");
    expect(object).toMatchObject({ start: 2, limit: 2, total: 5 });
    expect(object["client_grants"]).toHaveLength(2);
    const first = await call("GET", "/client-grants?take=4");
    expect(first.object["client_grants"]).toHaveLength(4);
    const second = await call("GET", `/client-grants?take=4&from=${first.object["next"]}`);
    expect(second.object["client_grants"]).toHaveLength(1);
    expect(second.object).not.toHaveProperty("next");
  });
});
