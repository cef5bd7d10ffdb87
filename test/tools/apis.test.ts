import { beforeEach, describe, expect, test } from "bun:test";
import { asObjects, asString, type JsonObject } from "../../src/lib/json.ts";
import { addResourceServer } from "../../src/sandbox/resources/resource-servers.ts";
import { type StartedTenant, startTenant } from "../support/tenant.ts";
import { walk } from "./walk.ts";

let tenant: StartedTenant;
beforeEach(async () => {
  tenant = await startTenant();
});

const ORDERS = "https://orders.example/v1/";
const CANARY = "canary-of-the-signing-secret";

/** An API that is there already; answers its id. */
function existing(settings: JsonObject = {}): string {
  const api = addResourceServer(
    { identifier: ORDERS, name: "Orders", signing_secret: CANARY, ...settings },
    tenant.sandbox.state,
  );
  return asString(api["id"]) ?? "";
}

function stored(id: string): JsonObject {
  return tenant.sandbox.state.resourceServers.get(id) ?? {};
}

const scopes = [
  { value: "read:orders", description: "Read orders" },
  { value: "write:orders", description: "Write orders" },
  { value: "delete:orders" },
];

describe("auth0_list_resource_servers", () => {
  test("shows a short summary and marks the system's own API", async () => {
    const id = existing({ scopes });
    const data = await tenant.data("auth0_list_resource_servers");
    const apis = asObjects(data["resource_servers"]);
    expect(apis.find((api) => api["is_system"] === true)?.["name"]).toBe("Auth0 Management API");
    expect(apis.find((api) => api["id"] === id)).toEqual({
      id,
      name: "Orders",
      identifier: ORDERS,
      signing_alg: "RS256",
      token_lifetime: 86_400,
    });
    expect(data).toMatchObject({ total: 2, next: null });
    expect(JSON.stringify(data)).not.toContain(CANARY);
  });

  test("fields replace the summary beside the id; a secret stays withheld", async () => {
    const id = existing();
    const data = await tenant.data("auth0_list_resource_servers", { fields: ["signing_secret"] });
    expect(asObjects(data["resource_servers"]).map((api) => Object.keys(api))).toContainEqual([
      "id",
      "signing_secret",
    ]);
    expect(asObjects(data["resource_servers"]).map((api) => api["id"])).toContain(id);
    expect(JSON.stringify(data)).not.toContain(CANARY);
  });

  test("a walk gives every API exactly once", async () => {
    for (let index = 0; index < 24; index++) existing({ identifier: `https://api.example/${index}` });
    const { items, answers } = await walk(tenant, "auth0_list_resource_servers", "resource_servers", {
      per_page: 10,
    });
    expect(answers).toHaveLength(3);
    expect(items).toHaveLength(25);
    expect(new Set(items.map((api) => api["id"])).size).toBe(25);
  });

  test.each([
    [{ per_page: 0 }, "per_page"],
    [{ page: 1.5 }, "page"],
    [{ identifiers: [] }, "unknown argument: identifiers"],
  ])("refuses %p before anything is sent", async (args, told) => {
    const error = await tenant.error("auth0_list_resource_servers", args);
    expect(error).toMatchObject({ code: "invalid_arguments", message: expect.stringContaining(told) });
    expect(tenant.requests).toEqual([]);
  });
});

describe("auth0_get_resource_server", () => {
  test("finds an API by its id and by its identifier, which is one encoded segment", async () => {
    const id = existing({ scopes });
    for (const name of [id, ORDERS]) {
      const data = await tenant.data("auth0_get_resource_server", { id: name });
      expect(data).toMatchObject({ id, identifier: ORDERS, scopes });
      expect(JSON.stringify(data)).not.toContain(CANARY);
    }
    expect(tenant.requests[1]?.path).toBe(`/resource-servers/${encodeURIComponent(ORDERS)}`);
  });

  test("reads on in a long list of scopes", async () => {
    const id = existing({ scopes });
    expect(await tenant.data("auth0_get_resource_server", { id, fields: ["scopes"], offset: 2 })).toEqual({
      scopes: [{ value: "delete:orders" }],
    });
  });

  test("an unknown API is not found, an empty id is refused", async () => {
    const error = await tenant.error("auth0_get_resource_server", { id: "https://none.example" });
    expect(error).toMatchObject({ code: "not_found", status: 404 });
    expect(await tenant.error("auth0_get_resource_server", { id: "" })).toMatchObject({
      code: "invalid_arguments",
    });
  });
});

/** One of every setting but the identifier, as a caller may give it. */
const everything: JsonObject = {
  name: "Orders",
  scopes,
  signing_alg: "RS512",
  token_lifetime: 3600,
  token_lifetime_for_web: 1800,
  token_dialect: "rfc9068_profile_authz",
  allow_offline_access: true,
  skip_consent_for_verifiable_first_party_clients: true,
  enforce_policies: true,
  subject_type_authorization: { user: { policy: "deny_all" }, client: { policy: "require_client_grant" } },
};

const mistakes: readonly (readonly [JsonObject, string])[] = [
  [{ name: "a>b" }, "name: "],
  [{ name: "x".repeat(201) }, "name: "],
  [{ scopes: ["read:orders"] }, "scopes[0]: "],
  [{ scopes: [{ description: "no value" }] }, "scopes[0].value: "],
  [{ scopes: [{ value: "" }] }, "scopes[0].value: "],
  [{ scopes: [{ value: "x".repeat(281) }] }, "scopes[0].value: "],
  [{ scopes: [{ value: "x", description: "x".repeat(501) }] }, "scopes[0].description: "],
  [{ scopes: [{ value: "a" }, { value: "b", name: "b" }] }, "unknown argument in scopes[1]: name"],
  [{ signing_alg: "ES256" }, "signing_alg: "],
  [{ token_lifetime: 2_592_001 }, "token_lifetime: "],
  [{ token_lifetime: -1 }, "token_lifetime: "],
  [{ token_lifetime: "3600" }, "token_lifetime: "],
  [{ token_lifetime_for_web: 2_592_001 }, "token_lifetime_for_web: "],
  [{ token_lifetime: 60, token_lifetime_for_web: 61 }, "token_lifetime_for_web: "],
  [{ token_dialect: "jwt" }, "token_dialect: "],
  [{ allow_offline_access: 1 }, "allow_offline_access: "],
  [{ subject_type_authorization: { user: { policy: "allow" } } }, "subject_type_authorization.user.policy: "],
  [
    { subject_type_authorization: { client: { policy: "allow_all" } } },
    "subject_type_authorization.client.policy: ",
  ],
  [
    { subject_type_authorization: { machine: {} } },
    "unknown argument in subject_type_authorization: machine",
  ],
  [{ signing_secret: "0123456789abcdef" }, "unknown argument: signing_secret"],
];

describe("auth0_create_resource_server", () => {
  test("sends what was given as it was given, and no secret comes back", async () => {
    const data = await tenant.data("auth0_create_resource_server", { identifier: ORDERS, ...everything });
    const body = { identifier: ORDERS, ...everything };
    expect(tenant.requests).toEqual([{ method: "POST", path: "/resource-servers", query: {}, body }]);
    expect(data).toMatchObject({ identifier: ORDERS, name: "Orders", signing_alg: "RS512" });
    const secret = asString(stored(asString(data["id"]) ?? "")["signing_secret"]) ?? "";
    expect(secret).not.toBe("");
    expect(JSON.stringify(data)).not.toContain(secret);
  });

  test("signs with RS256 when nothing was given, and says so", async () => {
    const { notices } = await tenant.data("auth0_create_resource_server", { identifier: ORDERS });
    expect(tenant.requests[0]?.body).toEqual({ identifier: ORDERS, signing_alg: "RS256" });
    expect(notices).toContainEqual(expect.stringContaining("signing_alg: RS256"));
  });

  test("keeps the algorithm the caller chose, without a word", async () => {
    const args = { identifier: ORDERS, signing_alg: "HS256" };
    const { notices } = await tenant.data("auth0_create_resource_server", args);
    expect(tenant.requests[0]?.body).toEqual(args);
    expect(JSON.stringify(notices)).not.toContain("RS256");
  });

  test("an identifier that is taken is a conflict in the API's words", async () => {
    existing();
    const error = await tenant.error("auth0_create_resource_server", { identifier: ORDERS });
    expect(error).toMatchObject({
      code: "conflict",
      status: 409,
      message: expect.stringContaining("already exists"),
    });
  });

  test.each([
    ...mistakes,
    [{ identifier: "" }, "identifier: "],
    [{ identifier: "x".repeat(601) }, "identifier: "],
  ] as const)("refuses %p before anything is sent", async (settings, told) => {
    const error = await tenant.error("auth0_create_resource_server", { identifier: ORDERS, ...settings });
    expect(error).toMatchObject({ code: "invalid_arguments", message: expect.stringContaining(told) });
    expect(tenant.requests).toEqual([]);
  });

  test("needs create:resource_servers", async () => {
    tenant = await startTenant({ scopes: ["read:resource_servers", "update:resource_servers"] });
    const error = await tenant.error("auth0_create_resource_server", { identifier: ORDERS });
    expect(error).toMatchObject({
      code: "insufficient_scope",
      message: expect.stringContaining("create:resource_servers"),
    });
    expect(tenant.requests).toEqual([]);
  });

  test("a dry run sends nothing and shows the request with the default", async () => {
    const data = await tenant.data("auth0_create_resource_server", { identifier: ORDERS, dry_run: true });
    expect(data["requests"]).toEqual([
      {
        method: "POST",
        path: "/api/v2/resource-servers",
        body: { identifier: ORDERS, signing_alg: "RS256" },
      },
    ]);
    expect(tenant.requests).toEqual([]);
    expect(tenant.sandbox.state.resourceServers.size).toBe(1);
  });
});

describe("auth0_update_resource_server", () => {
  test("reads, then changes what was given and nothing else; by id or identifier", async () => {
    const id = existing({ scopes });
    for (const [name, token_lifetime] of [
      [id, 60],
      [ORDERS, 120],
    ] as const) {
      const data = await tenant.data("auth0_update_resource_server", { id: name, token_lifetime });
      expect(data).toMatchObject({ id, token_lifetime, scopes });
      const path = `/resource-servers/${encodeURIComponent(name)}`;
      expect(tenant.requests.splice(0)).toEqual([
        { method: "GET", path, query: {}, body: undefined },
        { method: "PATCH", path, query: {}, body: { token_lifetime } },
      ]);
      expect(JSON.stringify(data)).not.toContain(CANARY);
    }
  });

  test("takes every setting that creation takes", async () => {
    const id = existing();
    await tenant.data("auth0_update_resource_server", { id, ...everything });
    expect(stored(id)).toMatchObject({ identifier: ORDERS, ...everything });
  });

  test("says which scope values disappear, and only then", async () => {
    const id = existing({ scopes });
    const more = { id, scopes: [...scopes, { value: "list:orders" }] };
    expect(JSON.stringify(await tenant.data("auth0_update_resource_server", more))).not.toContain(
      "disappear",
    );
    const fewer = { id, scopes: [{ value: "read:orders" }] };
    const { notices } = await tenant.data("auth0_update_resource_server", fewer);
    expect(notices).toContainEqual(
      expect.stringContaining("these values disappear: write:orders, delete:orders, list:orders."),
    );
    expect(stored(id)["scopes"]).toEqual([{ value: "read:orders" }]);
    const { notices: last } = await tenant.data("auth0_update_resource_server", { id, scopes: [] });
    expect(JSON.stringify(last)).toContain("disappear: read:orders.");
  });

  test("a long list of disappearing values is counted", async () => {
    const many = Array.from({ length: 200 }, (_, index) => ({ value: `read:thing-number-${index}` }));
    const id = existing({ scopes: many });
    const { notices } = await tenant.data("auth0_update_resource_server", { id, scopes: [] });
    expect(JSON.stringify(notices).length).toBeLessThan(1_000);
    expect(JSON.stringify(notices)).toMatch(/read:thing-number-0, .* and \d+ more\./);
  });

  test("a dry run says the same, shows old and new values and sends nothing that changes", async () => {
    const id = existing({ scopes });
    const before = stored(id);
    const kept = [{ value: "read:orders" }];
    const data = await tenant.data("auth0_update_resource_server", {
      id,
      name: "Orders",
      scopes: kept,
      dry_run: true,
    });
    expect(data["requests"]).toEqual([
      expect.objectContaining({
        method: "PATCH",
        path: `/api/v2/resource-servers/${id}`,
        changes: { scopes: { from: scopes, to: kept } },
      }),
    ]);
    expect(JSON.stringify(data["notices"])).toContain("these values disappear: write:orders, delete:orders.");
    expect(tenant.requests.map(({ method }) => method)).toEqual(["GET"]);
    expect(stored(id)).toEqual(before);
    expect(JSON.stringify(data)).not.toContain(CANARY);
  });

  test("a dry run without the scope to read shows new values only", async () => {
    tenant = await startTenant({ scopes: ["update:resource_servers"] });
    const data = await tenant.data("auth0_update_resource_server", {
      id: existing(),
      name: "New",
      dry_run: true,
    });
    expect(data["requests"]).toEqual([expect.objectContaining({ changes: { name: { to: "New" } } })]);
  });

  test("keeps the policy of the other kind of subject", async () => {
    const policies = { user: { policy: "allow_all" }, client: { policy: "require_client_grant" } };
    const id = existing({ subject_type_authorization: policies });
    const change = { user: { policy: "deny_all" } };
    await tenant.data("auth0_update_resource_server", { id, subject_type_authorization: change });
    expect(stored(id)["subject_type_authorization"]).toEqual({ ...policies, ...change });
  });

  test("the identifier cannot be changed", async () => {
    const error = await tenant.error("auth0_update_resource_server", {
      id: "x",
      identifier: "https://new.example",
    });
    expect(error).toMatchObject({
      code: "invalid_arguments",
      message: expect.stringContaining("identifier"),
    });
    expect(tenant.requests).toEqual([]);
  });

  test("an empty update is refused with the list of settings", async () => {
    const error = await tenant.error("auth0_update_resource_server", { id: "x" });
    expect(error["code"]).toBe("invalid_arguments");
    for (const name of Object.keys(everything)) expect(error["message"]).toContain(name);
    expect(tenant.requests).toEqual([]);
  });

  test.each(mistakes)("refuses %p before anything is sent", async (settings, told) => {
    const error = await tenant.error("auth0_update_resource_server", { id: "x", ...settings });
    expect(error).toMatchObject({ code: "invalid_arguments", message: expect.stringContaining(told) });
    expect(tenant.requests).toEqual([]);
  });

  test("an unknown API is not found, and the system's API keeps its name", async () => {
    const unknown = await tenant.error("auth0_update_resource_server", { id: "none", name: "New" });
    expect(unknown).toMatchObject({ code: "not_found", status: 404 });
    const id = `${tenant.sandbox.url}/api/v2/`;
    const system = await tenant.error("auth0_update_resource_server", { id, name: "New" });
    expect(system).toMatchObject({
      code: "invalid_request",
      message: "Payload validation error: 'Additional properties not allowed: name'.",
    });
  });

  test.each([["read:resource_servers"], ["update:resource_servers"]])(
    "%s alone is not enough",
    async (scope) => {
      tenant = await startTenant({ scopes: [scope] });
      const error = await tenant.error("auth0_update_resource_server", { id: "x", name: "New" });
      expect(error).toMatchObject({ code: "insufficient_scope" });
      expect(tenant.requests).toEqual([]);
    },
  );
});
