import { describe, expect, test } from "bun:test";
import { asObject, type Json, type JsonObject } from "../../src/lib/json.ts";
import { WITHHELD } from "../../src/policy/withholding.ts";
import { pick } from "../../src/tools/objects.ts";
import { registry } from "../../src/tools/registry.ts";
import { workingArguments } from "../support/every-tool.ts";
import { type SentRequest, startTenant } from "../support/tenant.ts";

let planted = 0;
/** A value that must never leave, another one each time. */
const canary = () => `canary-${++planted}-${"x7".repeat(6)}`;

/** Secrets that their shape gives away. */
const jwt = () => `eyJhbGciOiJSUzI1NiJ9.${btoa(canary()).replaceAll("=", "")}.${"c2ln".repeat(8)}`;
const pem = (kind: string) => `-----BEGIN ${kind}-----\n${canary()}\n-----END ${kind}-----`;

/** Every kind of secret that the API keeps, at some depth, and again inside texts. */
function secretive(): JsonObject {
  const clientSecret = canary();
  const text = `${clientSecret} ${jwt()} ${pem("PRIVATE KEY")} ${pem("RSA PRIVATE KEY")}`;
  return {
    client_secret: clientSecret,
    signing_secret: canary(),
    encryption_key: { pub: canary(), cert: canary(), subject: canary() },
    signing_keys: [{ cert: "public", pkcs7: canary(), key: canary() }],
    client_authentication_methods: { private_key_jwt: { credentials: [{ id: "c", pem: canary() }] } },
    addons: { samlp: { privateKey: canary(), deep: [{ deeper: { api_key: canary() } }] } },
    secrets: [{ name: "KEY", value: canary() }],
    options: { client_secret: canary(), twilio_token: canary(), configuration: { anything: canary() } },
    sink: { httpAuthorization: canary(), splunkToken: canary() },
    details: { request: { body: { password: canary(), refresh_token: canary() } }, text },
    client_metadata: { api_token: canary(), note: text },
    jwk: { kty: "RSA", n: "public", d: canary() },
    description: text,
    name: `Portal ${clientSecret}`,
    user_agent: text,
    code: `// ${text}`,
  };
}

/** One answer that every tool can make something of, whatever it asked for. */
function answer({ method, path }: SentRequest): Response {
  const id = { id: "x", client_id: "x", log_id: "x", type: "s" };
  const item: JsonObject = {
    ...secretive(),
    ...id,
    status: "built",
    deployed: true,
    all_changes_deployed: true,
  };
  // Of an event only what is shown is looked at: outsiders write it, and could call any word a secret.
  if (path === "/logs") return Response.json([{ ...item, description: `${jwt()} ${pem("PRIVATE KEY")}` }]);
  const lists: JsonObject = { clients: [item], resource_servers: [item], client_grants: [item] };
  const more: JsonObject = { actions: [item], forms: [item], bindings: [], triggers: triggers() };
  const list = method === "GET" && !/\/x$/.test(path);
  return Response.json(list ? { ...lists, ...more, total: 1 } : item);
}

function triggers(): Json {
  return [{ id: "post-login", version: "v3", status: "CURRENT" }];
}

/** The arguments of a tool with every id as the tenant above gives it, and secrets wherever one may be given. */
function argumentsOf(name: string, working: JsonObject): JsonObject {
  const ids = Object.fromEntries(
    ["id", "client_id"].filter((key) => key in working).map((key) => [key, "x"]),
  );
  const secrets = name.endsWith("e_action") ? { secrets: [{ name: "KEY", value: canary() }] } : {};
  const metadata = name.endsWith("e_application") ? { client_metadata: { api_token: canary() } } : {};
  return { ...working, ...ids, ...secrets, ...metadata };
}

const NO_SECRET = /canary-|eyJ|BEGIN (RSA )?PRIVATE/;

describe.each(registry.map((tool) => [tool.name, tool] as const))("%s", (name, tool) => {
  const start = async (intercept: (request: SentRequest) => Response = answer) => {
    const tenant = await startTenant({ seed: "demo", intercept });
    return { tenant, args: argumentsOf(name, workingArguments(tenant.sandbox)[name] ?? {}) };
  };

  test("lets no secret out, whatever the tenant answers", async () => {
    const { tenant, args } = await start();
    const outcome = await tenant.call(name, args);
    expect(outcome).toMatchObject({ ok: true });
    expect(outcome.text).not.toMatch(NO_SECRET);
  });

  if ("fields" in (asObject(tool.inputSchema["properties"]) ?? {})) {
    test("lets none out when asked for it by name, and says that it is withheld", async () => {
      const { tenant, args } = await start();
      const fields = Object.keys(secretive());
      const outcome = await tenant.call(name, { ...args, fields });
      expect(outcome).toMatchObject({ ok: true });
      expect(outcome.text).not.toMatch(NO_SECRET);
      expect(outcome.text).toContain(WITHHELD);
      expect(outcome.text).toContain("Secret values were withheld: client_secret");
    });
  }

  if (tool.kind !== "read") {
    test("lets none out of a dry run, neither old nor new values", async () => {
      const { tenant, args } = await start();
      const outcome = await tenant.call(name, { ...args, dry_run: true });
      expect(outcome).toMatchObject({ ok: true, data: { dry_run: true } });
      expect(outcome.text).not.toMatch(NO_SECRET);
    });
  }

  test("lets none out in an error that repeats it", async () => {
    const { client_secret: seen = "" } = secretive();
    const { tenant, args } = await start(() => {
      const message = `Wrong: ${JSON.stringify(args)} ${jwt()} ${pem("PRIVATE KEY")}`;
      return Response.json({ statusCode: 400, message, client_secret: seen }, { status: 400 });
    });
    const outcome = await tenant.call(name, args);
    expect(outcome).toMatchObject({ ok: false, data: { error: { status: 400 } } });
    expect(outcome.text).not.toMatch(NO_SECRET);
  });
});

describe("settings that only sound secret stay readable, and can be written back", () => {
  test("rotation of refresh tokens, the method of authentication, lifetimes", async () => {
    const tenant = await startTenant();
    const settings: JsonObject = {
      name: "Sounds secret",
      token_endpoint_auth_method: "client_secret_basic",
      grant_types: ["refresh_token", "password"],
      refresh_token: { rotation_type: "rotating", expiration_type: "expiring", token_lifetime: 3600 },
    };
    const made = await tenant.data("auth0_create_application", settings);
    expect(made).toMatchObject(settings);
    const { client_id = "" } = made;
    const named = ["token_endpoint_auth_method", "grant_types", "refresh_token"];
    const read = pick(await tenant.data("auth0_get_application", { client_id }), named);
    expect(Object.keys(read).sort()).toEqual(named.sort());
    expect(await tenant.data("auth0_update_application", { client_id, ...read })).toMatchObject(settings);
  });

  test("the texts of a form, whatever their keys", async () => {
    const tenant = await startTenant();
    const texts: JsonObject = {
      messages: { custom: { password: "Your password", api_token: "Your invitation" } },
      translations: { de: { messages: { errors: { ERR_PASSWORD: "Falsches Passwort" } } } },
    };
    const { id = "" } = await tenant.data("auth0_create_form", { name: "Sign in", ...texts });
    const read = pick(await tenant.data("auth0_get_form", { id }), Object.keys(texts));
    expect(read).toEqual(texts);
    expect(await tenant.data("auth0_update_form", { id, ...read })).toMatchObject(texts);
    // A label that was taken for a secret would vanish from every other text, too.
    expect(await tenant.data("auth0_update_form", { id, name: "Your password" })).toMatchObject({
      name: "Your password",
    });
  });

  test("which is no way out: the same keys elsewhere are withheld", async () => {
    const tenant = await startTenant();
    const made = await tenant.data("auth0_create_application", {
      name: "Metadata",
      client_metadata: { password: "canary-password", api_token: "canary-token" },
    });
    expect(made["client_metadata"]).toEqual({ password: WITHHELD, api_token: WITHHELD });
  });
});
