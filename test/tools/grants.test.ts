import { beforeEach, describe, expect, test } from "bun:test";
import { asObjects, asString, type JsonObject } from "../../src/lib/json.ts";
import { addClientGrant } from "../../src/sandbox/resources/client-grants.ts";
import { addClient } from "../../src/sandbox/resources/clients.ts";
import { addResourceServer } from "../../src/sandbox/resources/resource-servers.ts";
import { type StartedTenant, startTenant, type TenantOptions } from "../support/tenant.ts";
import { walk } from "./walk.ts";

const ORDERS = "https://orders.example/";
const STOCK = "https://stock.example/";

let tenant: StartedTenant;
let client: string;

/** A tenant with one application, two APIs, and the sandbox's own grant for its Management API. */
async function start(options?: TenantOptions): Promise<void> {
  tenant = await startTenant(options);
  const { state } = tenant.sandbox;
  client = asString(addClient({ name: "Worker", app_type: "non_interactive" }, state)["client_id"]) ?? "";
  const scopes = [{ value: "read:orders" }, { value: "write:orders" }];
  addResourceServer({ identifier: ORDERS, scopes }, state);
  addResourceServer({ identifier: STOCK, scopes }, state);
}

function existing(settings: JsonObject = {}): string {
  const body = { client_id: client, audience: ORDERS, scope: ["read:orders"], ...settings };
  return asString(addClientGrant(body, tenant.sandbox.state)["id"]) ?? "";
}

beforeEach(() => start());

describe("auth0_list_application_grants", () => {
  test("shows which application may ask for what", async () => {
    const id = existing();
    const { application_grants, total, next } = await tenant.data("auth0_list_application_grants", {
      fields: ["client_id", "audience", "scope", "subject_type"],
    });
    expect({ total, next }).toEqual({ total: 2, next: null });
    const grant = { id, client_id: client, audience: ORDERS, scope: ["read:orders"], subject_type: "client" };
    expect(application_grants).toContainEqual(grant);
    const summary = await tenant.data("auth0_list_application_grants", { client_id: client });
    expect(summary["application_grants"]).toEqual([grant]);
  });

  test("filters by application and by API", async () => {
    const first = existing();
    const second = existing({ audience: STOCK });
    const other = asString(addClient({ name: "Other" }, tenant.sandbox.state)["client_id"]) ?? "";
    const third = existing({ client_id: other });
    const ids = async (args: JsonObject) => {
      const data = await tenant.data("auth0_list_application_grants", { ...args, fields: ["id"] });
      return asObjects(data["application_grants"]).map((grant) => grant["id"]);
    };
    expect(await ids({ client_id: client })).toEqual([first, second]);
    expect(await ids({ audience: ORDERS })).toEqual([first, third]);
    expect(await ids({ client_id: other, audience: STOCK })).toEqual([]);
  });

  test("a walk gives every grant exactly once, also where long scope lists do not fit into one answer", async () => {
    for (let index = 0; index < 30; index++) {
      const scopes = Array.from({ length: 60 }, (_, part) => ({
        value: `read:a-rather-long-name-${index}-${part}`,
      }));
      const audience = `https://api.example/${index}`;
      addResourceServer({ identifier: audience, scopes }, tenant.sandbox.state);
      existing({ audience, scope: scopes.map(({ value }) => value) });
    }
    const { items, answers } = await walk(tenant, "auth0_list_application_grants", "application_grants", {
      client_id: client,
    });
    expect(answers.length).toBeGreaterThan(1);
    expect(items).toHaveLength(30);
    expect(new Set(items.map((grant) => grant["id"])).size).toBe(30);
  });

  test.each([
    [{ client_id: "" }, "client_id: "],
    [{ audience: "" }, "audience: "],
    [{ per_page: 101 }, "per_page: "],
    [{ api: ORDERS }, "unknown argument: api"],
  ])("refuses %p before anything is sent", async (args, told) => {
    const error = await tenant.error("auth0_list_application_grants", args);
    expect(error).toMatchObject({ code: "invalid_arguments", message: expect.stringContaining(told) });
    expect(tenant.requests).toEqual([]);
  });
});

describe("auth0_create_application_grant", () => {
  const grant = () => ({ client_id: client, audience: ORDERS, scope: ["read:orders"] });

  test("sends what was given as it was given, and answers with the grant", async () => {
    const body = { ...grant(), subject_type: "user" };
    const data = await tenant.data("auth0_create_application_grant", body);
    expect(tenant.requests).toEqual([{ method: "POST", path: "/client-grants", query: {}, body }]);
    expect(data).toMatchObject({ id: expect.stringMatching(/^cgr_/), ...body });
  });

  test("the application gets a token afterwards", async () => {
    const secret = asString(tenant.sandbox.state.clients.get(client)?.["client_secret"]) ?? "";
    const ask = async () => {
      const body = {
        grant_type: "client_credentials",
        client_id: client,
        client_secret: secret,
        audience: ORDERS,
      };
      const headers = { "content-type": "application/json" };
      const request = { method: "POST", headers, body: JSON.stringify(body) };
      return (await tenant.sandbox.handle(new Request(`${tenant.sandbox.url}/oauth/token`, request))).status;
    };
    expect(await ask()).toBe(403);
    await tenant.data("auth0_create_application_grant", grant());
    expect(await ask()).toBe(200);
  });

  describe("when there is a grant already", () => {
    test("the error names it, its scopes, and where to look", async () => {
      const id = existing({ scope: ["read:orders", "write:orders"] });
      existing({ subject_type: "user" });
      existing({ audience: STOCK });
      const error = await tenant.error("auth0_create_application_grant", grant());
      expect(error).toMatchObject({ code: "conflict", status: 409 });
      expect(error["message"]).toContain(`A client grant already exists between ${client} and ${ORDERS}`);
      expect(error["message"]).toContain(
        `The existing grant is ${id}, with the scopes read:orders, write:orders.`,
      );
      expect(error["hint"]).toContain("auth0_list_application_grants");
    });

    test("the one for the same kind of subject is meant, and it may be without scopes", async () => {
      existing();
      const id = existing({ subject_type: "user", scope: [] });
      const error = await tenant.error("auth0_create_application_grant", {
        ...grant(),
        subject_type: "user",
      });
      expect(error["message"]).toContain(`The existing grant is ${id}, without scopes.`);
    });

    test.each([true, false])(
      "create:client_grants alone: still the conflict (token tells: %p)",
      async (tellsScopes) => {
        await start({ scopes: ["create:client_grants"], tellsScopes });
        existing();
        const error = await tenant.error("auth0_create_application_grant", grant());
        expect(error["message"]).not.toContain("existing grant is");
        expect(error).toMatchObject({
          code: "conflict",
          status: 409,
          message: expect.stringContaining("already exists"),
          hint: expect.stringContaining("read:client_grants"),
        });
      },
    );

    test.each([500, 200])("a search that fails (%p) leaves the conflict as it is", async (status) => {
      await start({
        intercept: ({ method }) => (method === "GET" ? new Response("<html>", { status }) : undefined),
      });
      existing();
      const error = await tenant.error("auth0_create_application_grant", grant());
      expect(error).toMatchObject({
        code: "conflict",
        status: 409,
        message: expect.stringContaining("already exists"),
      });
    });
  });

  test("other refusals come back in the API's words, and nothing is looked up for them", async () => {
    const wrong: readonly (readonly [JsonObject, string, string])[] = [
      [{ client_id: "none" }, "not_found", "The client does not exist"],
      [{ audience: "https://none.example/" }, "not_found", "No resource with identifier"],
      [{ scope: ["fly:orders"] }, "invalid_request", "fly:orders"],
    ];
    for (const [change, code, told] of wrong) {
      const error = await tenant.error("auth0_create_application_grant", { ...grant(), ...change });
      expect(error).toMatchObject({ code, message: expect.stringContaining(told) });
    }
    expect(tenant.requests.map(({ method }) => method)).toEqual(["POST", "POST", "POST"]);
  });

  test.each([
    [{ scope: "read:orders" }, "scope: "],
    [{ scope: [""] }, "scope[0]: "],
    [{ scope: ["x".repeat(281)] }, "scope[0]: "],
    [{ client_id: "" }, "client_id: "],
    [{ audience: "" }, "audience: "],
    [{ subject_type: "machine" }, "subject_type: "],
    [{ scopes: [] }, "unknown argument: scopes"],
  ])("refuses %p before anything is sent", async (change, told) => {
    const error = await tenant.error("auth0_create_application_grant", { ...grant(), ...change });
    expect(error).toMatchObject({ code: "invalid_arguments", message: expect.stringContaining(told) });
    expect(tenant.requests).toEqual([]);
  });

  test("application, API and scopes are required", async () => {
    const { message } = await tenant.error("auth0_create_application_grant", {});
    for (const name of ["client_id: ", "audience: ", "scope: "]) expect(message).toContain(name);
  });

  test("needs create:client_grants", async () => {
    await start({ scopes: ["read:client_grants"] });
    const error = await tenant.error("auth0_create_application_grant", grant());
    expect(error).toMatchObject({
      code: "insufficient_scope",
      message: expect.stringContaining("create:client_grants"),
    });
    expect(tenant.requests).toEqual([]);
  });

  test("a dry run sends nothing and shows the request", async () => {
    const data = await tenant.data("auth0_create_application_grant", { ...grant(), dry_run: true });
    expect(data["requests"]).toEqual([{ method: "POST", path: "/api/v2/client-grants", body: grant() }]);
    expect(tenant.requests).toEqual([]);
    expect(tenant.sandbox.state.clientGrants.size).toBe(1);
  });
});
