import { beforeAll, describe, expect, test } from "bun:test";
import { X509Certificate } from "node:crypto";
import { asObject, asObjects, asString } from "../../src/lib/json.ts";
import { serveSandbox } from "../../src/sandbox/serve.ts";
import { startTenant, type TenantHarness } from "./tenant-harness.ts";

let harness: TenantHarness;

beforeAll(async () => {
  harness = await startTenant();
});

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

describe("requests", () => {
  test.each([
    ["GET", "/clients/a/b"],
    ["GET", "/clients/"],
    ["PUT", "/clients"],
    ["GET", "/nothing"],
    ["DELETE", "/actions/actions/"],
  ])("no operation: %s %s", async (method, path) => {
    const { status, object } = await harness.call(method, path);
    expect(status).toBe(404);
    expect(object).toEqual({ statusCode: 404, error: "Not Found", message: "Not Found" });
  });

  test.each([
    ["{", "Invalid request payload JSON format"],
    ["[]", "Payload validation error: 'Expected type object but found type array'."],
    ['"text"', "Payload validation error: 'Expected type object but found type string'."],
    ["", "Payload validation error: 'Expected type object but found type null'."],
  ])("body %p is a 400", async (body, expected) => {
    const token = await harness.tenant.issueToken();
    const { status, object } = await harness.send("/api/v2/clients", {
      method: "POST",
      body,
      ...bearer(token),
    });
    expect(status).toBe(400);
    expect([object["message"], object["errorCode"]]).toEqual([expected, "invalid_body"]);
  });

  test("a body over 1 MB is a 413, one of exactly 1 MB is read", async () => {
    const post = async (size: number) => {
      const padding = size - '{"name":"","x":""}'.length;
      return harness.call("POST", "/clients", { name: "", x: "y".repeat(padding) });
    };
    expect((await post(1_048_577)).status).toBe(413);
    expect((await post(1_048_576)).status).toBe(400);
  });

  test("another media type is a 415", async () => {
    const headers = {
      authorization: `Bearer ${await harness.tenant.issueToken()}`,
      "content-type": "text/plain",
    };
    const { status } = await harness.send("/api/v2/clients", {
      method: "POST",
      headers,
      body: '{"name":"a"}',
    });
    expect(status).toBe(415);
  });

  test("an unknown query parameter is refused by every operation", async () => {
    for (const path of ["/clients", "/client-grants", "/resource-servers", "/client-grants/cgr_1"]) {
      const { status, object } = await harness.call("GET", `${path}?foo=1`);
      expect(status).toBe(400);
      expect(object["message"]).toBe("Query validation error: 'Additional properties not allowed: foo'.");
      expect(object["errorCode"]).toBe("invalid_query_string");
    }
  });

  test("a deletion answers 204 with nothing but a content type, any answer has a request id", async () => {
    const { status, headers, text } = await harness.call("DELETE", "/clients/unknown");
    expect([status, text, headers.get("content-type")]).toEqual([204, "", "application/json; charset=utf-8"]);
    expect(headers.get("x-auth0-requestid")).toMatch(/^\w{20}$/);
  });

  test("answers are JSON in UTF-8", async () => {
    const { headers } = await harness.call("GET", "/clients");
    expect(headers.get("content-type")).toBe("application/json; charset=utf-8");
  });
});

describe("rate limit", () => {
  test("counts down, names the second of the next token, and refuses when there is none", async () => {
    const { call, clock } = await startTenant({ rateLimit: 2 });
    const second = Math.floor(clock.now() / 1000);
    const limits = async () => {
      const { status, headers, object } = await call("GET", "/clients");
      const shown = ["limit", "remaining", "reset"].map((name) => headers.get(`x-ratelimit-${name}`));
      return { status, shown, object };
    };
    expect(await limits()).toMatchObject({ status: 200, shown: ["2", "1", String(second + 1)] });
    expect(await limits()).toMatchObject({ status: 200, shown: ["2", "0", String(second + 1)] });
    const refused = await limits();
    expect(refused).toMatchObject({ status: 429, shown: ["2", "0", String(second + 1)] });
    expect(refused.object).toEqual({
      statusCode: 429,
      error: "Too Many Requests",
      message: "Global limit has been reached",
      errorCode: "too_many_requests",
    });
    clock.advance(499);
    expect((await limits()).status).toBe(429);
    clock.advance(1);
    expect((await limits()).status).toBe(200);
    clock.advance(60_000);
    expect(await limits()).toMatchObject({ status: 200, shown: ["2", "1", String(second + 61)] });
  });

  test("errors carry the headers too, and 0 means no limit", async () => {
    const limited = await startTenant({ rateLimit: 5 });
    expect((await limited.send("/api/v2/clients")).headers.get("x-ratelimit-remaining")).toBe("4");
    expect((await harness.call("GET", "/clients")).headers.has("x-ratelimit-limit")).toBe(false);
  });
});

describe("the tenant's own log", () => {
  test("a change leaves an event without the secrets it carried; a reading leaves none", async () => {
    const { tenant, call } = await startTenant();
    const { object: client } = await call("POST", "/clients", {
      name: "Logged",
      client_secret: "s3cr3t-s3cr3t",
    });
    await call("GET", `/clients/${client["client_id"]}`);
    const [event, ...others] = tenant.state.logs;
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      type: "sapi",
      description: "Create a client",
      client_id: tenant.clientId,
      date: "2026-05-04T10:00:00.000Z",
      details: {
        request: {
          method: "post",
          path: "/api/v2/clients",
          body: { name: "Logged", client_secret: "*****" },
        },
        response: { statusCode: 201, body: { client_id: client["client_id"], client_secret: "*****" } },
      },
    });
    expect(JSON.stringify(event)).not.toContain("s3cr3t");
  });

  test("holds no secret that a setting may carry, at any depth, and the settings around it", async () => {
    const { tenant, call } = await startTenant();
    const secret = `${"canary".padEnd(86, "0")}==`;
    const addons = {
      azure_blob: { accountName: "shop", storageAccessKey: secret },
      azure_sb: { sasKeyName: "send", sasKey: secret },
      firebase: { secret, private_key_id: "id", private_key: secret },
      layer: { providerId: "shop", keyId: "id", privateKey: secret },
      sap_api: { servicePassword: secret },
      wams: { masterkey: secret },
    };
    const refresh_token = { rotation_type: "rotating", expiration_type: "expiring" };
    const made = await call("POST", "/clients", { name: "Logged", addons, refresh_token });
    await call("POST", "/resource-servers", { identifier: "https://x.example", signing_secret: secret });
    await call("POST", "/actions/actions", {
      name: "Logged",
      supported_triggers: [{ id: "post-login" }],
      secrets: [{ name: "KEY", value: secret }],
    });
    expect([made.status, tenant.state.logs.length]).toEqual([201, 3]);
    expect(JSON.stringify(tenant.state.logs)).not.toContain(secret);
    expect(tenant.state.logs[0]).toMatchObject({
      details: {
        request: {
          body: {
            addons: { azure_sb: { sasKeyName: "send" }, firebase: { private_key_id: "id" } },
            refresh_token,
          },
        },
      },
    });
  });

  test("an entry has what was given, and a change without a body says so", async () => {
    const { tenant, call } = await startTenant();
    await call("DELETE", "/clients/unknown");
    const [event = {}] = tenant.state.logs;
    expect(Object.keys(event)).toEqual([
      "date",
      "type",
      "description",
      "client_name",
      "ip",
      "user_agent",
      "client_id",
      "details",
      "log_id",
      "_id",
      "isMobile",
    ]);
    expect(event).toMatchObject({ client_name: "", details: { request: { body: null } } });
  });

  test("a refused change leaves a failure", async () => {
    const { tenant, call } = await startTenant();
    await call("PATCH", "/clients/unknown", { name: "x" });
    expect(tenant.state.logs).toMatchObject([{ type: "fapi", description: "The client does not exist" }]);
  });

  test("ids are 56 digits and grow", async () => {
    const { tenant, call, clock } = await startTenant();
    for (let index = 0; index < 12; index += 1) {
      await call("POST", "/clients", { name: `Client ${index}` });
      if (index % 3 === 0) clock.advance(1);
    }
    const ids = tenant.state.logs.map((entry) => String(entry["log_id"]));
    expect(ids).toHaveLength(12);
    for (const id of ids) expect(id).toMatch(/^\d{56}$/);
    expect([...new Set(ids)].sort()).toEqual(ids);
  });
});

describe("seeds", () => {
  test("empty: what every tenant has, and nothing else", async () => {
    const { tenant } = await startTenant();
    const names = [...tenant.state.clients.values()].map((client) => client["name"]);
    expect(names).toEqual(["All Applications", "Sandbox Management Client"]);
    const [api, ...others] = tenant.state.resourceServers.values();
    expect(others).toEqual([]);
    expect(api).toMatchObject({ identifier: "http://127.0.0.1:4000/api/v2/", is_system: true });
    expect([...tenant.state.clientGrants.values()]).toMatchObject([{ client_id: tenant.clientId }]);
    expect([tenant.state.actions.size, tenant.state.forms.size, tenant.state.logs.length]).toEqual([0, 0, 0]);
  });

  test("demo: a small shop whose applications can get their tokens", async () => {
    const { tenant, send, call } = await startTenant({ seed: "demo" });
    const { list } = await call("GET", "/clients");
    const names = list.map((client) => asString(client["name"]));
    for (const name of ["Customer Portal", "Checkout SPA", "Nightly Billing Job"])
      expect(names).toContain(name);
    expect(tenant.state.resourceServers.size).toBe(4);
    expect([tenant.state.actions.size, tenant.state.forms.size]).not.toContain(0);
    expect(tenant.state.logs.length).toBeGreaterThan(100);
    const job = list.find((client) => client["name"] === "Nightly Billing Job") ?? {};
    const { client_id = null, client_secret = null } = job;
    const audience = "https://billing.example.com";
    const form = { grant_type: "client_credentials", client_id, client_secret, audience };
    const { object } = await send("/oauth/token", { method: "POST", body: JSON.stringify(form) });
    expect(object).toMatchObject({ scope: "read:invoices create:invoices", expires_in: 7200 });
  });

  test("the certificate that clients show belongs to the key of the tokens", async () => {
    const { call, send } = harness;
    const [client] = (await call("GET", "/clients")).list;
    const [key] = asObjects(client?.["signing_keys"]);
    const certificate = new X509Certificate(asString(key?.["cert"]) ?? "");
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(key?.["subject"]).toBe("/CN=127.0.0.1:4000");
    expect(key?.["key"]).toMatch(
      /^-----BEGIN PRIVATE KEY-----\r\n(\w{64}\r\n)+-----END PRIVATE KEY-----\r\n$/,
    );
    const [jwk] = asObjects((await send("/.well-known/jwks.json")).object["keys"]);
    expect(asObject(jwk)?.["n"]).toBe(certificate.publicKey.export({ format: "jwk" }).n ?? "none");
  });
});

test("serves on a loopback port of its own", async () => {
  const { tenant, stop } = await serveSandbox({ seed: "empty" });
  try {
    expect(tenant.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(tenant.url).toBe(`http://${tenant.domain}`);
    const response = await fetch(`${tenant.url}/api/v2/clients`, bearer(await tenant.issueToken()));
    expect(response.status).toBe(200);
  } finally {
    await stop();
  }
  await expect(fetch(`${tenant.url}/api/v2/clients`)).rejects.toThrow();
});
