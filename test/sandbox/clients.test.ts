import { describe, expect, test } from "bun:test";
import { generateKeyPairSync } from "node:crypto";
import { asObject, type JsonObject } from "../../src/lib/json.ts";
import { clientsTenant } from "./clients-harness.ts";

const clients = clientsTenant();
const { create, patch, pathOf, read } = clients;

describe("creation", () => {
  test("fills in what Auth0 fills in", async () => {
    const client = await create({ description: "d" });
    expect(client).toMatchObject({
      name: "Test",
      description: "d",
      tenant: "127.0.0.1",
      global: false,
      is_first_party: true,
      is_token_endpoint_ip_header_trusted: false,
      oidc_conformant: false,
      sso_disabled: false,
      cross_origin_authentication: false,
      custom_login_page_on: true,
      jwt_configuration: { secret_encoded: false, lifetime_in_seconds: 36_000 },
      grant_types: ["authorization_code", "implicit", "refresh_token", "client_credentials"],
      refresh_token: {
        rotation_type: "non-rotating",
        expiration_type: "non-expiring",
        leeway: 0,
        token_lifetime: 2_592_000,
        infinite_token_lifetime: true,
        infinite_idle_token_lifetime: true,
        idle_token_lifetime: 1_296_000,
      },
    });
    expect(client["client_id"]).toMatch(/^[A-Za-z0-9]{32}$/);
    expect(client["client_secret"]).toMatch(/^[\w-]{64}$/);
    for (const name of ["callbacks", "app_type", "token_endpoint_auth_method", "client_metadata"]) {
      expect(client).not.toHaveProperty(name);
    }
    expect(await read(client)).toEqual(client);
  });

  test("public applications get no client_credentials", async () => {
    for (const settings of [
      { app_type: "spa" },
      { app_type: "native" },
      { token_endpoint_auth_method: "none" },
    ]) {
      const client = await create(settings);
      expect(client["grant_types"]).toEqual(["authorization_code", "implicit", "refresh_token"]);
      expect(client["token_endpoint_auth_method"]).toBe("none");
    }
  });

  test("what the caller gives is kept, part by part", async () => {
    const client = await create({
      jwt_configuration: { alg: "RS256" },
      refresh_token: { rotation_type: "rotating", expiration_type: "expiring", leeway: 30 },
      client_metadata: { keep: "1", empty: "", nothing: null },
      oidc_logout: { backchannel_logout_urls: ["https://a.example.com/out"] },
    });
    expect(client["jwt_configuration"]).toEqual({ secret_encoded: false, alg: "RS256" });
    expect(client["refresh_token"]).toMatchObject({
      rotation_type: "rotating",
      leeway: 30,
      infinite_token_lifetime: false,
      infinite_idle_token_lifetime: false,
    });
    expect(client["client_metadata"]).toEqual({ keep: "1" });
    expect(client["oidc_backchannel_logout"]).toEqual({
      backchannel_logout_urls: ["https://a.example.com/out"],
    });
  });

  test.each<[JsonObject, string]>([
    [{ name: "" }, "name"],
    [{ name: "<b>" }, "name"],
    [{ description: "x".repeat(141) }, "description"],
    [{ app_type: "desktop" }, "app_type"],
    [{ callbacks: ["not a url"] }, "callbacks[0]"],
    [{ callbacks: "https://a.example.com" }, "callbacks"],
    [{ initiate_login_uri: "http://a.example.com" }, "initiate_login_uri"],
    [{ jwt_configuration: { alg: "none" } }, "jwt_configuration.alg"],
    [{ refresh_token: { rotation_type: "rotating" } }, "refresh_token"],
    [{ refresh_token: { rotation_type: "rotating", expiration_type: "expiring", foo: 1 } }, "refresh_token"],
    [{ client_metadata: { a: 1 } }, "client_metadata.a"],
    [{ client_metadata: { a: "x".repeat(256) } }, "client_metadata.a"],
    [{ client_metadata: Object.fromEntries([..."abcdefghijk"].map((key) => [key, "v"])) }, "client_metadata"],
    [{ token_endpoint_auth_method: "private_key_jwt" }, "token_endpoint_auth_method"],
    [{ organization_usage: null }, "organization_usage"],
    [{ mobile: { android: { sha256_cert_fingerprints: [] } } }, "mobile.android.sha256_cert_fingerprints"],
    [{ native_social_login: {} }, "native_social_login"],
  ])("refused: %j", async (settings, property) => {
    const { status, object } = await clients
      .harness()
      .call("POST", "/clients", { name: "Test", ...settings });
    expect([status, object["errorCode"]]).toEqual([400, "invalid_body"]);
    expect(object["message"]).toStartWith("Payload validation error: '");
    expect(object["message"]).toContain(` on property ${property}`);
  });

  test.each<[JsonObject, string]>([
    [
      { token_endpoint_auth_method: "none", grant_types: ["client_credentials"] },
      "Invalid grant types: client_credentials",
    ],
    [{ grant_types: ["implicit", "magic"] }, "Invalid grant types: magic"],
    [{ is_first_party: false, organization_usage: "allow" }, "organization_usage"],
    [{ organization_require_behavior: "post_login_prompt" }, "oidc_conformant"],
    [
      {
        token_endpoint_auth_method: "none",
        client_authentication_methods: { private_key_jwt: { credentials: [] } },
      },
      "mutually exclusive",
    ],
    [{ client_authentication_methods: { private_key_jwt: { credentials: [] } } }, "RS256"],
  ])("contradictory: %j", async (settings, text) => {
    const { status, object } = await clients
      .harness()
      .call("POST", "/clients", { name: "Test", ...settings });
    expect([status, object["errorCode"]]).toEqual([400, "invalid_body"]);
    expect(object["message"]).toContain(text);
  });

  test.each<[JsonObject, string]>([
    [{ rms: {} }, "'Missing required property: url' on property addons.rms."],
    [{ slack: { channel: "x" } }, "'Missing required property: team' on property addons.slack."],
    [
      { layer: { providerId: "a" } },
      "'Missing required property: keyId' on property addons.layer, 'Missing required property: privateKey' on property addons.layer.",
    ],
    [{ aws: { lifetime_in_seconds: 899 } }, "minimum 900' on property addons.aws.lifetime_in_seconds"],
    [{ zoom: { account: 1 } }, "on property addons.zoom.account"],
    [{ oag: { any: 1 } }, "'Additional properties not allowed: any' on property addons.oag."],
    [{ magic: {} }, "'Additional properties not allowed: magic' on property addons."],
  ])("add-ons: %j", async (addons, text) => {
    const body = { name: "Test", addons };
    const { status, message } = await clients.harness().call("POST", "/clients", body);
    expect(status).toBe(400);
    expect(message).toContain(text);
  });

  test("add-ons take members that are not described, and clear with null", async () => {
    const addons = {
      slack: { team: "shop", channel: "x" },
      samlp: { mappings: { a: "b" }, any: 1 },
      box: null,
    };
    expect((await create({ addons }))["addons"]).toEqual(addons);
  });

  test("null is nothing where a creation may clear; an empty page is none", async () => {
    const client = await create({ compliance_level: null, par_request_expiry: null });
    for (const name of ["compliance_level", "par_request_expiry"]) expect(client).not.toHaveProperty(name);
    for (const name of ["custom_login_page", "form_template"]) {
      const body = { name: "Test", [name]: "" };
      expect((await clients.harness().call("POST", "/clients", body)).status).toBe(400);
      expect((await patch(client, { [name]: "" })).status).toBe(200);
    }
  });

  test("read-only fields are refused", async () => {
    const { status, message } = await clients.harness().call("POST", "/clients", {
      name: "Test",
      global: true,
      client_id: "x",
    });
    expect(status).toBe(400);
    expect(message).toBe("Payload validation error: 'Additional properties not allowed: global,client_id'.");
  });

  test("an alias belongs to one client", async () => {
    await create({ client_aliases: ["urn:alias"] });
    const { status, object } = await clients.harness().call("POST", "/clients", {
      name: "B",
      client_aliases: ["urn:alias"],
    });
    expect(status).toBe(409);
    expect(object["message"]).toBe("Another client exists with the same alias");
  });

  test("credentials show themselves once; their key never comes back", async () => {
    const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
    const credentials = [{ credential_type: "public_key", name: "k", pem }];
    const settings = {
      jwt_configuration: { alg: "RS256" },
      client_authentication_methods: { private_key_jwt: { credentials } },
    };
    const client = await create(settings);
    expect(JSON.stringify(client)).not.toContain("BEGIN PUBLIC");
    const method = asObject(asObject(client["client_authentication_methods"])?.["private_key_jwt"]);
    expect(method).toMatchObject({
      credentials: [{ name: "k", alg: "RS256", credential_type: "public_key" }],
    });
    const shown = asObject((await read(client))["client_authentication_methods"])?.["private_key_jwt"];
    expect(JSON.stringify(shown)).toMatch(/^\{"credentials":\[\{"id":"cred_\w{22}"\}\]\}$/);
    const unknown = {
      client_authentication_methods: { private_key_jwt: { credentials: [{ id: "cred_unknown" }] } },
    };
    expect((await patch(client, unknown)).status).toBe(404);
    expect(
      (await patch(client, { client_authentication_methods: { private_key_jwt: shown ?? null } })).status,
    ).toBe(200);
    const without = await clients
      .harness()
      .call("POST", "/clients", { name: "Test", ...settings }, ["create:clients"]);
    expect(without.message).toBe("Insufficient scope, expected any of: create:client_credentials");
    expect((await clients.harness().call("POST", `${pathOf(client)}/rotate-secret`)).status).toBe(400);
  });
});

describe("update", () => {
  test("replaces settings, merges metadata, clears with null", async () => {
    const client = await create({
      callbacks: ["https://a.example.com", "https://b.example.com"],
      client_metadata: { keep: "1", change: "1", drop: "1", empty: "1" },
      jwt_configuration: { alg: "PS256", lifetime_in_seconds: 60 },
      session_transfer: { allow_refresh_token: true },
      organization_usage: "allow",
    });
    const { status, object } = await patch(client, {
      callbacks: ["https://c.example.com"],
      client_metadata: { change: "2", drop: null, empty: "", add: "3" },
      jwt_configuration: { alg: "RS256" },
      session_transfer: null,
      organization_usage: null,
    });
    expect(status).toBe(200);
    expect(object["callbacks"]).toEqual(["https://c.example.com"]);
    expect(object["client_metadata"]).toEqual({ keep: "1", change: "2", add: "3" });
    expect(object["jwt_configuration"]).toEqual({ secret_encoded: false, alg: "RS256" });
    for (const name of ["session_transfer", "organization_usage"]) expect(object).not.toHaveProperty(name);
    expect(object["grant_types"]).toEqual(client["grant_types"] ?? null);
    expect(await read(client)).toEqual(object);
  });

  test("how the secret is encoded shows, and cannot be changed", async () => {
    const client = await create({ jwt_configuration: { alg: "RS256" } });
    const jwt = { alg: "RS512", secret_encoded: false };
    const { status, object, message } = await patch(client, { jwt_configuration: jwt });
    expect([status, object["errorCode"]]).toEqual([400, "invalid_body"]);
    expect(message).toContain("Additional properties not allowed: secret_encoded");
    expect((await read(client))["jwt_configuration"]).toEqual({ secret_encoded: false, alg: "RS256" });
  });

  test("a metadata key too many is refused, counted after the merge", async () => {
    const ten = Object.fromEntries([..."abcdefghij"].map((key) => [key, "v"]));
    const client = await create({ client_metadata: ten });
    const { status, message } = await patch(client, { client_metadata: { k: "v" } });
    expect(status).toBe(400);
    expect(message).toContain("'Too many properties defined (11), maximum 10' on property client_metadata");
    expect((await patch(client, { client_metadata: { k: "v", a: null } })).status).toBe(200);
  });

  test("nothing to change is refused", async () => {
    const { status, message } = await patch(await create({}), {});
    expect(status).toBe(400);
    expect(message).toBe("Payload validation error: 'Too few properties defined (0), minimum 1'.");
  });

  test("what Auth0 does not clear with null is refused", async () => {
    const { message } = await patch(await create({}), { callbacks: null });
    expect(message).toBe(
      "Payload validation error: 'Expected type array but found type null' on property callbacks.",
    );
  });

  test("the sum of old and new settings must make sense", async () => {
    const client = await create({ grant_types: ["client_credentials"] });
    const { status, message } = await patch(client, { token_endpoint_auth_method: "none" });
    expect([status, message]).toEqual([400, "Invalid grant types: client_credentials"]);
  });

  test("secrets need a scope of their own", async () => {
    const client = await create({});
    const body = { client_secret: "another-secret" };
    const { status, object } = await patch(client, body, ["update:clients"]);
    expect([status, object["errorCode"]]).toEqual([403, "insufficient_scope"]);
    expect(object["message"]).toBe("Insufficient scope, expected any of: update:client_keys");
    expect((await patch(client, body, ["update:client_keys"])).status).toBe(200);
    expect((await read(client))["client_secret"]).toBe("another-secret");
    expect((await patch(client, { name: "x" }, ["update:client_credentials"])).status).toBe(403);
  });

  test("an unknown client is a 404", async () => {
    const { status, object } = await clients.harness().call("PATCH", "/clients/unknown", { name: "x" });
    expect(status).toBe(404);
    expect(object).toEqual({
      statusCode: 404,
      error: "Not Found",
      message: "The client does not exist",
      errorCode: "inexistent_client",
    });
  });
});
