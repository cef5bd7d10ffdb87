import { beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { createHmac } from "node:crypto";
import { asString, type JsonObject, parseJson } from "../../src/lib/json.ts";
import { startTenant, type TenantHarness } from "./tenant-harness.ts";

const audience = "https://orders.example.com";
let harness: TenantHarness;
let client: JsonObject;

beforeAll(async () => {
  harness = await startTenant();
  const scopes = [{ value: "read:orders" }, { value: "create:orders" }];
  await harness.call("POST", "/resource-servers", { identifier: audience, scopes, token_lifetime: 600 });
});

beforeEach(async () => {
  client = (await harness.call("POST", "/clients", { name: "Job", app_type: "non_interactive" })).object;
});

const grant = (scope: string[], more: JsonObject = {}) =>
  harness.call("POST", "/client-grants", {
    client_id: client["client_id"] ?? null,
    audience,
    scope,
    ...more,
  });

function form(more: Record<string, string> = {}): Record<string, string> {
  const { client_id, client_secret } = client;
  return {
    grant_type: "client_credentials",
    client_id: String(client_id),
    client_secret: String(client_secret),
    audience,
    ...more,
  };
}

const post = (
  body: JsonObject | string,
  headers: Record<string, string> = { "content-type": "application/json" },
) => {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return harness.send("/oauth/token", { method: "POST", headers, body: text });
};

const error = (reply: { status: number; object: JsonObject }) => [
  reply.status,
  reply.object["error"],
  reply.object["error_description"],
];

describe("client credentials", () => {
  test("a new application gets no token before it has a grant", async () => {
    expect(error(await post(form()))).toEqual([
      403,
      "access_denied",
      `Client is not authorized to access "${audience}". You need to create a "client-grant" associated to this API. ` +
        "See: https://auth0.com/docs/api/v2#!/Client_Grants/post_client_grants",
    ]);
    await grant(["read:orders", "create:orders"]);
    const { status, object } = await post(form());
    expect(status).toBe(200);
    expect(object).toEqual({
      access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      scope: "read:orders create:orders",
      expires_in: 600,
      token_type: "Bearer",
    });
  });

  test("some of the granted scopes can be asked for, others are refused", async () => {
    await grant(["read:orders"]);
    expect((await post(form({ scope: "read:orders" }))).object["scope"]).toBe("read:orders");
    expect(error(await post(form({ scope: "read:orders create:orders" })))).toEqual([
      403,
      "access_denied",
      "Client has not been granted scopes: create:orders",
    ]);
  });

  test("a grant for everything grants what the API has", async () => {
    await grant([], { allow_all_scopes: true });
    expect((await post(form())).object["scope"]).toBe("read:orders create:orders");
  });

  test("a grant without scopes gives a token without", async () => {
    await grant([]);
    const { status, object } = await post(form());
    expect(status).toBe(200);
    expect(object).not.toHaveProperty("scope");
  });

  test("a grant for people is none for machines", async () => {
    await grant(["read:orders"], { subject_type: "user" });
    expect((await post(form())).status).toBe(403);
  });

  test("forms and Basic credentials do as well", async () => {
    await grant(["read:orders"]);
    const urlEncoded = { "content-type": "application/x-www-form-urlencoded" };
    expect((await post(new URLSearchParams(form()).toString(), urlEncoded)).status).toBe(200);
    const { client_id, client_secret, ...rest } = form();
    const basic = Buffer.from(`${client_id}:${client_secret}`).toString("base64");
    const headers = { ...urlEncoded, authorization: `Basic ${basic}` };
    expect((await post(new URLSearchParams(rest).toString(), headers)).status).toBe(200);
    const wrong = {
      ...urlEncoded,
      authorization: `Basic ${Buffer.from(`${client_id}:x`).toString("base64")}`,
    };
    expect((await post(new URLSearchParams(rest).toString(), wrong)).status).toBe(401);
  });

  test("a rotated secret ends at once", async () => {
    await grant(["read:orders"]);
    await harness.call("POST", `/clients/${client["client_id"]}/rotate-secret`);
    expect(error(await post(form()))).toEqual([401, "access_denied", "Unauthorized"]);
  });

  test("an API with HS256 gets tokens under its own secret", async () => {
    const symmetric = "https://symmetric.example.com";
    const secret = "a secret that is long enough";
    const api = { identifier: symmetric, signing_alg: "HS256", signing_secret: secret };
    await harness.call("POST", "/resource-servers", api);
    await grant([], { audience: symmetric });
    const { object } = await post(form({ audience: symmetric }));
    const [head = "", payload = "", signature] = (asString(object["access_token"]) ?? "").split(".");
    expect(parseJson(Buffer.from(head, "base64url").toString())).toMatchObject({ alg: "HS256" });
    const expected = createHmac("sha256", secret).update(`${head}.${payload}`).digest("base64url");
    expect(signature).toBe(expected);
  });

  test("an API that denies machines denies them", async () => {
    const closed = "https://closed.example.com";
    const policies = { subject_type_authorization: { client: { policy: "deny_all" } } };
    await harness.call("POST", "/resource-servers", { identifier: closed, ...policies });
    await grant([], { audience: closed });
    expect((await post(form({ audience: closed }))).status).toBe(403);
  });
});

describe("refusals", () => {
  test.each<[Record<string, string>, [number, string, string]]>([
    [{ client_secret: "wrong" }, [401, "access_denied", "Unauthorized"]],
    [{ client_secret: "" }, [401, "access_denied", "Unauthorized"]],
    [{ client_id: "unknown" }, [401, "access_denied", "Unauthorized"]],
    [{ client_id: "" }, [400, "invalid_request", "Missing required parameter: client_id"]],
    [{ grant_type: "" }, [400, "invalid_request", "Missing required parameter: grant_type"]],
    [{ grant_type: "magic" }, [403, "unsupported_grant_type", "Unsupported grant type: magic"]],
    [{ grant_type: "toString" }, [403, "unsupported_grant_type", "Unsupported grant type: toString"]],
    [
      { audience: "" },
      [
        403,
        "access_denied",
        "No audience parameter was provided, and no default audience has been configured",
      ],
    ],
    [{ audience: "https://unknown" }, [403, "access_denied", "Service not found: https://unknown"]],
  ])("%j", async (more, expected) => {
    expect(error(await post(form(more)))).toEqual(expected);
  });

  test("a body that is no object", async () => {
    for (const body of ["{", "[]", ""]) {
      expect(error(await post(body))).toEqual([
        400,
        "invalid_request",
        "Invalid request payload JSON format",
      ]);
    }
  });

  test("an application that may not use the grant type", async () => {
    client = (await harness.call("POST", "/clients", { name: "SPA", app_type: "spa" })).object;
    expect((await post(form())).object).toEqual({
      error: "unauthorized_client",
      error_description: "Grant type 'client_credentials' not allowed for the client.",
      error_uri: "https://auth0.com/docs/clients/client-grant-types",
    });
  });

  test("the global client and an application with a key pair have no use for a secret", async () => {
    const [global] = (await harness.call("GET", "/clients?is_global=true")).list;
    client = global ?? {};
    expect((await post(form())).status).toBe(401);
    const methods = { private_key_jwt: { credentials: [] } };
    const settings = {
      name: "K",
      jwt_configuration: { alg: "RS256" },
      client_authentication_methods: methods,
    };
    client = (await harness.call("POST", "/clients", settings)).object;
    expect((await post(form())).status).toBe(401);
  });

  test("there is no other method", async () => {
    expect((await harness.send("/oauth/token")).status).toBe(404);
  });
});

test("the Management API's tokens are of use there, with the granted scopes only", async () => {
  const management = `${harness.tenant.url}/api/v2/`;
  await grant(["read:clients"], { audience: management });
  const { object } = await post(form({ audience: management }));
  expect(object).toMatchObject({ scope: "read:clients", expires_in: 86_400 });
  const init = { headers: { authorization: `Bearer ${object["access_token"]}` } };
  expect((await harness.send("/api/v2/clients", init)).status).toBe(200);
  expect((await harness.send("/api/v2/resource-servers", init)).status).toBe(403);
});

test("every exchange is in the log", async () => {
  const { logs } = harness.tenant.state;
  await grant(["read:orders"]);
  const start = logs.length;
  await post(form());
  await post(form({ client_secret: "wrong" }));
  await post(form({ scope: "eat:orders" }));
  const [success, ...failures] = logs.slice(start);
  const job = { client_id: client["client_id"] ?? null, client_name: "Job" };
  expect(success).toMatchObject({ type: "seccft", ...job, audience, scope: "read:orders" });
  expect(failures).toMatchObject([
    { type: "feccft", description: "Unauthorized", ...job },
    { type: "feccft", description: "Client has not been granted scopes: eat:orders", ...job },
  ]);
  const members = ["connection_id", "hostname", "user_id", "user_name"];
  for (const entry of logs.slice(start)) for (const name of members) expect(entry).toHaveProperty(name);
  for (const name of ["connection", "details", "strategy"]) expect(success).not.toHaveProperty(name);
  expect(JSON.stringify(logs.slice(start))).not.toContain(String(client["client_secret"]));
});
