import { describe, expect, test } from "bun:test";
import { asString, type JsonObject } from "../../src/lib/json.ts";
import { registry } from "../../src/tools/registry.ts";
import { workingArguments } from "../support/every-tool.ts";
import { startTenant } from "../support/tenant.ts";

const refusal = (status: number, message: string, errorCode?: string, headers: Record<string, string> = {}) =>
  Response.json({ statusCode: status, error: "X", message, errorCode }, { status, headers });

/** What a tenant may answer to any request, and what the model must learn from it. */
const REFUSALS: readonly (readonly [string, () => Response, JsonObject])[] = [
  ["400", () => refusal(400, "Payload validation error", "invalid_body"), { code: "invalid_request" }],
  [
    "401",
    () => refusal(401, "Expired token received for JSON Web Token validation"),
    { code: "token_expired" },
  ],
  ["402 to nobody's surprise", () => refusal(402, "Pay first"), { code: "invalid_request" }],
  [
    "403, a larger plan",
    () => refusal(403, "Please upgrade your subscription"),
    { code: "feature_unavailable" },
  ],
  ["404", () => refusal(404, "Gone"), { code: "not_found" }],
  ["409", () => refusal(409, "It exists already"), { code: "conflict" }],
  ["429", () => refusal(429, "Global limit", undefined, { "retry-after": "60" }), { code: "rate_limited" }],
  ["500", () => refusal(500, "Boom"), { code: "tenant_error" }],
  ["503 without JSON", () => new Response("<html>", { status: 503 }), { code: "tenant_error" }],
];

describe.each(registry.map((tool) => [tool.name, tool] as const))("%s", (name, tool) => {
  test.each(REFUSALS)("tells a refusal of the tenant like every other tool: %s", async (_, answer, told) => {
    const status = answer().status;
    const tenant = await startTenant({ seed: "demo", intercept: answer });
    const error = await tenant.error(name, workingArguments(tenant.sandbox)[name] ?? {});
    expect(error).toMatchObject({ ...told, status });
    expect(asString(error["message"])?.length).toBeGreaterThan(3);
    if (status === 429) expect(error["retry_after"]).toBe(60);
    if (status === 401) expect(asString(error["hint"])).toContain("AUTH0_TOKEN");
  });

  test("a 403 is advised with scopes of this tool and no other", async () => {
    const all = [...new Set(registry.flatMap(({ scopes }) => scopes))];
    const message = `Insufficient scope, expected any of: ${[...all, "read:client_keys"].join(",")}`;
    const tenant = await startTenant({
      seed: "demo",
      intercept: () => refusal(403, message, "insufficient_scope"),
    });
    const error = await tenant.error(name, workingArguments(tenant.sandbox)[name] ?? {});
    expect(error).toMatchObject({ code: "insufficient_scope", status: 403 });
    const advised: readonly string[] = asString(error["hint"])?.match(/\b[a-z]+:[a-z_]+\b/g) ?? [];
    expect(advised.length).toBeGreaterThan(0);
    expect(advised.filter((scope) => !tool.scopes.includes(scope))).toEqual([]);
  });

  if (tool.kind !== "read") {
    test("without any one of its scopes it is refused before its first step", async () => {
      for (const lacking of tool.scopes) {
        const scopes = [...new Set(registry.flatMap((other) => other.scopes))].filter(
          (scope) => scope !== lacking,
        );
        const tenant = await startTenant({ seed: "demo", scopes });
        const error = await tenant.error(name, workingArguments(tenant.sandbox)[name] ?? {});
        expect(error).toMatchObject({ code: "insufficient_scope" });
        expect(asString(error["message"])).toContain(lacking);
        expect(tenant.requests).toEqual([]);
      }
    });
  }
});

describe("a conflict says what is in the way", () => {
  test("in whole sentences: the grant that exists", async () => {
    const tenant = await startTenant({ seed: "demo" });
    const args = workingArguments(tenant.sandbox)["auth0_create_application_grant"] ?? {};
    const { id = "" } = await tenant.data("auth0_create_application_grant", args);
    const { message = "" } = await tenant.error("auth0_create_application_grant", args);
    expect(message).toEndWith(`. The existing grant is ${id}, without scopes.`);
  });

  test("with a way out: an action that has the name of the one to be made", async () => {
    const tenant = await startTenant();
    const { id = "" } = await tenant.data("auth0_create_form", { name: "Blocked" });
    const name = `Render form ${id} on post-login`;
    await tenant.data("auth0_create_action", { name, supported_triggers: [{ id: "post-login" }] });
    const error = await tenant.error("auth0_publish_form", { id });
    expect(error).toMatchObject({ code: "conflict", status: 409 });
    expect(asString(error["hint"])).toContain(`"${name}": rename it`);
  });
});
