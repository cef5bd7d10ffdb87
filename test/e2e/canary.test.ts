import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ServedTenant, serveTenant } from "../../scripts/support/tenants.ts";
import { asString, isObject, parseJson } from "../../src/lib/json.ts";
import { bareEnvironment, executable } from "../support/executable.ts";

let served: ServedTenant;
beforeAll(async () => {
  served = await serveTenant({ tokenTtl: 2_000, rateLimit: 0, signIn: { decision: "approve" } });
});
afterAll(() => served.stop());

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "auth0-mcp-"));
});
afterEach(() => rmSync(home, { recursive: true }));

/** Everything that left the program: both streams of every run, and the command lines of every process it was. */
let seen = "";
let secrets = new Set<string>();

async function run(args: readonly string[], extra: Record<string, string> = {}, stdin = ""): Promise<number> {
  const env = { HOME: home, AUTH0_MCP_STORE: "file", DEBUG: "auth0-mcp", ...extra };
  const child = Bun.spawn([await executable(), ...args], {
    env: bareEnvironment(env),
    stdin: Buffer.from(stdin),
    stdout: "pipe",
    stderr: "pipe",
  });
  const commandLines = setInterval(() => {
    for (const pid of [child.pid, ...childrenOf(child.pid)]) seen += commandLine(pid);
  }, 5);
  const streams = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  const code = await child.exited;
  clearInterval(commandLines);
  seen += streams.join("\n");
  keepSecretsOfStore();
  return code;
}

function childrenOf(pid: number): number[] {
  return readOrNothing(`/proc/${pid}/task/${pid}/children`).split(" ").map(Number).filter(Boolean);
}

function commandLine(pid: number): string {
  return readOrNothing(`/proc/${pid}/cmdline`);
}

/** A process may have ended by the time it is looked at. */
function readOrNothing(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error) return "";
    throw error;
  }
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((file) => statSync(file).isFile());
}

const isStore = (file: string) => file.includes("/sessions/");

/** Whatever the store holds is a secret from now on. */
function keepSecretsOfStore(): void {
  for (const file of filesBelow(home).filter(isStore)) {
    const record = parseJson(readFileSync(file, "utf8"));
    if (!isObject(record)) continue;
    for (const name of ["access_token", "refresh_token", "client_secret", "private_key"]) {
      const value = asString(record[name]);
      if (value !== undefined) secrets.add(value);
    }
  }
}

function expectNoSecret(): void {
  const elsewhere = filesBelow(home)
    .filter((file) => !isStore(file))
    .map((file) => `${file}\n${readFileSync(file, "utf8")}`)
    .join("\n");
  for (const secret of secrets) {
    // Of a key or a token any long part is too much.
    const parts = [
      secret,
      ...secret.split(/[\r\n.]/).filter((part) => part.length > 40 && !part.startsWith("eyJhbGci")),
    ];
    for (const part of parts) {
      expect(seen.includes(part) ? `${part.slice(0, 12)}… was told` : "").toBe("");
      expect(elsewhere.includes(part) ? `${part.slice(0, 12)}… stands in a file` : "").toBe("");
    }
  }
}

beforeEach(() => {
  seen = "";
  secrets = new Set();
});

/** Looks, works, fails, renews and leaves, with every step followed. */
async function useSession(): Promise<void> {
  const call = ["tools", "call"];
  expect(await run(["session"])).toBe(0);
  expect(await run(["session", "--json"])).toBe(0);
  expect(await run(["tenants", "list", "--json"])).toBe(0);
  expect(await run([...call, "auth0_list_applications"])).toBe(0);
  expect(await run([...call, "auth0_get_application", "--args", '{"client_id":"nobody"}'])).toBe(5);
  await Bun.sleep(2_100);
  expect(await run([...call, "auth0_list_applications"])).toBe(0);
  expect(await run(["run"])).toBe(0);
}

test("tokens and refresh tokens of a device sign-in", async () => {
  const authority = { AUTH0_MCP_LOGIN_DOMAIN: served.tenant.domain };
  expect(await run(["login", "--scopes", "*:clients", "--no-interaction"], authority)).toBe(0);
  await useSession();
  expect(secrets.size).toBeGreaterThanOrEqual(4);
  // A refresh token that somebody else has spent: the renewal is refused.
  served.tenant.state.refreshTokens.clear();
  await Bun.sleep(2_100);
  expect(await run(["session"])).toBe(3);
  expect(await run(["tools", "call", "auth0_list_applications"])).not.toBe(0);
  expect(await run(["logout"])).toBe(0);
  expectNoSecret();
});

test("a client secret, right and wrong", async () => {
  const { domain, clientId, clientSecret } = served.tenant;
  const login = ["login", "--auth0-domain", domain, "--auth0-client-id", clientId];
  secrets.add("wrong-canary-secret").add(clientSecret);
  expect(await run([...login, "--auth0-client-secret-stdin"], {}, "wrong-canary-secret")).toBe(3);
  expect(await run(login, { AUTH0_CLIENT_SECRET: "wrong-canary-secret" })).toBe(3);
  expect(await run([...login, "--auth0-client-secret-stdin"], {}, clientSecret)).toBe(0);
  await useSession();
  expect(await run(["logout"])).toBe(0);
  const application = { AUTH0_DOMAIN: domain, AUTH0_CLIENT_ID: clientId, AUTH0_CLIENT_SECRET: clientSecret };
  expect(await run(["tools", "call", "auth0_list_applications"], application)).toBe(0);
  expect(await run(["session"], { ...application, AUTH0_CLIENT_SECRET: "wrong-canary-secret" })).toBe(3);
  expectNoSecret();
});

test("a private key", async () => {
  const { domain } = served.tenant;
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const clientId = await machineWithKey(publicKey.export({ type: "spki", format: "pem" }).toString());
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const file = join(home, "sessions", "key.pem");
  await Bun.write(file, pem);
  secrets.add(pem);
  const login = ["login", "--auth0-domain", domain, "--auth0-client-id", clientId, "--auth0-private-key"];
  const damaged = join(home, "sessions", "damaged.pem");
  writeFileSync(damaged, pem.replace("-----END", "-----ENDE"));
  expect(await run([...login, damaged])).toBe(2);
  expect(await run([...login, file])).toBe(0);
  await useSession();
  expect(await run(["logout"])).toBe(0);
  expectNoSecret();
});

async function machineWithKey(pem: string): Promise<string> {
  const headers = {
    authorization: `Bearer ${await served.tenant.issueToken({ ttl: 60_000 })}`,
    "content-type": "application/json",
  };
  const post = async (path: string, body: unknown) =>
    (
      await fetch(`${served.tenant.url}/api/v2${path}`, {
        method: "POST",
        headers,
        body: JSON.stringify(body),
      })
    ).json();
  const credentials = [{ credential_type: "public_key", pem }];
  const client: unknown = await post("/clients", {
    name: "Job",
    grant_types: ["client_credentials"],
    jwt_configuration: { alg: "RS256" },
    client_authentication_methods: { private_key_jwt: { credentials } },
  });
  const clientId = isObject(client) ? (asString(client["client_id"]) ?? "") : "";
  const audience = `${served.tenant.url}/api/v2/`;
  await post("/client-grants", { client_id: clientId, audience, scope: ["read:clients"] });
  return clientId;
}

test("the private key that a tenant shows with every application", async () => {
  const [shown] = served.tenant.state.signingKeys;
  const key = asString(shown?.["key"]) ?? "";
  expect(key).toContain("PRIVATE KEY");
  secrets.add(key).add(asString(shown?.["pkcs7"]) ?? "");
  const token = {
    AUTH0_DOMAIN: served.tenant.domain,
    AUTH0_TOKEN: await served.tenant.issueToken({ ttl: 60_000 }),
  };
  const { clientId } = served.tenant;
  for (const [tool, args] of [
    ["auth0_get_application", { client_id: clientId }],
    ["auth0_get_application", { client_id: clientId, fields: ["signing_keys"] }],
    ["auth0_list_applications", { fields: ["signing_keys"] }],
    ["auth0_update_application", { client_id: clientId, description: "Looked at" }],
    ["auth0_create_application", { name: "Canary", app_type: "spa" }],
  ] as const) {
    expect(await run(["tools", "call", tool, "--args", JSON.stringify(args)], token)).toBe(0);
  }
  expect(seen).toContain("signing_keys");
  expectNoSecret();
});
