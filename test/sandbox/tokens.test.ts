import { beforeAll, describe, expect, test } from "bun:test";
import { asString } from "../../src/lib/json.ts";
import { createSandbox } from "../../src/sandbox/tenant.ts";
import { startTenant, type TenantHarness } from "./tenant-harness.ts";

let harness: TenantHarness;

beforeAll(async () => {
  harness = await startTenant();
});

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

function withClaims(token: string, changes: Record<string, unknown>): string {
  const [head = "", payload = "", signature = ""] = token.split(".");
  const claims = { ...JSON.parse(Buffer.from(payload, "base64url").toString()), ...changes };
  return [head, Buffer.from(JSON.stringify(claims)).toString("base64url"), signature].join(".");
}

describe("tokens", () => {
  test("none, or one of another scheme, is a 401 without an error code", async () => {
    for (const headers of [{}, { authorization: "Basic YTpi" }]) {
      const { status, object } = await harness.send("/api/v2/clients", { headers });
      expect(status).toBe(401);
      expect(object).toEqual({ statusCode: 401, error: "Unauthorized", message: "Missing authentication" });
    }
  });

  test.each(["opaque", "a.b", "a.b.c", "a.b.c d"])("what is no JWT is a 400: %s", async (token) => {
    const { status, object } = await harness.send("/api/v2/clients", bearer(token));
    expect(status).toBe(400);
    expect(object).toEqual({
      statusCode: 400,
      error: "Bad Request",
      message: "Bad HTTP authentication header format",
      errorCode: "Bearer",
    });
  });

  test("changed claims break the signature", async () => {
    const token = withClaims(await harness.tenant.issueToken({ scopes: [] }), { scope: "read:clients" });
    const { status, message } = await harness.send("/api/v2/clients", bearer(token));
    expect([status, message]).toEqual([401, "Invalid signature received for JSON Web Token validation"]);
  });

  test("an unsigned token is refused", async () => {
    const [, payload] = (await harness.tenant.issueToken()).split(".");
    const header = Buffer.from(JSON.stringify({ alg: "none", typ: "JWT" })).toString("base64url");
    const { status, message } = await harness.send("/api/v2/clients", bearer(`${header}.${payload}.`));
    expect([status, message]).toEqual([401, "Invalid token"]);
  });

  test("one ends at its exp and not before", async () => {
    const { tenant, clock, send } = harness;
    const token = await tenant.issueToken({ ttl: 60_000 });
    clock.advance(59_000);
    expect((await send("/api/v2/clients", bearer(token))).status).toBe(200);
    clock.advance(1_000);
    const { status, object } = await send("/api/v2/clients", bearer(token));
    const message = "Expired token received for JSON Web Token validation";
    expect(status).toBe(401);
    expect(object).toEqual({
      statusCode: 401,
      error: "Unauthorized",
      message,
      attributes: { error: message },
    });
  });

  test("another tenant's token is refused", async () => {
    const other = await createSandbox({ seed: "empty", clock: harness.clock });
    const { status, message } = await harness.send("/api/v2/clients", bearer(await other.issueToken()));
    expect([status, message]).toEqual([401, "Invalid signature received for JSON Web Token validation"]);
  });

  test("a token for another API is refused with its audience", async () => {
    const { tenant, call, send } = harness;
    const audience = "https://audience.example.com";
    await call("POST", "/resource-servers", { identifier: audience });
    await call("POST", "/client-grants", { client_id: tenant.clientId, audience, scope: [] });
    const form = {
      grant_type: "client_credentials",
      client_id: tenant.clientId,
      client_secret: tenant.clientSecret,
    };
    const answer = await send("/oauth/token", {
      method: "POST",
      body: JSON.stringify({ ...form, audience }),
    });
    const token = asString(answer.object["access_token"]) ?? "";
    const { status, message } = await send("/api/v2/clients", bearer(token));
    expect([status, message]).toEqual([401, `Bad audience: ${audience}`]);
  });

  test("a missing scope is a 403 that lists all that would do", async () => {
    const { status, object } = await harness.call("GET", "/clients", undefined, ["read:logs"]);
    expect(status).toBe(403);
    expect(object).toEqual({
      statusCode: 403,
      error: "Forbidden",
      message:
        "Insufficient scope, expected any of: read:clients,read:client_keys,read:client_credentials,read:client_summary",
      errorCode: "insufficient_scope",
    });
  });

  test("claims are those of a machine's token", async () => {
    const { tenant, clock } = harness;
    const [, payload = ""] = (await tenant.issueToken({ scopes: ["read:clients", "read:logs"] })).split(".");
    const iat = Math.floor(clock.now() / 1000);
    expect(JSON.parse(Buffer.from(payload, "base64url").toString())).toEqual({
      iss: "http://127.0.0.1:4000/",
      sub: `${tenant.clientId}@clients`,
      aud: "http://127.0.0.1:4000/api/v2/",
      azp: tenant.clientId,
      iat,
      exp: iat + 86_400,
      scope: "read:clients read:logs",
      gty: "client-credentials",
    });
  });
});
