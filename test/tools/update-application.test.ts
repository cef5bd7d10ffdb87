import { beforeEach, describe, expect, test } from "bun:test";
import { asObjects, asString, asStrings, type JsonObject } from "../../src/lib/json.ts";
import { addClient } from "../../src/sandbox/resources/clients.ts";
import { type StartedTenant, startTenant, type TenantOptions } from "../support/tenant.ts";

const TOOL = "auth0_update_application";

let tenant: StartedTenant;
beforeEach(async () => {
  tenant = await startTenant();
});

/** An application that is there already. */
function existing(settings: JsonObject): string {
  return asString(addClient({ name: "Shop", ...settings }, tenant.sandbox.state)["client_id"]) ?? "";
}

function stored(id: string): JsonObject {
  return tenant.sandbox.state.clients.get(id) ?? {};
}

function methods(): string[] {
  return tenant.requests.map(({ method }) => method);
}

const android = { app_package_name: "com.shop", sha256_cert_fingerprints: ["AB:CD"] };
const ios = { team_id: "T", app_bundle_identifier: "com.shop" };
const rotation: JsonObject = {
  rotation_type: "rotating",
  expiration_type: "expiring",
  leeway: 30,
  token_lifetime: 7200,
  idle_token_lifetime: 3600,
};

/** Tokens that may change an application and see no settings of it: not at all, in a summary, its keys alone. */
const BLIND: readonly (readonly [string, TenantOptions])[] = [
  ["update:clients alone", { scopes: ["update:clients"] }],
  ["update:clients alone, untold", { scopes: ["update:clients"], tellsScopes: false }],
  ["read:client_summary", { scopes: ["update:clients", "read:client_summary"] }],
  ["read:client_credentials", { scopes: ["update:clients", "read:client_credentials"] }],
];

describe.each(BLIND)("with %s", (_, options) => {
  beforeEach(async () => {
    tenant = await startTenant(options);
  });

  test.each<[string, JsonObject]>([
    ["in part", { mobile: { android: { app_package_name: "com.new" } } }],
    ["as whole as the tool takes it", { mobile: { android, ios } }],
  ])("an object that is given %s is refused before anything changes", async (_, settings) => {
    const id = existing({ mobile: { android, ios, unknown: true }, jwt_configuration: { alg: "RS256" } });
    const before = stored(id);
    const { code, message, hint } = await tenant.error(TOOL, { client_id: id, ...settings });
    expect(code).toBe("insufficient_scope");
    expect(message).toMatch(/^mobile: .*read:clients/);
    expect(hint).toContain("read:clients");
    expect(hint).not.toContain("whole");
    expect(methods()).not.toContain("PATCH");
    expect(stored(id)).toEqual(before);
  });

  test("every such object is named", async () => {
    const id = existing({});
    const oidc_logout = { backchannel_logout_urls: [] };
    const error = await tenant.error(TOOL, { client_id: id, mobile: { android, ios }, oidc_logout });
    expect(asString(error["message"])).toStartWith("mobile, oidc_logout: ");
    expect(methods()).not.toContain("PATCH");
  });

  test("what is no object needs no reading, metadata neither", async () => {
    const id = existing({ client_metadata: { team: "web" } });
    const args = { client_id: id, description: "New", client_metadata: { tier: "1" } };
    const { notices } = await tenant.data(TOOL, args);
    expect(asStrings(notices).join()).not.toContain("read:clients");
    expect(methods()).toEqual(["PATCH"]);
    expect(stored(id)["client_metadata"]).toEqual({ team: "web", tier: "1" });
  });

  test("a dry run shows new values only, and that the call would be refused", async () => {
    const id = existing({ mobile: { android, ios } });
    const mobile = { android: { app_package_name: "com.new" } };
    const data = await tenant.data(TOOL, { client_id: id, mobile, dry_run: true });
    expect(asObjects(data["requests"])[0]?.["changes"]).toEqual({ mobile: { to: mobile } });
    const notices = asStrings(data["notices"]).join("\n");
    expect(notices).toMatch(/Without a dry run this is refused\. mobile: .*read:clients/);
    expect(notices).toContain("The old values are not shown");
    expect(methods()).not.toContain("PATCH");
  });
});

test.each<[string, () => Response]>([
  ["nothing", () => new Response(null, { status: 204 })],
  ["a list", () => Response.json([])],
  ["an object without settings", () => Response.json({})],
])("a present application that is %s is never completed from", async (_, answer) => {
  tenant = await startTenant({ intercept: ({ method }) => (method === "GET" ? answer() : undefined) });
  const id = existing({ mobile: { android, ios } });
  const outcome = await tenant.call(TOOL, { client_id: id, mobile: { ios } });
  expect(outcome.ok).toBe(false);
  expect(methods()).toEqual(["GET"]);
  expect(stored(id)["mobile"]).toEqual({ android, ios });
});

describe("with read:clients", () => {
  test("a part of an object keeps its siblings, at every level", async () => {
    tenant = await startTenant({ scopes: ["update:clients", "read:clients"] });
    const id = existing({ mobile: { android, ios } });
    const mobile = { android: { app_package_name: "com.new" } };
    await tenant.data(TOOL, { client_id: id, mobile });
    expect(stored(id)["mobile"]).toEqual({ android: { ...android, ...mobile.android }, ios });
  });

  test("an object that is not set yet is set as given, without a word", async () => {
    const id = existing({});
    const data = await tenant.data(TOOL, { client_id: id, mobile: { ios } });
    expect(stored(id)["mobile"]).toEqual({ ios });
    expect(asStrings(data["notices"]).join()).not.toContain("read:clients");
  });

  test("members that the tool does not know stay in an object that is given whole", async () => {
    const policies = [{ audience: "https://api.example", scope: ["read:x"] }];
    const id = existing({ refresh_token: { ...rotation, policies } });
    const whole = { ...rotation, infinite_token_lifetime: false, infinite_idle_token_lifetime: false };
    await tenant.data(TOOL, { client_id: id, refresh_token: whole });
    expect(stored(id)["refresh_token"]).toEqual({ ...whole, policies });
  });
});

describe("nothing inside an object is required", () => {
  test("a single setting of refresh tokens changes that one", async () => {
    const id = existing({ refresh_token: rotation });
    await tenant.data(TOOL, { client_id: id, refresh_token: { leeway: 10 } });
    expect(stored(id)["refresh_token"]).toMatchObject({ ...rotation, leeway: 10 });
    expect(tenant.requests.at(-1)?.body?.["refresh_token"]).toMatchObject({
      ...rotation,
      leeway: 10,
    });
  });

  test("a kind of expiry alone leaves the lifetimes of the other kind out", async () => {
    const id = existing({ refresh_token: rotation });
    await tenant.data(TOOL, { client_id: id, refresh_token: { expiration_type: "non-expiring" } });
    expect(tenant.requests.at(-1)?.body?.["refresh_token"]).toEqual({
      rotation_type: "rotating",
      expiration_type: "non-expiring",
      leeway: 30,
    });
  });

  test("but is in a creation, where the API requires it", async () => {
    const args = { name: "New", refresh_token: { leeway: 10 } };
    const { message } = await tenant.error("auth0_create_application", args);
    expect(message).toContain("refresh_token.rotation_type: is required");
    expect(message).toContain("refresh_token.expiration_type: is required");
  });
});

describe("a dry run tells what the application would have afterwards", () => {
  async function changesOf(id: string, settings: JsonObject) {
    const { requests } = await tenant.data(TOOL, { client_id: id, ...settings, dry_run: true });
    return asObjects(requests)[0];
  }

  test("metadata as the API merges it", async () => {
    const id = existing({ client_metadata: { team: "web", tier: "1", old: "x" } });
    const client_metadata = { owner: "me", tier: null, old: "" };
    expect(await changesOf(id, { client_metadata })).toMatchObject({
      body: { client_metadata },
      changes: {
        client_metadata: { from: { team: "web", tier: "1", old: "x" }, to: { team: "web", owner: "me" } },
      },
    });
    const request = await changesOf(id, { client_metadata: { team: "web", gone: null } });
    expect(request?.["changes"]).toEqual({});
  });

  test("what the API keeps and does not take", async () => {
    const id = existing({ jwt_configuration: { alg: "RS256", lifetime_in_seconds: 60 } });
    const request = await changesOf(id, { jwt_configuration: { lifetime_in_seconds: 120 } });
    expect(request).toMatchObject({
      body: { jwt_configuration: { alg: "RS256", lifetime_in_seconds: 120 } },
      changes: {
        jwt_configuration: { to: { alg: "RS256", lifetime_in_seconds: 120, secret_encoded: false } },
      },
    });
  });

  test("the same as the update itself then shows", async () => {
    const id = existing({ client_metadata: { team: "web" }, jwt_configuration: { alg: "RS256" } });
    const settings = {
      client_metadata: { team: "", tier: "1" },
      jwt_configuration: { alg: "RS512" },
      mobile: { ios },
    };
    const { changes } = (await changesOf(id, settings)) ?? {};
    await tenant.data(TOOL, { client_id: id, ...settings });
    for (const [name, change] of Object.entries(Object(changes))) {
      expect({ name, to: stored(id)[name] }).toEqual({ name, to: Object(change)["to"] });
    }
  });
});

describe("what changes nothing", () => {
  test.each<JsonObject>([{ jwt_configuration: {} }, { client_metadata: {}, mobile: {} }])(
    "%j is refused before anything is sent",
    async (settings) => {
      const id = existing({ jwt_configuration: { alg: "RS256" } });
      const { code, message } = await tenant.error(TOOL, { client_id: id, ...settings });
      expect({ code, message }).toMatchObject({
        code: "invalid_arguments",
        message: expect.stringContaining("Nothing to change"),
      });
      expect(methods()).toEqual([]);
    },
  );

  test("is left out beside what changes something", async () => {
    const id = existing({ jwt_configuration: { alg: "RS256" } });
    await tenant.data(TOOL, { client_id: id, jwt_configuration: {}, description: "New" });
    expect(tenant.requests.map(({ body }) => body)).toEqual([{ description: "New" }]);
  });
});

test("two calls at once on one object leave what both of them changed", async () => {
  const id = existing({});
  await Promise.all([
    tenant.data(TOOL, { client_id: id, mobile: { ios } }),
    tenant.data(TOOL, { client_id: id, mobile: { android } }),
  ]);
  expect(stored(id)["mobile"]).toEqual({ ios, android });
});
