import { beforeEach, describe, expect, test } from "bun:test";
import { generateKeyPairSync } from "node:crypto";
import { clientAssertion, parseClientKey } from "../../src/auth/private-key-jwt.ts";
import { options } from "../../src/config/options.ts";
import { asObject, asString, type JsonObject, parseJson } from "../../src/lib/json.ts";
import { type Reply, startTenant, type TenantHarness } from "./tenant-harness.ts";

const CLIENT = options.loginClientId.default;
const DEVICE = "urn:ietf:params:oauth:grant-type:device_code";
let harness: TenantHarness;
beforeEach(async () => {
  harness = await startTenant();
});

function post(path: string, form: Record<string, string>): Promise<Reply> {
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  return harness.send(path, { method: "POST", headers, body: new URLSearchParams(form).toString() });
}

const startSignIn = (more: Record<string, string> = {}) =>
  post("/oauth/device/code", {
    client_id: CLIENT,
    audience: "https://*.auth0.com/api/v2/",
    scope: "read:clients offline_access",
    ...more,
  });

const poll = (code: Reply) =>
  post("/oauth/token", {
    grant_type: DEVICE,
    device_code: asString(code.object["device_code"]) ?? "",
    client_id: CLIENT,
  });

const refresh = (token: unknown) =>
  post("/oauth/token", { grant_type: "refresh_token", client_id: CLIENT, refresh_token: String(token) });

const decide = (code: Reply, decision: string) =>
  post("/activate", { user_code: asString(code.object["user_code"]) ?? "", decision });

const error = ({ status, object }: Reply) => [status, object["error"]];

function readClaims(token: unknown): JsonObject {
  return asObject(parseJson(Buffer.from(String(token).split(".")[1] ?? "", "base64url").toString())) ?? {};
}

/** A sign-in that somebody approved. */
async function signedIn(): Promise<Reply> {
  const code = await startSignIn();
  await decide(code, "approve");
  harness.clock.advance(5_000);
  return poll(code);
}

describe("device flow", () => {
  test("gives a code and where to enter it", async () => {
    const { status, object } = await startSignIn();
    expect(status).toBe(200);
    expect(object).toMatchObject({
      verification_uri: "http://127.0.0.1:4000/activate",
      verification_uri_complete: `http://127.0.0.1:4000/activate?user_code=${object["user_code"]}`,
      expires_in: 900,
      interval: 5,
    });
    expect(object["user_code"]).toMatch(/^[A-Z]{4}-[A-Z]{4}$/);
  });

  test("an approved one ends in a token of this tenant that works, and a refresh token", async () => {
    const { status, object } = await signedIn();
    expect(status).toBe(200);
    expect(object).toMatchObject({
      scope: "read:clients offline_access",
      token_type: "Bearer",
      expires_in: 86_400,
    });
    const headers = { authorization: `Bearer ${object["access_token"]}` };
    expect((await harness.send("/api/v2/clients", { headers })).status).toBe(200);
    expect((await harness.send("/api/v2/resource-servers", { headers })).status).toBe(403);
  });

  test("what is done with its token is logged for the client and the user", async () => {
    const code = await startSignIn({ scope: "create:clients" });
    await decide(code, "approve");
    harness.clock.advance(5_000);
    const { object } = await poll(code);
    const headers = { authorization: `Bearer ${object["access_token"]}`, "content-type": "application/json" };
    const body = JSON.stringify({ name: "Made by a person" });
    expect((await harness.send("/api/v2/clients", { method: "POST", headers, body })).status).toBe(201);
    const { sub } = readClaims(object["access_token"]);
    expect(sub).toMatch(/^auth0\|/);
    expect(harness.tenant.state.logs.at(-1)).toMatchObject({
      type: "sapi",
      client_id: CLIENT,
      user_id: sub,
      details: { request: { auth: { user: { user_id: sub } } } },
    });
  });

  test("polls are told to wait until somebody has decided, and to slow down when they come too fast", async () => {
    const code = await startSignIn();
    expect(error(await poll(code))).toEqual([429, "slow_down"]);
    harness.clock.advance(5_000);
    expect(error(await poll(code))).toEqual([429, "slow_down"]);
    harness.clock.advance(15_000);
    expect(error(await poll(code))).toEqual([403, "authorization_pending"]);
  });

  test("a denied one says so once", async () => {
    const code = await startSignIn();
    await decide(code, "deny");
    harness.clock.advance(5_000);
    expect(error(await poll(code))).toEqual([403, "access_denied"]);
    expect(error(await poll(code))).toEqual([403, "invalid_grant"]);
  });

  test("an expired one says so once, and cannot be approved any longer", async () => {
    const code = await startSignIn();
    harness.clock.advance(900_000);
    expect((await decide(code, "approve")).text).toContain("expired");
    expect(error(await poll(code))).toEqual([403, "expired_token"]);
    expect(error(await poll(code))).toEqual([403, "invalid_grant"]);
  });

  test("takes this tenant's audience and no other's", async () => {
    expect((await startSignIn({ audience: "http://127.0.0.1:4000/api/v2/" })).status).toBe(200);
    expect(error(await startSignIn({ audience: "https://other.eu.auth0.com/api/v2/" }))).toEqual([
      403,
      "access_denied",
    ]);
  });

  test("is for clients that may use it", async () => {
    expect(error(await startSignIn({ client_id: "nobody" }))).toEqual([401, "access_denied"]);
    const { object } = await harness.call("POST", "/clients", { name: "SPA", app_type: "spa" });
    expect(error(await startSignIn({ client_id: String(object["client_id"]) }))).toEqual([
      403,
      "unauthorized_client",
    ]);
  });

  test("without offline_access there is no refresh token", async () => {
    const code = await startSignIn({ scope: "read:clients" });
    await decide(code, "approve");
    harness.clock.advance(5_000);
    expect((await poll(code)).object["refresh_token"]).toBeUndefined();
  });

  test("nobody needs to decide where the tenant does", async () => {
    for (const [decision, status] of [
      ["approve", 200],
      ["deny", 403],
    ] as const) {
      harness = await startTenant({ signIn: { decision, slowDowns: 1 } });
      const code = await startSignIn();
      harness.clock.advance(1_000);
      expect(error(await poll(code))).toEqual([429, "slow_down"]);
      harness.clock.advance(6_000);
      expect((await poll(code)).status).toBe(status);
    }
  });

  test("the device client is not one of the tenant's applications", async () => {
    expect((await harness.call("GET", "/clients")).list.map(({ client_id }) => client_id)).not.toContain(
      CLIENT,
    );
  });
});

describe("the activation page", () => {
  test("asks for a code where none or an unknown one is given", async () => {
    expect((await harness.send("/activate")).text).toContain('name="user_code"');
    const { status, text } = await harness.send("/activate?user_code=XXXX-XXXX");
    expect(status).toBe(404);
    expect(text).toContain("unknown");
  });

  test("shows the code and what is asked for, and nothing that a request puts there as markup", async () => {
    const code = await startSignIn({ scope: "<script>alert(1)</script>" });
    const { text, headers } = await harness.send(`/activate?user_code=${code.object["user_code"]}`);
    expect(text).toContain(String(code.object["user_code"]));
    expect(text).not.toContain("<script>");
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
  });

  test("a decision is taken once", async () => {
    const code = await startSignIn();
    expect((await decide(code, "perhaps")).text).toContain("Approve");
    expect((await decide(code, "deny")).text).toContain("denied");
    expect((await decide(code, "approve")).text).toContain("denied");
  });
});

describe("refresh tokens", () => {
  test("rotate, and the new token works", async () => {
    const first = await signedIn();
    const second = await refresh(first.object["refresh_token"]);
    expect(second.object).toMatchObject({ scope: "read:clients offline_access" });
    expect(second.object["refresh_token"]).not.toBe(first.object["refresh_token"]);
    expect((await refresh(second.object["refresh_token"])).status).toBe(200);
  });

  test("a spent one is refused and ends the whole sign-in", async () => {
    const first = await signedIn();
    const second = await refresh(first.object["refresh_token"]);
    expect(error(await refresh(first.object["refresh_token"]))).toEqual([403, "invalid_grant"]);
    expect(error(await refresh(second.object["refresh_token"]))).toEqual([403, "invalid_grant"]);
  });

  test("a revoked one is refused; revoking what is unknown is fine", async () => {
    const { object } = await signedIn();
    const form = { client_id: CLIENT, token: String(object["refresh_token"]) };
    for (let time = 0; time < 2; time++) {
      expect(await post("/oauth/revoke", form)).toMatchObject({ status: 200, text: "" });
    }
    expect(error(await refresh(object["refresh_token"]))).toEqual([403, "invalid_grant"]);
    expect(error(await post("/oauth/revoke", { client_id: CLIENT }))).toEqual([400, "invalid_request"]);
  });

  test("belong to their client", async () => {
    const { object } = await signedIn();
    const other = await harness.call("POST", "/clients", { name: "Another", app_type: "native" });
    const form = { grant_type: "refresh_token", client_id: String(other.object["client_id"]) };
    const reply = await post("/oauth/token", { ...form, refresh_token: String(object["refresh_token"]) });
    expect(error(reply)).toEqual([403, "invalid_grant"]);
  });
});

describe("private_key_jwt", () => {
  const pem = { type: "pkcs8", format: "pem" } as const;
  const pairs = {
    RSA: generateKeyPairSync("rsa", { modulusLength: 2048 }),
    EC: generateKeyPairSync("ec", { namedCurve: "P-256" }),
  };

  async function machine(kind: keyof typeof pairs): Promise<string> {
    const key = pairs[kind].publicKey.export({ type: "spki", format: "pem" }).toString();
    const credentials = [{ credential_type: "public_key", pem: key }];
    const { object } = await harness.call("POST", "/clients", {
      name: "Job",
      app_type: "non_interactive",
      grant_types: ["client_credentials"],
      jwt_configuration: { alg: "RS256" },
      client_authentication_methods: { private_key_jwt: { credentials } },
    });
    const clientId = String(object["client_id"]);
    const audience = "http://127.0.0.1:4000/api/v2/";
    await harness.call("POST", "/client-grants", { client_id: clientId, audience, scope: ["read:clients"] });
    return clientId;
  }

  const tenantAddress = { origin: "http://127.0.0.1:4000", domain: "127.0.0.1:4000" };

  function exchange(clientId: string, assertion: string): Promise<Reply> {
    return post("/oauth/token", {
      grant_type: "client_credentials",
      client_id: clientId,
      audience: "http://127.0.0.1:4000/api/v2/",
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: assertion,
    });
  }

  for (const kind of ["RSA", "EC"] as const) {
    test(`an assertion by the ${kind} key of the application gets a token`, async () => {
      const clientId = await machine(kind);
      const key = parseClientKey(pairs[kind].privateKey.export(pem).toString(), "key.pem");
      const assertion = clientAssertion(key, clientId, tenantAddress, harness.clock.now());
      expect((await exchange(clientId, assertion)).object).toMatchObject({ scope: "read:clients" });
    });
  }

  test("another key, another client, another audience and another time are refused", async () => {
    const clientId = await machine("EC");
    const other = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export(pem).toString();
    const own = parseClientKey(pairs.EC.privateKey.export(pem).toString(), "key.pem");
    const now = harness.clock.now();
    const elsewhere = { origin: "https://other.eu.auth0.com", domain: "other.eu.auth0.com" };
    for (const assertion of [
      clientAssertion(parseClientKey(other, "key.pem"), clientId, tenantAddress, now),
      clientAssertion(own, "somebody", tenantAddress, now),
      clientAssertion(own, clientId, elsewhere, now),
      clientAssertion(own, clientId, tenantAddress, now - 600_000),
      clientAssertion(own, clientId, tenantAddress, now + 600_000),
      "not.a.jwt",
    ]) {
      expect(error(await exchange(clientId, assertion))).toEqual([401, "invalid_client"]);
    }
  });
});
