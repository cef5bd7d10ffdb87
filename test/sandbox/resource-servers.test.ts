import { beforeAll, describe, expect, test } from "bun:test";
import { asString, type JsonObject } from "../../src/lib/json.ts";
import { startTenant, type TenantHarness } from "./tenant-harness.ts";

let harness: TenantHarness;
let created = 0;

beforeAll(async () => {
  harness = await startTenant();
});

async function create(settings: JsonObject = {}): Promise<JsonObject> {
  created += 1;
  const body = { identifier: `https://api${created}.example.com/`, ...settings };
  const { status, object, message } = await harness.call("POST", "/resource-servers", body);
  expect([status, message]).toEqual([201, ""]);
  return object;
}

const byId = (api: JsonObject) => `/resource-servers/${api["id"]}`;
const byIdentifier = (api: JsonObject) =>
  `/resource-servers/${encodeURIComponent(asString(api["identifier"]) ?? "")}`;

describe("creation", () => {
  test("fills in what Auth0 fills in, RS256 and a signing secret among it", async () => {
    const api = await create({ name: "Orders", scopes: [{ value: "read:orders", description: "Read" }] });
    expect(api).toMatchObject({
      name: "Orders",
      scopes: [{ value: "read:orders", description: "Read" }],
      signing_alg: "RS256",
      allow_offline_access: false,
      token_lifetime: 86_400,
      token_lifetime_for_web: 7200,
      skip_consent_for_verifiable_first_party_clients: false,
    });
    expect(api["id"]).toMatch(/^[0-9a-f]{24}$/);
    expect(asString(api["signing_secret"])?.length).toBeGreaterThanOrEqual(16);
    expect(api).not.toHaveProperty("is_system");
    expect((await harness.call("GET", byId(api))).object).toEqual(api);
  });

  test("what the caller gives is kept", async () => {
    const settings = {
      signing_alg: "HS256",
      token_lifetime: 60,
      token_lifetime_for_web: 60,
      token_dialect: "access_token_authz",
    };
    expect(await create(settings)).toMatchObject(settings);
  });

  test("tokens for browsers live no longer than the others, in an update neither", async () => {
    const refused = async (method: string, path: string, body: JsonObject) => {
      const { status, message } = await harness.call(method, path, body);
      expect([status, message]).toEqual([
        400,
        "token_lifetime_for_web cannot be greater than token_lifetime",
      ]);
    };
    const pair = { token_lifetime: 60, token_lifetime_for_web: 61 };
    await refused("POST", "/resource-servers", { identifier: "https://pair.example.com/", ...pair });
    await refused("POST", "/resource-servers", {
      identifier: "https://pair.example.com/",
      token_lifetime_for_web: 86_401,
    });
    const api = await create({ token_lifetime: 7200 });
    await refused("PATCH", byId(api), pair);
    await refused("PATCH", byId(api), { token_lifetime_for_web: 7201 });
    const { object } = await harness.call("PATCH", byId(api), { token_lifetime_for_web: 7200 });
    expect(object).toMatchObject({ token_lifetime: 7200, token_lifetime_for_web: 7200 });
  });

  test("an identifier exists once", async () => {
    const api = await create();
    const { status, object } = await harness.call("POST", "/resource-servers", {
      identifier: api["identifier"] ?? "",
    });
    expect(status).toBe(409);
    expect(object).toEqual({
      statusCode: 409,
      error: "Conflict",
      message: "A resource server with the same identifier already exists.",
    });
  });

  test.each<[JsonObject, string]>([
    [{}, "'Missing required property: identifier'"],
    [{ identifier: "" }, "on property identifier"],
    [{ identifier: "x".repeat(601) }, "on property identifier"],
    [{ identifier: "i", name: "<b>" }, "on property name"],
    [{ identifier: "i", name: "x".repeat(201) }, "on property name"],
    [{ identifier: "i", token_lifetime: 2_592_001 }, "on property token_lifetime"],
    [{ identifier: "i", token_lifetime: -1 }, "on property token_lifetime"],
    [{ identifier: "i", signing_alg: "none" }, "on property signing_alg"],
    [{ identifier: "i", signing_secret: "short" }, "on property signing_secret"],
    [{ identifier: "i", scopes: ["read:x"] }, "on property scopes[0]"],
    [
      { identifier: "i", scopes: [{ description: "d" }] },
      "'Missing required property: value' on property scopes[0]",
    ],
    [{ identifier: "i", scopes: [{ value: "x".repeat(281) }] }, "on property scopes[0].value"],
    [
      { identifier: "i", scopes: [{ value: "a", description: "x".repeat(501) }] },
      "on property scopes[0].description",
    ],
    [{ identifier: "i", is_system: true }, "'Additional properties not allowed: is_system'"],
    [{ identifier: "i", subject_type_authorization: { client: { policy: "allow_all" } } }, "client.policy"],
  ])("refused: %j", async (body, text) => {
    const { status, object } = await harness.call("POST", "/resource-servers", body);
    expect([status, object["errorCode"]]).toEqual([400, "invalid_body"]);
    expect(object["message"]).toContain(text);
  });

  test("a key for encryption goes in and its PEM never comes out", async () => {
    const key = { alg: "RSA-OAEP-256", kid: "my-key", pem: "-----BEGIN PUBLIC KEY-----" };
    const api = await create({ token_encryption: { format: "compact-nested-jwe", encryption_key: key } });
    expect(api["token_encryption"]).toEqual({
      format: "compact-nested-jwe",
      encryption_key: { alg: "RSA-OAEP-256", kid: "my-key" },
    });
  });

  test("a system API comes as the system made it", async () => {
    const body = { identifier: "urn:auth0:express-configure", name: "Mine" };
    const { object } = await harness.call("POST", "/resource-servers", body);
    expect(object).toMatchObject({ is_system: true, token_lifetime: 300, enforce_policies: true });
    expect(object["name"]).not.toBe("Mine");
    expect((await harness.call("DELETE", byId(object))).status).toBe(204);
  });
});

describe("one API", () => {
  test("is found by id and by its audience", async () => {
    const api = await create({ name: "Found" });
    expect((await harness.call("GET", byIdentifier(api))).object).toEqual(api);
    expect((await harness.call("GET", `${byIdentifier(api)}?fields=name`)).object).toEqual({ name: "Found" });
    const changed = await harness.call("PATCH", byIdentifier(api), { name: "Changed" });
    expect([changed.status, changed.object["name"]]).toEqual([200, "Changed"]);
    expect((await harness.call("DELETE", byIdentifier(api))).status).toBe(204);
    expect((await harness.call("DELETE", byId(api))).status).toBe(204);
    const { status, object } = await harness.call("GET", byId(api));
    expect([status, object["errorCode"]]).toEqual([404, "inexistent_resource_server"]);
  });

  test("an update replaces all scopes and withdraws the lost ones from grants", async () => {
    const { call, tenant } = harness;
    const api = await create({ scopes: [{ value: "a" }, { value: "b" }] });
    const audience = api["identifier"] ?? null;
    await call("POST", "/client-grants", { client_id: tenant.clientId, audience, scope: ["a", "b"] });
    const { object } = await call("PATCH", byId(api), {
      scopes: [{ value: "b" }, { value: "c" }, { value: "c" }],
    });
    expect(object["scopes"]).toEqual([{ value: "b" }, { value: "c" }]);
    const [grant] = (
      await call("GET", `/client-grants?${new URLSearchParams({ audience: String(audience) })}`)
    ).list;
    expect(grant?.["scope"]).toEqual(["b"]);
  });

  test("its identifier is fixed", async () => {
    const { status, message } = await harness.call("PATCH", byId(await create()), {
      identifier: "https://b",
    });
    expect(status).toBe(400);
    expect(message).toBe("Payload validation error: 'Additional properties not allowed: identifier'.");
  });

  test("null clears a setting", async () => {
    const api = await create({ consent_policy: "transactional-authorization-with-mfa" });
    const { object } = await harness.call("PATCH", byId(api), { consent_policy: null });
    expect(object).not.toHaveProperty("consent_policy");
  });

  const management = () => `/resource-servers/${encodeURIComponent(`${harness.tenant.url}/api/v2/`)}`;

  test("the Management API can be given lifetimes and policies, nothing else, and not be deleted", async () => {
    const { call } = harness;
    const changes = {
      token_lifetime: 7200,
      token_lifetime_for_web: 3600,
      skip_consent_for_verifiable_first_party_clients: true,
      subject_type_authorization: { user: { policy: "deny_all" } },
    };
    expect((await call("PATCH", management(), changes)).object).toMatchObject(changes);
    const refused: JsonObject = { name: "x", scopes: [], signing_alg: "HS256", allow_offline_access: true };
    for (const [name, value] of Object.entries(refused)) {
      const { status, object, message } = await call("PATCH", management(), { [name]: value });
      expect([status, object["errorCode"]]).toEqual([400, "invalid_body"]);
      expect(message).toBe(`Payload validation error: 'Additional properties not allowed: ${name}'.`);
    }
    const { status, object } = await call("DELETE", management());
    expect([status, object["errorCode"]]).toEqual([400, "operation_not_supported"]);
    expect((await call("GET", management())).object).toMatchObject({ is_system: true });
  });

  test("another API of the system keeps its name and scopes", async () => {
    const { object: api } = await harness.call("POST", "/resource-servers", {
      identifier: `${harness.tenant.url}/me/`,
    });
    const { status, message } = await harness.call("PATCH", byId(api), { name: "Mine", scopes: [] });
    expect(status).toBe(400);
    expect(message).toBe("Payload validation error: 'Additional properties not allowed: name,scopes'.");
    const changed = await harness.call("PATCH", byId(api), {
      token_lifetime: 900,
      allow_offline_access: false,
    });
    expect(changed.object).toMatchObject({ token_lifetime: 900, allow_offline_access: false });
  });

  test("names the application that stands for it", async () => {
    const { call } = harness;
    const api = await create();
    const settings = {
      name: "API",
      app_type: "resource_server",
      resource_server_identifier: api["identifier"] ?? "",
    };
    const { object: client } = await call("POST", "/clients", settings);
    expect(client).toMatchObject({ grant_types: [], oidc_conformant: true });
    expect((await call("GET", byId(api))).object["client_id"]).toBe(client["client_id"] ?? null);
    const { status } = await call("POST", "/clients", {
      ...settings,
      resource_server_identifier: "https://unknown",
    });
    expect(status).toBe(404);
  });
});

test("lists filter by identifier and page by offset only", async () => {
  const { call } = harness;
  const [a, b] = [await create(), await create()];
  const query = new URLSearchParams([
    ["identifiers", asString(a["identifier"]) ?? ""],
    ["identifiers", asString(b["identifier"]) ?? ""],
    ["fields", "id"],
    ["include_totals", "true"],
    ["per_page", "1"],
    ["page", "1"],
  ]);
  const { object } = await call("GET", `/resource-servers?${query}`);
  expect(object).toEqual({ start: 1, limit: 1, total: 2, resource_servers: [{ id: b["id"] ?? null }] });
  for (const refused of ["take=1", "from=x", "per_page=0", "per_page=101"]) {
    expect((await call("GET", `/resource-servers?${refused}`)).status).toBe(400);
  }
  const [first] = (await call("GET", "/resource-servers")).list;
  expect(first).toMatchObject({ is_system: true });
});
