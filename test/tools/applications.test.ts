import { beforeEach, describe, expect, test } from "bun:test";
import { asObjects, asString, type JsonObject } from "../../src/lib/json.ts";
import { addClient } from "../../src/sandbox/resources/clients.ts";
import { type StartedTenant, startTenant } from "../support/tenant.ts";
import { walk } from "./walk.ts";

let tenant: StartedTenant;
beforeEach(async () => {
  tenant = await startTenant();
});

/** An application that is there already. */
function existing(settings: JsonObject = {}): string {
  const client = addClient({ name: "Shop", ...settings }, tenant.sandbox.state);
  return asString(client["client_id"]) ?? "";
}

function stored(id: string): JsonObject {
  return tenant.sandbox.state.clients.get(id) ?? {};
}

describe("auth0_list_applications", () => {
  test("shows a summary of every application but the tenant's global one", async () => {
    const id = existing({ app_type: "spa", description: "Sells things" });
    const { applications, total, next } = await tenant.data("auth0_list_applications");
    expect(total).toBe(2);
    expect(next).toBeNull();
    expect(asObjects(applications).map((item) => item["name"])).not.toContain("All Applications");
    expect(applications).toContainEqual({
      client_id: id,
      name: "Shop",
      description: "Sells things",
      app_type: "spa",
      is_first_party: true,
    });
  });

  test("filters by type, and fields replace the summary beside the id", async () => {
    const id = existing({ app_type: "spa" });
    existing({ app_type: "native" });
    const types = { app_type: ["spa", "regular_web"], fields: ["app_type"] };
    expect(await tenant.data("auth0_list_applications", types)).toEqual({
      applications: [{ client_id: id, app_type: "spa" }],
      total: 1,
      next: null,
    });
    expect(tenant.requests.at(-1)?.query).toMatchObject({
      app_type: "spa,regular_web",
      fields: "client_id,app_type",
    });
  });

  test("a walk gives every application exactly once", async () => {
    for (let index = 0; index < 25; index++) existing({ name: `App ${index}` });
    const { items, answers } = await walk(tenant, "auth0_list_applications", "applications", {
      per_page: 10,
    });
    expect(answers).toHaveLength(3);
    expect(new Set(items.map((item) => item["client_id"])).size).toBe(26);
    expect(items).toHaveLength(26);
  });

  test("the total can be left out", async () => {
    expect(await tenant.data("auth0_list_applications", { include_totals: false })).not.toHaveProperty(
      "total",
    );
  });

  describe("by name", () => {
    beforeEach(() => {
      for (let index = 0; index < 1_100; index++) {
        existing({ name: index % 50 === 0 ? `The SHOP ${index}` : `Other ${index}` });
      }
    });

    test("finds a part of the name in any case, far behind the first 1,000", async () => {
      const { applications, total, next } = await tenant.data("auth0_list_applications", { name: "shop" });
      expect(asObjects(applications)).toHaveLength(22);
      expect({ total, next }).toEqual({ total: 22, next: null });
    });

    test("asks for 100 at a time and for the fields it needs, no more", async () => {
      await tenant.data("auth0_list_applications", { name: "shop", fields: ["app_type"] });
      expect(tenant.requests).toHaveLength(12);
      for (const { method, query } of tenant.requests) {
        expect({ method, take: query["take"] }).toEqual({ method: "GET", take: "100" });
        expect(query["fields"]).toBe("client_id,app_type,name");
      }
    });

    test("a walk gives every match once, and stops reading early when no total is wanted", async () => {
      const { items } = await walk(tenant, "auth0_list_applications", "applications", {
        name: "Shop",
        per_page: 7,
      });
      expect(new Set(items.map((item) => item["client_id"])).size).toBe(22);
      expect(items).toHaveLength(22);

      const before = tenant.requests.length;
      const small = { name: "Shop", per_page: 1, include_totals: false };
      const first = await tenant.data("auth0_list_applications", small);
      expect(first["next"]).toEqual({ page: 1, per_page: 1 });
      expect(tenant.requests.length - before).toBeLessThan(12);
      expect(
        (await walk(tenant, "auth0_list_applications", "applications", { ...small, per_page: 7 })).items,
      ).toHaveLength(22);
    });

    test("a page that fails ends the search, and no other is asked for", async () => {
      const failing = await startTenant({
        intercept: ({ query }) =>
          query["from"] === undefined ? undefined : new Response("{}", { status: 404 }),
      });
      for (let index = 0; index < 250; index++) addClient({ name: `Shop ${index}` }, failing.sandbox.state);
      expect(await failing.error("auth0_list_applications", { name: "shop" })).toMatchObject({
        code: "not_found",
      });
      expect(failing.requests).toHaveLength(2);
    });

    test("a page behind the last is empty and ends", async () => {
      expect(await tenant.data("auth0_list_applications", { name: "shop", page: 9 })).toEqual({
        applications: [],
        total: 22,
        next: null,
      });
    });
  });

  test.each([
    [{ app_type: ["Regular Web"] }, "app_type[0]"],
    [{ per_page: 101 }, "per_page"],
    [{ page: -1 }, "page"],
    [{ name: " " }, "name"],
    [{ fields: [] }, "fields"],
    [{ nmae: "x" }, "unknown argument: nmae"],
  ])("refuses %p before anything is sent", async (args, told) => {
    const error = await tenant.error("auth0_list_applications", args);
    expect(error).toMatchObject({ code: "invalid_arguments", message: expect.stringContaining(told) });
    expect(tenant.requests).toEqual([]);
  });
});

describe("auth0_get_application", () => {
  test("gives every setting and no secret", async () => {
    const id = existing({ client_secret: "canary-7c1f0d9a" });
    const outcome = await tenant.call("auth0_get_application", { client_id: id });
    expect(outcome.data).toMatchObject({
      client_id: id,
      name: "Shop",
      jwt_configuration: { lifetime_in_seconds: 36_000 },
    });
    expect(JSON.stringify(outcome)).not.toContain("canary-7c1f0d9a");
  });

  test("gives chosen fields, or the rest of one", async () => {
    const id = existing({ callbacks: ["https://a.example", "https://b.example"] });
    const rest = { client_id: id, fields: ["callbacks"], offset: 1 };
    expect(await tenant.data("auth0_get_application", rest)).toEqual({ callbacks: ["https://b.example"] });
    const error = await tenant.error("auth0_get_application", { client_id: id, fields: ["calbacks"] });
    expect(error).toMatchObject({ code: "invalid_arguments", hint: expect.stringContaining("callbacks") });
  });

  test("an unknown application is not found", async () => {
    const error = await tenant.error("auth0_get_application", { client_id: "none" });
    expect(error).toMatchObject({ code: "not_found", status: 404, message: "The client does not exist" });
  });

  test.each(["", "..", "a\nb"])("the id %p is refused before anything is sent", async (client_id) => {
    expect(await tenant.error("auth0_get_application", { client_id })).toMatchObject({
      code: "invalid_arguments",
    });
    expect(tenant.requests).toEqual([]);
  });
});

/** One of every setting, as a caller may give it. */
const everything: JsonObject = {
  name: "Shop app",
  description: "Sells things",
  app_type: "native",
  callbacks: [
    "https://*.shop.example/cb",
    "com.shop.app:/callback",
    "http://localhost:3000",
    "https://{organization_name}.x.io",
  ],
  allowed_logout_urls: ["https://shop.example"],
  allowed_origins: ["https://shop.example", "file://*"],
  web_origins: ["https://shop.example"],
  initiate_login_uri: "https://shop.example/login",
  logo_uri: "https://shop.example/logo.png",
  grant_types: ["authorization_code", "refresh_token"],
  token_endpoint_auth_method: "none",
  is_first_party: true,
  oidc_conformant: true,
  jwt_configuration: { alg: "RS512", lifetime_in_seconds: 3600, scopes: { email: true } },
  refresh_token: {
    rotation_type: "rotating",
    expiration_type: "expiring",
    leeway: 0,
    token_lifetime: 86_400,
    infinite_token_lifetime: false,
    idle_token_lifetime: 3600,
    infinite_idle_token_lifetime: false,
  },
  mobile: {
    android: { app_package_name: "com.shop.app", sha256_cert_fingerprints: ["AB:CD"] },
    ios: { team_id: "TEAM", app_bundle_identifier: "com.shop.app" },
  },
  native_social_login: { apple: { enabled: true }, google: { enabled: false } },
  oidc_logout: {
    backchannel_logout_urls: ["https://shop.example/logout"],
    backchannel_logout_initiators: { mode: "custom", selected_initiators: ["rp-logout"] },
  },
  organization_usage: "require",
  organization_require_behavior: "post_login_prompt",
  cross_origin_authentication: true,
  cross_origin_loc: "https://shop.example/xo",
  client_aliases: ["urn:shop"],
  allowed_clients: ["other"],
  client_metadata: { team: "web", "cost center:1": "42" },
  sso: true,
  sso_disabled: false,
  require_pushed_authorization_requests: true,
};

/** Settings that Auth0 would refuse, and what the error names. */
const mistakes: readonly (readonly [JsonObject, string])[] = [
  [{ name: "a<b" }, "name: "],
  [{ name: "" }, "name: "],
  [{ description: "x".repeat(141) }, "description: "],
  [{ app_type: "regular-web" }, "app_type: "],
  [{ callbacks: ["shop.example/cb"] }, "callbacks[0]: "],
  [{ callbacks: ["https://ok.example", "localhost:3000"] }, "callbacks[1]: "],
  [{ callbacks: ["javascript://x%0aalert(1)"] }, "callbacks[0]: "],
  [{ callbacks: ["https://a.example,https://b.example"] }, "callbacks[0]: "],
  [{ callbacks: "https://a.example" }, "callbacks: "],
  [{ allowed_logout_urls: ["http:///path"] }, "allowed_logout_urls[0]: "],
  [{ allowed_origins: ["shop.example"] }, "allowed_origins[0]: "],
  [{ web_origins: ["https://a b"] }, "web_origins[0]: "],
  [{ initiate_login_uri: "http://shop.example" }, "initiate_login_uri: "],
  [{ logo_uri: "logo.png" }, "logo_uri: "],
  [{ cross_origin_loc: "" }, "cross_origin_loc: "],
  [{ grant_types: [""] }, "grant_types[0]: "],
  [{ token_endpoint_auth_method: "private_key_jwt" }, "token_endpoint_auth_method: "],
  [{ is_first_party: "yes" }, "is_first_party: "],
  [{ jwt_configuration: { alg: "none" } }, "jwt_configuration.alg: "],
  [{ jwt_configuration: { lifetime_in_seconds: 1.5 } }, "jwt_configuration.lifetime_in_seconds: "],
  [{ jwt_configuration: { algorithm: "RS256" } }, "unknown argument in jwt_configuration: algorithm"],
  [{ refresh_token: { rotation_type: "on", expiration_type: "expiring" } }, "refresh_token.rotation_type: "],
  [
    {
      refresh_token: { rotation_type: "rotating", expiration_type: "expiring", token_lifetime: 157_788_001 },
    },
    "refresh_token.token_lifetime: ",
  ],
  [
    { refresh_token: { rotation_type: "rotating", expiration_type: "expiring", leeway: -1 } },
    "refresh_token.leeway: ",
  ],
  [{ mobile: { ios: { bundle: "x" } } }, "unknown argument in mobile.ios: bundle"],
  [{ mobile: { android: { sha256_cert_fingerprints: [] } } }, "mobile.android.sha256_cert_fingerprints: "],
  [{ native_social_login: {} }, "native_social_login: "],
  [
    { native_social_login: { twitter: { enabled: true } } },
    "unknown argument in native_social_login: twitter",
  ],
  [
    { oidc_logout: { backchannel_logout_urls: ["http://x.example"] } },
    "oidc_logout.backchannel_logout_urls[0]: ",
  ],
  [
    { oidc_logout: { backchannel_logout_urls: ["https://x.example", "https://y.example"] } },
    "oidc_logout.backchannel_logout_urls: ",
  ],
  [
    { oidc_logout: { backchannel_logout_initiators: { selected_initiators: ["nap"] } } },
    "oidc_logout.backchannel_logout_initiators.selected_initiators[0]: ",
  ],
  [{ organization_usage: "maybe" }, "organization_usage: "],
  [{ organization_require_behavior: "prompt" }, "organization_require_behavior: "],
  [
    { client_metadata: Object.fromEntries(Array.from({ length: 11 }, (_, key) => [`k${key}`, "v"])) },
    "client_metadata: ",
  ],
  [{ client_metadata: { team: "x".repeat(256) } }, "client_metadata.team: "],
  [{ client_metadata: { ["k".repeat(256)]: "x" } }, "client_metadata: "],
  [{ client_metadata: { "team{}": "x" } }, "client_metadata.team{}: "],
  [{ client_metadata: { size: 3 } }, "client_metadata.size: "],
  [{ client_secret: "s3cret-of-the-caller" }, "unknown argument: client_secret"],
];

describe("auth0_create_application", () => {
  test("sends what was given as it was given, and answers with the application without its secret", async () => {
    const data = await tenant.data("auth0_create_application", everything);
    expect(tenant.requests).toEqual([{ method: "POST", path: "/clients", query: {}, body: everything }]);
    const application = stored(asString(data["client_id"]) ?? "");
    expect(application).toMatchObject(everything);
    expect(data["name"]).toBe("Shop app");
    expect(JSON.stringify(data)).not.toContain(asString(application["client_secret"]) ?? "?");
  });

  test("signs with RS256 when no algorithm was given, and says so", async () => {
    const { notices } = await tenant.data("auth0_create_application", { name: "One" });
    expect(tenant.requests[0]?.body).toEqual({ name: "One", jwt_configuration: { alg: "RS256" } });
    expect(notices).toContainEqual(expect.stringContaining("jwt_configuration.alg: RS256"));

    await tenant.data("auth0_create_application", {
      name: "Two",
      jwt_configuration: { lifetime_in_seconds: 60 },
    });
    expect(tenant.requests[1]?.body).toMatchObject({
      jwt_configuration: { lifetime_in_seconds: 60, alg: "RS256" },
    });
  });

  test("keeps the algorithm the caller chose, without a word", async () => {
    const { notices } = await tenant.data("auth0_create_application", {
      name: "One",
      jwt_configuration: { alg: "HS256" },
    });
    expect(tenant.requests[0]?.body?.["jwt_configuration"]).toEqual({ alg: "HS256" });
    expect(JSON.stringify(notices)).not.toContain("RS256");
  });

  test.each([
    "native",
    "spa",
    "regular_web",
    "non_interactive",
    "resource_server",
    "salesforce",
    "sso_integration",
  ])("the type %s is left to the API", async (app_type) => {
    expect(await tenant.data("auth0_create_application", { name: "One", app_type })).toMatchObject({
      app_type,
    });
  });

  test.each(mistakes)("refuses %p before anything is sent", async (settings, told) => {
    const error = await tenant.error("auth0_create_application", { name: "One", ...settings });
    expect(error).toMatchObject({ code: "invalid_arguments", message: expect.stringContaining(told) });
    expect(tenant.requests).toEqual([]);
  });

  test("the name is required, and a near miss of a setting is named", async () => {
    expect(await tenant.error("auth0_create_application", {})).toMatchObject({
      message: expect.stringContaining("name: "),
    });
    expect(await tenant.error("auth0_create_application", { name: "One", callback: [] })).toMatchObject({
      hint: "Did you mean callbacks?",
    });
  });

  test("what only Auth0 knows to be wrong comes back in its words", async () => {
    existing({ client_aliases: ["urn:taken"] });
    const args = { name: "One", client_aliases: ["urn:taken"] };
    expect(await tenant.error("auth0_create_application", args)).toMatchObject({
      code: "conflict",
      status: 409,
    });
    expect(await tenant.error("auth0_create_application", { name: "One", app_type: "banana" })).toMatchObject(
      {
        code: "invalid_request",
        message: expect.stringContaining("app_type"),
      },
    );
  });

  test("needs create:clients and nothing else", async () => {
    tenant = await startTenant({ scopes: ["create:clients"] });
    await tenant.data("auth0_create_application", { name: "One" });
    tenant = await startTenant({ scopes: ["read:clients", "update:clients"] });
    const error = await tenant.error("auth0_create_application", { name: "One" });
    expect(error).toMatchObject({
      code: "insufficient_scope",
      message: expect.stringContaining("create:clients"),
    });
    expect(tenant.requests).toEqual([]);
  });

  test("a dry run sends nothing and shows the request with the default", async () => {
    const before = tenant.sandbox.state.clients.size;
    const data = await tenant.data("auth0_create_application", { name: "One", dry_run: true });
    expect(data).toMatchObject({
      dry_run: true,
      requests: [
        {
          method: "POST",
          path: "/api/v2/clients",
          body: { name: "One", jwt_configuration: { alg: "RS256" } },
        },
      ],
    });
    expect(JSON.stringify(data["notices"])).toContain("RS256");
    expect(tenant.requests).toEqual([]);
    expect(tenant.sandbox.state.clients.size).toBe(before);
  });
});

describe("auth0_update_application", () => {
  const rotation = {
    rotation_type: "rotating",
    expiration_type: "expiring",
    leeway: 30,
    token_lifetime: 7200,
  };

  test("changes what was given and nothing else, in one request", async () => {
    const id = existing({ description: "Old", callbacks: ["https://a.example"] });
    const data = await tenant.data("auth0_update_application", {
      client_id: id,
      description: "New",
      callbacks: [],
    });
    expect(tenant.requests).toEqual([
      { method: "PATCH", path: `/clients/${id}`, query: {}, body: { description: "New", callbacks: [] } },
    ]);
    expect(data).toMatchObject({ client_id: id, name: "Shop", description: "New", callbacks: [] });
    expect(JSON.stringify(data)).not.toContain(asString(stored(id)["client_secret"]) ?? "?");
  });

  test("takes every setting that creation takes", async () => {
    const id = existing();
    await tenant.data("auth0_update_application", { client_id: id, ...everything });
    expect(stored(id)).toMatchObject(everything);
  });

  test("keeps the members of a nested object that were not given", async () => {
    const id = existing({
      jwt_configuration: { alg: "RS256", lifetime_in_seconds: 60, scopes: { email: true } },
      mobile: {
        android: { app_package_name: "com.shop" },
        ios: { team_id: "T", app_bundle_identifier: "com.shop" },
      },
      refresh_token: { ...rotation, policies: [{ audience: "https://api.example", scope: ["read:x"] }] },
    });
    await tenant.data("auth0_update_application", {
      client_id: id,
      jwt_configuration: { lifetime_in_seconds: 120 },
      mobile: { ios: { team_id: "U" } },
      refresh_token: { rotation_type: "rotating", expiration_type: "expiring", leeway: 5 },
    });
    expect(tenant.requests.map(({ method }) => method)).toEqual(["GET", "PATCH"]);
    expect(stored(id)).toMatchObject({
      jwt_configuration: { alg: "RS256", lifetime_in_seconds: 120, scopes: { email: true } },
      mobile: {
        android: { app_package_name: "com.shop" },
        ios: { team_id: "U", app_bundle_identifier: "com.shop" },
      },
      refresh_token: {
        ...rotation,
        leeway: 5,
        policies: [{ audience: "https://api.example", scope: ["read:x"] }],
      },
    });
  });

  test("does not send back what the API shows and refuses in an update", async () => {
    const id = existing({ jwt_configuration: { alg: "RS256" } });
    await tenant.data("auth0_update_application", {
      client_id: id,
      jwt_configuration: { lifetime_in_seconds: 120 },
    });
    expect(tenant.requests.at(-1)?.body).toEqual({
      jwt_configuration: { alg: "RS256", lifetime_in_seconds: 120 },
    });
  });

  test("old lifetimes do not contradict the new expiry of refresh tokens", async () => {
    const id = existing();
    expect(stored(id)["refresh_token"]).toMatchObject({ infinite_token_lifetime: true });
    const given = { rotation_type: "rotating", expiration_type: "expiring" };
    await tenant.data("auth0_update_application", { client_id: id, refresh_token: given });
    expect(tenant.requests.at(-1)?.body).toEqual({ refresh_token: { ...given, leeway: 0 } });

    const endless = existing({
      refresh_token: { ...given, infinite_token_lifetime: true, infinite_idle_token_lifetime: true },
    });
    const limited = { ...given, token_lifetime: 60 };
    await tenant.data("auth0_update_application", { client_id: endless, refresh_token: limited });
    expect(tenant.requests.at(-1)?.body?.["refresh_token"]).not.toHaveProperty("infinite_token_lifetime");
    expect(tenant.requests.at(-1)?.body?.["refresh_token"]).toMatchObject({
      infinite_idle_token_lifetime: true,
    });
  });

  test("metadata is merged by the API: null removes a key, others stay", async () => {
    const id = existing({ client_metadata: { team: "web", tier: "1" } });
    await tenant.data("auth0_update_application", {
      client_id: id,
      client_metadata: { tier: null, owner: "me" },
    });
    expect(tenant.requests).toHaveLength(1);
    expect(stored(id)["client_metadata"]).toEqual({ team: "web", owner: "me" });
  });

  test("an empty update is refused with the list of settings", async () => {
    const error = await tenant.error("auth0_update_application", { client_id: "x" });
    expect(error["code"]).toBe("invalid_arguments");
    for (const name of Object.keys(everything)) expect(error["message"]).toContain(name);
    expect(tenant.requests).toEqual([]);
  });

  test.each(mistakes)("refuses %p before anything is sent", async (settings, told) => {
    const error = await tenant.error("auth0_update_application", { client_id: "x", ...settings });
    expect(error).toMatchObject({ code: "invalid_arguments", message: expect.stringContaining(told) });
    expect(tenant.requests).toEqual([]);
  });

  test("an unknown application is not found", async () => {
    const error = await tenant.error("auth0_update_application", { client_id: "none", name: "New" });
    expect(error).toMatchObject({ code: "not_found", status: 404 });
    const nested = { client_id: "none", jwt_configuration: { alg: "RS256" } };
    expect(await tenant.error("auth0_update_application", nested)).toMatchObject({ code: "not_found" });
  });

  test("the placeholder of a withheld secret is not written back", async () => {
    const { client_secret } = await tenant.data("auth0_get_application", { client_id: existing() });
    const args = { client_id: "x", client_metadata: { key: client_secret ?? null } };
    expect(await tenant.error("auth0_update_application", args)).toMatchObject({ code: "invalid_arguments" });
  });

  test.each([true, false])("update:clients is enough (token tells its scopes: %p)", async (tellsScopes) => {
    tenant = await startTenant({ scopes: ["update:clients"], tellsScopes });
    const id = existing({ jwt_configuration: { alg: "RS256", lifetime_in_seconds: 60 } });
    await tenant.data("auth0_update_application", { client_id: id, name: "New" });
    expect(stored(id)).toMatchObject({ name: "New", jwt_configuration: { lifetime_in_seconds: 60 } });
  });

  test("without update:clients nothing is sent", async () => {
    tenant = await startTenant({ scopes: ["read:clients", "create:clients"] });
    const error = await tenant.error("auth0_update_application", { client_id: "x", name: "New" });
    expect(error).toMatchObject({
      code: "insufficient_scope",
      message: expect.stringContaining("update:clients"),
    });
    expect(tenant.requests).toEqual([]);
  });

  test("a failed read of the present settings changes nothing", async () => {
    tenant = await startTenant({
      intercept: ({ method }) => (method === "GET" ? new Response("{}", { status: 500 }) : undefined),
    });
    const args = { client_id: existing(), jwt_configuration: { alg: "RS512" } };
    expect(await tenant.error("auth0_update_application", args)).toMatchObject({ code: "tenant_error" });
    expect(tenant.requests.map(({ method }) => method)).not.toContain("PATCH");
  });

  test("a dry run sends nothing that changes, and shows old and new values", async () => {
    const id = existing({ description: "Old", jwt_configuration: { alg: "RS256", lifetime_in_seconds: 60 } });
    const before = stored(id);
    const data = await tenant.data("auth0_update_application", {
      client_id: id,
      name: "Shop",
      description: "New",
      jwt_configuration: { lifetime_in_seconds: 120 },
      dry_run: true,
    });
    expect(data["requests"]).toEqual([
      expect.objectContaining({
        method: "PATCH",
        path: `/api/v2/clients/${id}`,
        changes: {
          description: { from: "Old", to: "New" },
          jwt_configuration: {
            from: { secret_encoded: false, alg: "RS256", lifetime_in_seconds: 60 },
            to: { secret_encoded: false, alg: "RS256", lifetime_in_seconds: 120 },
          },
        },
      }),
    ]);
    expect(tenant.requests.map(({ method }) => method)).toEqual(["GET"]);
    expect(stored(id)).toEqual(before);
  });

  test("a dry run without the scope to read shows new values only", async () => {
    tenant = await startTenant({ scopes: ["update:clients"] });
    const args = { client_id: existing(), jwt_configuration: { alg: "RS256" }, dry_run: true };
    const data = await tenant.data("auth0_update_application", args);
    expect(data["requests"]).toEqual([
      expect.objectContaining({ changes: { jwt_configuration: { to: { alg: "RS256" } } } }),
    ]);
  });
});
