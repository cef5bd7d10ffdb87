import { describe, expect, test } from "bun:test";
import { postForm, readGrant } from "../../src/auth/oauth.ts";
import { parseTenantAddress } from "../../src/config/domain.ts";
import type { JsonObject } from "../../src/lib/json.ts";
import { harness, json } from "./harness.ts";
import { jwt } from "./tokens.ts";

const tenant = parseTenantAddress("acme.eu.auth0.com", "test");

async function grantOf(body: JsonObject, asked?: readonly string[]) {
  const { context, clock } = harness(() => json(body));
  const answer = await postForm(context, tenant, "/oauth/token", {});
  if (answer.kind !== "ok") throw new Error(answer.kind);
  return { grant: readGrant(answer, tenant, context, asked), now: clock.now(), context };
}

describe("the answer of a token request", () => {
  test("expires_in counts from receipt and wins over exp, whatever our clock says", async () => {
    // The authority's clock is ten minutes behind ours: by `exp` alone the token would have ended already.
    const { grant, now } = await grantOf({ access_token: jwt({ exp: 1 }), expires_in: 3600 });
    expect(grant.token.expiresAt).toBe(now + 3_600_000);
  });

  test("without expires_in the token's exp counts, and of an opaque token nothing is known", async () => {
    expect((await grantOf({ access_token: jwt({ exp: 2_000_000_000 }) })).grant.token.expiresAt).toBe(2e12);
    expect((await grantOf({ access_token: "opaque" })).grant.token).toMatchObject({
      expiresAt: undefined,
      scopes: undefined,
    });
  });

  test("scopes come from the answer, then the token, then what was asked for", async () => {
    const token = jwt({ scope: "read:clients read:logs" });
    expect((await grantOf({ access_token: token, scope: "read:forms" })).grant.token.scopes).toEqual([
      "read:forms",
    ]);
    expect((await grantOf({ access_token: token })).grant.token.scopes).toEqual([
      "read:clients",
      "read:logs",
    ]);
    expect((await grantOf({ access_token: "opaque" }, ["read:logs"])).grant.token.scopes).toEqual([
      "read:logs",
    ]);
  });

  test("access and refresh token are known to the redactor", async () => {
    const { context } = await grantOf({ access_token: "access-canary", refresh_token: "refresh-canary" });
    expect(context.secrets.text("access-canary refresh-canary")).not.toContain("canary");
  });

  test("an answer without a usable token is refused", async () => {
    for (const body of [{}, { access_token: 7 }, { access_token: "" }, { access_token: "two words" }]) {
      await expect(grantOf(body)).rejects.toMatchObject({ code: "unexpected_answer" });
    }
  });
});

describe("an answer that is none", () => {
  test("a gateway's rate limit is no refusal, slow_down is one", async () => {
    const limit = harness(() => json({ statusCode: 429, error: "Too Many Requests" }, 429));
    expect(await postForm(limit.context, tenant, "/x", {})).toMatchObject({ kind: "unavailable" });
    const slow = harness(() => json({ error: "slow_down" }, 429));
    expect(await postForm(slow.context, tenant, "/x", {})).toMatchObject({
      kind: "refused",
      error: "slow_down",
    });
  });

  test("a redirect is not followed", async () => {
    let init: RequestInit = {};
    const { context } = harness(() => json({}));
    const fetch = async (_: string, given: RequestInit) => {
      init = given;
      return new Response(null, { status: 302, headers: { location: "https://evil.example/" } });
    };
    expect(await postForm({ ...context, fetch }, tenant, "/x", {})).toMatchObject({ error: "http_302" });
    expect(init.redirect).toBe("manual");
  });

  test("more than a megabyte is not read", async () => {
    const { context } = harness(() => new Response("x".repeat(2 * 1024 * 1024)));
    expect(await postForm(context, tenant, "/x", {})).toMatchObject({ kind: "unavailable" });
  });
});
