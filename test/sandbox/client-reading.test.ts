import { describe, expect, test } from "bun:test";
import { asString } from "../../src/lib/json.ts";
import { clientsTenant } from "./clients-harness.ts";
import { startTenant } from "./tenant-harness.ts";

const clients = clientsTenant();
const { create, patch, pathOf, read } = clients;

describe("what a caller sees", () => {
  const secretFields = ["client_secret", "signing_keys"];

  test("depends on its scopes", async () => {
    const client = await create({ description: "d", app_type: "regular_web" });
    expect(await read(client, ["read:client_summary"])).toEqual({
      client_id: client["client_id"] ?? null,
      name: "Test",
      description: "d",
      app_type: "regular_web",
    });
    const settings = await read(client, ["read:clients"]);
    expect(settings).toHaveProperty("grant_types");
    for (const name of secretFields) expect(settings).not.toHaveProperty(name);
    const everything = await read(client, ["read:client_keys"]);
    for (const name of ["grant_types", ...secretFields]) expect(everything).toHaveProperty(name);
    const credentials = await read(client, ["read:client_credentials"]);
    expect(credentials).not.toHaveProperty("grant_types");
    for (const name of secretFields) expect(credentials).toHaveProperty(name);
  });

  test("holds for lists and updates, too", async () => {
    const client = await create({});
    const { list } = await clients.harness().call("GET", "/clients", undefined, ["read:clients"]);
    expect(list.length).toBeGreaterThan(0);
    for (const item of list) expect(item).not.toHaveProperty("client_secret");
    const { object } = await patch(client, { description: "x" }, ["update:clients"]);
    expect(object).toHaveProperty("grant_types");
    expect(object).not.toHaveProperty("client_secret");
  });

  test("can be narrowed with fields", async () => {
    const client = await create({});
    const get = async (query: string) =>
      (await clients.harness().call("GET", `${pathOf(client)}?${query}`)).object;
    expect(await get("fields=name,client_id")).toEqual({
      tenant: "127.0.0.1",
      name: "Test",
      client_id: client["client_id"] ?? null,
    });
    const rest = await get("fields=name&include_fields=false");
    expect(rest).not.toHaveProperty("name");
    expect(await get("fields=tenant&include_fields=false")).not.toHaveProperty("tenant");
    expect(rest).toHaveProperty("client_id");
  });
});

describe("lists", () => {
  test("filter by type, party and the global client", async () => {
    const { call } = await startTenant({ seed: "demo" });
    const names = async (query: string) =>
      (await call("GET", `/clients?${query}`)).list.map((client) => asString(client["name"]));
    expect(await names("is_global=true")).toEqual(["All Applications"]);
    expect(await names("is_global=false")).not.toContain("All Applications");
    expect(await names("app_type=spa,native")).toEqual(["Checkout SPA", "Shop Mobile", "Store Display"]);
    expect(await names("is_first_party=false")).toEqual(["Partner Storefront"]);
    expect(await names("app_type=spa&is_first_party=false")).toEqual([]);
    expect(await names("q=client_grant.allow_any_organization:true")).toEqual([]);
    expect((await call("GET", "/clients?q=name:Portal")).status).toBe(400);
  });

  test("come in three shapes", async () => {
    const { call } = await startTenant({ seed: "demo" });
    const totals = await call("GET", "/clients?include_totals=true&per_page=4&page=2&fields=name");
    expect(totals.object).toMatchObject({ start: 8, limit: 4, total: 10 });
    expect(totals.object["clients"]).toEqual([
      { tenant: "127.0.0.1", name: "Nightly Billing Job" },
      { tenant: "127.0.0.1", name: "Inventory Sync" },
    ]);
    expect((await call("GET", "/clients?page=0&per_page=4")).list).toHaveLength(4);
    const seen = new Set<string>();
    let path = "/clients?take=3&fields=name";
    for (let pages = 1; pages <= 4; pages += 1) {
      const { object } = await call("GET", path);
      for (const client of Array.isArray(object["clients"]) ? object["clients"] : [])
        seen.add(JSON.stringify(client));
      expect("next" in object).toBe(pages < 4);
      path = `/clients?take=3&fields=name&from=${object["next"]}`;
    }
    expect(seen.size).toBe(10);
  });

  test.each([
    "per_page=101",
    "per_page=-1",
    "page=-1",
    "take=0",
    "take=101",
    "include_totals=1",
    "from=nonsense",
  ])("refused: %s", async (query) => {
    const { status, object } = await clients.harness().call("GET", `/clients?${query}`);
    expect([status, object["errorCode"]]).toEqual([400, "invalid_query_string"]);
  });
});

describe("secrets and deletion", () => {
  test("rotation answers the new secret and ends the old one", async () => {
    const client = await create({});
    const { status, object } = await clients.harness().call("POST", `${pathOf(client)}/rotate-secret`);
    expect(status).toBe(200);
    expect(object["client_secret"]).toMatch(/^[\w-]{64}$/);
    expect(object["client_secret"]).not.toBe(client["client_secret"] ?? null);
    expect(await read(client)).toEqual(object);
    const denied = await clients
      .harness()
      .call("POST", `${pathOf(client)}/rotate-secret`, undefined, ["update:clients"]);
    expect(denied.status).toBe(403);
  });

  test("a client goes with its grants, twice is once, the global one stays", async () => {
    const { call, tenant } = clients.harness();
    const client = await create({});
    await call("POST", "/client-grants", {
      client_id: client["client_id"] ?? null,
      audience: `${tenant.url}/api/v2/`,
      scope: ["read:logs"],
    });
    expect((await call("DELETE", pathOf(client))).status).toBe(204);
    expect((await call("DELETE", pathOf(client))).status).toBe(204);
    expect((await call("GET", pathOf(client))).status).toBe(404);
    expect((await call("GET", `/client-grants?client_id=${client["client_id"]}`)).list).toEqual([]);
    const [global] = (await call("GET", "/clients?is_global=true")).list;
    expect((await call("DELETE", pathOf(global ?? {}))).status).toBe(400);
  });
});
