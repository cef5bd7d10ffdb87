import { beforeEach, expect, test } from "bun:test";
import { readClaims } from "../../src/auth/jwt.ts";
import { options } from "../../src/config/options.ts";
import { asString, type JsonObject } from "../../src/lib/json.ts";
import { type Reply, startTenant, type TenantHarness } from "./tenant-harness.ts";

const DEVICE = "urn:ietf:params:oauth:grant-type:device_code";
const LOGIN_CLIENT = options.loginClientId.default;
const orders = "https://orders.example.com";

let harness: TenantHarness;
beforeEach(async () => {
  harness = await startTenant({ signIn: { decision: "approve" } });
  await harness.call("POST", "/resource-servers", {
    identifier: orders,
    scopes: [{ value: "read:orders" }, { value: "create:orders" }],
    allow_offline_access: true,
  });
});

const post = (path: string, body: JsonObject) =>
  harness.send(path, { method: "POST", body: JSON.stringify(body) });

async function application(grants: string[]): Promise<string> {
  const settings = { name: "Device", app_type: "native", grant_types: grants };
  return String((await harness.call("POST", "/clients", settings)).object["client_id"]);
}

async function signIn(clientId: string, audience: string, scope: string): Promise<Reply> {
  const { object } = await post("/oauth/device/code", { client_id: clientId, audience, scope });
  harness.clock.advance(5_000);
  const code = { grant_type: DEVICE, device_code: object["device_code"] ?? null, client_id: clientId };
  return post("/oauth/token", code);
}

const refresh = (clientId: string, { object }: Reply, more: JsonObject = {}) =>
  post("/oauth/token", {
    grant_type: "refresh_token",
    client_id: clientId,
    refresh_token: object["refresh_token"] ?? null,
    ...more,
  });

test("a refresh token needs the grant of the application and the consent of the API", async () => {
  const asked = "read:orders offline_access";
  const both = await application([DEVICE, "refresh_token"]);
  expect((await signIn(both, orders, asked)).object).toMatchObject({
    refresh_token: expect.stringMatching(/^v1\./),
    scope: asked,
  });
  const without = (await signIn(await application([DEVICE]), orders, asked)).object;
  expect(without).not.toHaveProperty("refresh_token");
  expect(without["scope"]).toBe("read:orders");
  const management = `${harness.tenant.url}/api/v2/`;
  const scope = "read:clients offline_access";
  expect((await signIn(both, management, scope)).object).not.toHaveProperty("refresh_token");
  expect((await signIn(LOGIN_CLIENT, management, scope)).object).toHaveProperty("refresh_token");
});

test("an application that lost the grant cannot use its refresh token", async () => {
  const clientId = await application([DEVICE, "refresh_token"]);
  const signedIn = await signIn(clientId, orders, "read:orders offline_access");
  await harness.call("PATCH", `/clients/${clientId}`, { grant_types: [DEVICE] });
  const { status, object } = await refresh(clientId, signedIn);
  expect([status, object["error"]]).toEqual([403, "unauthorized_client"]);
});

test("a refresh may ask for fewer scopes, and the next one for all of them again", async () => {
  const clientId = await application([DEVICE, "refresh_token"]);
  const all = "read:orders create:orders offline_access";
  const signedIn = await signIn(clientId, orders, all);
  const narrow = await refresh(clientId, signedIn, { scope: "read:orders delete:orders" });
  expect(narrow.object["scope"]).toBe("read:orders");
  expect(readClaims(asString(narrow.object["access_token"]) ?? "")?.scopes).toEqual(["read:orders"]);
  expect((await refresh(clientId, narrow)).object["scope"]).toBe(all);
});

test("with openid the token is for the user's profile as well, and still good for the API", async () => {
  const management = `${harness.tenant.url}/api/v2/`;
  const { object } = await signIn(LOGIN_CLIENT, management, "openid profile read:clients");
  expect(object["scope"]).toBe("openid profile read:clients");
  const token = asString(object["access_token"]) ?? "";
  expect(readClaims(token)?.audiences).toEqual([management, `${harness.tenant.url}/userinfo`]);
  const headers = { authorization: `Bearer ${token}` };
  expect((await harness.send("/api/v2/clients", { headers })).status).toBe(200);
  const plain = await signIn(LOGIN_CLIENT, management, "profile read:clients");
  expect(readClaims(asString(plain.object["access_token"]) ?? "")?.audiences).toEqual([management]);
  expect(plain.object["scope"]).toBe("read:clients");
});
