import { beforeEach, describe, expect, test } from "bun:test";
import { constants, createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { asObject, asObjects, type JsonObject } from "../../src/lib/json.ts";
import { selfSignedCertificate } from "../../src/sandbox/certificate.ts";
import { type Reply, startTenant, type TenantHarness } from "./tenant-harness.ts";

const spki = { type: "spki", format: "pem" } as const;
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const rsaPem = rsa.publicKey.export(spki).toString();
const ecPem = ec.publicKey.export(spki).toString();
const minute = 60;

let harness: TenantHarness;
beforeEach(async () => {
  harness = await startTenant();
});

function register(credential: JsonObject): Promise<Reply> {
  return harness.call("POST", "/clients", {
    name: "Job",
    grant_types: ["client_credentials"],
    jwt_configuration: { alg: "RS256" },
    client_authentication_methods: {
      private_key_jwt: { credentials: [{ credential_type: "public_key", ...credential }] },
    },
  });
}

/** An application with one credential that may read applications. */
async function machine(credential: JsonObject = { pem: rsaPem }): Promise<string> {
  const { status, object } = await register(credential);
  expect(status).toBe(201);
  const clientId = String(object["client_id"]);
  const audience = `${harness.tenant.url}/api/v2/`;
  await harness.call("POST", "/client-grants", { client_id: clientId, audience, scope: ["read:clients"] });
  return clientId;
}

const shownCredential = ({ object }: Reply) => {
  const method = asObject(asObject(object["client_authentication_methods"])?.["private_key_jwt"]);
  return asObjects(method?.["credentials"])[0];
};

interface Signature {
  readonly alg?: string;
  readonly key?: KeyObject;
  readonly header?: JsonObject;
  readonly claims?: JsonObject;
}

function assertionOf(clientId: string, { alg = "RS256", key, header, claims }: Signature = {}): string {
  const encode = (value: JsonObject) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = harness.clock.now() / 1000;
  const own = { iss: clientId, sub: clientId, aud: `${harness.tenant.url}/`, iat: now, exp: now + minute };
  const content = `${encode({ alg, ...header })}.${encode({ ...own, jti: crypto.randomUUID(), ...claims })}`;
  const padding = alg.startsWith("PS") ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } : {};
  const signature = sign(alg.endsWith("384") ? "sha384" : "sha256", Buffer.from(content), {
    key: key ?? rsa.privateKey,
    dsaEncoding: "ieee-p1363",
    ...padding,
  });
  return `${content}.${signature.toString("base64url")}`;
}

function exchange(assertion: string, more: Record<string, string> = {}): Promise<Reply> {
  const form = {
    grant_type: "client_credentials",
    audience: `${harness.tenant.url}/api/v2/`,
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: assertion,
    ...more,
  };
  return harness.send("/oauth/token", { method: "POST", body: JSON.stringify(form) });
}

const refusal = ({ status, object }: Reply) => [status, object["error"], object["error_description"]];

describe("registration", () => {
  const short = generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey.export(spki).toString();
  const curve = generateKeyPairSync("ec", { namedCurve: "P-384" }).publicKey.export(spki).toString();
  const secret = rsa.privateKey.export({ type: "pkcs8", format: "pem" }).toString();

  test.each<[string, JsonObject, string]>([
    ["garbage", { pem: "garbage" }, "Not a public key or certificate in PEM form"],
    [
      "a damaged key",
      { pem: "-----BEGIN PUBLIC KEY-----\nabc\n-----END PUBLIC KEY-----" },
      "Not a public key or certificate in PEM form",
    ],
    ["a private key", { pem: secret }, "Not a public key or certificate in PEM form"],
    ["a short key", { pem: short }, "RSA key is too short (1024 bits), minimum 2048"],
    ["another curve", { pem: curve }, "Unsupported kind of key"],
    ["an EC key for RSA's algorithm", { pem: ecPem, alg: "RS256" }, "The key cannot be used with RS256"],
  ])("refuses %s", async (_name, credential, problem) => {
    const { status, object, message } = await register(credential);
    expect([status, object["errorCode"]]).toEqual([400, "invalid_body"]);
    const place = "client_authentication_methods.private_key_jwt.credentials[0].pem";
    expect(message).toBe(`Payload validation error: '${problem}' on property ${place}.`);
    expect(harness.tenant.state.credentials.size).toBe(0);
  });

  test("keeps no credential of an application that is refused for something else", async () => {
    const credentials = [{ credential_type: "public_key", pem: rsaPem }];
    const { status } = await harness.call("POST", "/clients", {
      name: "Job",
      client_authentication_methods: { private_key_jwt: { credentials } },
    });
    expect([status, harness.tenant.state.credentials.size]).toEqual([400, 0]);
  });

  test("names the key by its thumbprint and tells the algorithm", async () => {
    const { n, e } = rsa.publicKey.export({ format: "jwk" });
    const kid = createHash("sha256").update(`{"e":"${e}","kty":"RSA","n":"${n}"}`).digest("base64url");
    expect(shownCredential(await register({ pem: rsaPem }))).toMatchObject({ kid, alg: "RS256" });
    const own = { pem: rsaPem, kid: "my-own-key-1", alg: "PS256" };
    expect(shownCredential(await register(own))).toMatchObject({ kid: "my-own-key-1", alg: "PS256" });
    expect(shownCredential(await register({ pem: ecPem }))).toMatchObject({ alg: "ES256" });
  });

  test("takes a certificate, and its expiry where that is wanted", async () => {
    const { pem } = selfSignedCertificate("job", rsa, harness.clock.now());
    const shown = shownCredential(await register({ pem, parse_expiry_from_cert: true }));
    expect(shown?.["expires_at"]).toMatch(/^2036-/);
    const clientId = await machine({ pem });
    expect((await exchange(assertionOf(clientId))).status).toBe(200);
  });
});

describe("an assertion", () => {
  test.each(["RS256", "RS384", "PS256"])("by the credential's algorithm %s holds", async (alg) => {
    const clientId = await machine({ pem: rsaPem, alg });
    expect((await exchange(assertionOf(clientId, { alg }))).status).toBe(200);
  });

  test.each([
    ["RS384", "RS256"],
    ["RS256", "PS256"],
    ["RS256", "none"],
  ])("for a credential of %s by %s is refused", async (alg, other) => {
    const clientId = await machine({ pem: rsaPem, alg });
    const description = "client_assertion has another algorithm than the client's credential";
    expect(refusal(await exchange(assertionOf(clientId, { alg: other })))).toEqual([
      401,
      "invalid_client",
      description,
    ]);
  });

  test("names its client itself, so that the form need not", async () => {
    const clientId = await machine();
    expect((await exchange(assertionOf(clientId))).object).toMatchObject({ scope: "read:clients" });
    const other = await exchange(assertionOf(clientId), { client_id: harness.tenant.clientId });
    expect(other.status).toBe(401);
    expect(refusal(await exchange("garbage"))[0]).toBe(400);
  });

  test("names a key of the client, or none", async () => {
    const clientId = await machine({ pem: rsaPem, kid: "my-own-key-1" });
    expect((await exchange(assertionOf(clientId, { header: { kid: "my-own-key-1" } }))).status).toBe(200);
    expect(refusal(await exchange(assertionOf(clientId, { header: { kid: "another-key" } })))).toEqual([
      401,
      "invalid_client",
      "client_assertion is by a key that the client does not have",
    ]);
  });

  test("expires within five minutes", async () => {
    const clientId = await machine();
    const exp = Math.floor(harness.clock.now() / 1000) + 5 * minute;
    expect((await exchange(assertionOf(clientId, { claims: { exp } }))).status).toBe(200);
    expect(refusal(await exchange(assertionOf(clientId, { claims: { exp: exp + 1 } })))).toEqual([
      401,
      "invalid_client",
      "client_assertion expires more than 300 seconds ahead",
    ]);
  });

  test("is used once, whichever assertion its jti comes in", async () => {
    const clientId = await machine();
    const claims = { jti: "only-once" };
    expect((await exchange(assertionOf(clientId, { claims }))).status).toBe(200);
    harness.clock.advance(1_000);
    expect(refusal(await exchange(assertionOf(clientId, { claims })))).toEqual([
      401,
      "invalid_client",
      "client_assertion was used before",
    ]);
    harness.clock.advance(2 * minute * 1000);
    expect((await exchange(assertionOf(clientId, { claims }))).status).toBe(200);
    expect(harness.tenant.state.usedAssertions.size).toBe(1);
  });

  test("is of no use once the credential has expired", async () => {
    const expiry = new Date(harness.clock.now() + minute * 1000).toISOString();
    const clientId = await machine({ pem: rsaPem, expires_at: expiry });
    expect((await exchange(assertionOf(clientId))).status).toBe(200);
    harness.clock.advance(minute * 1000);
    expect(refusal(await exchange(assertionOf(clientId)))).toEqual([
      401,
      "invalid_client",
      "The client's credential has expired",
    ]);
  });
});

describe("a client's credentials", () => {
  async function created(): Promise<{ path: string; credential: JsonObject; clientId: string }> {
    const clientId = await machine();
    const body = { credential_type: "public_key", name: "second", pem: ecPem };
    const { status, object } = await harness.call("POST", `/clients/${clientId}/credentials`, body);
    expect(status).toBe(201);
    return { path: `/clients/${clientId}/credentials/${object["id"]}`, credential: object, clientId };
  }

  test("are listed, read, given an expiry and deleted; twice is once", async () => {
    const { path, credential, clientId } = await created();
    expect(credential).toMatchObject({ name: "second", credential_type: "public_key", alg: "ES256" });
    expect(credential).not.toHaveProperty("pem");
    const list = `/clients/${clientId}/credentials?include_totals=true&per_page=1`;
    expect((await harness.call("GET", list)).list).toHaveLength(2);
    expect((await harness.call("GET", path)).object).toEqual({ ...credential, expires_at: null });
    harness.clock.advance(1_000);
    const changed = await harness.call("PATCH", path, { expires_at: "2026-05-16T11:07:30.535694+02:00" });
    expect(changed.object).toMatchObject({
      expires_at: "2026-05-16T09:07:30.535Z",
      updated_at: "2026-05-04T10:00:01.000Z",
    });
    for (let time = 0; time < 2; time += 1) expect((await harness.call("DELETE", path)).status).toBe(204);
    const gone = await harness.call("GET", path);
    expect([gone.status, gone.object["errorCode"]]).toEqual([404, "inexistent_credential"]);
    expect((await harness.call("GET", list)).list).toHaveLength(1);
  });

  test("are in use once the client refers to them, and no longer when they are deleted", async () => {
    const { path, credential, clientId } = await created();
    const byNew = () => exchange(assertionOf(clientId, { alg: "ES256", key: ec.privateKey }));
    expect((await byNew()).status).toBe(401);
    const credentials = [{ id: credential["id"] ?? null }];
    const settings = { client_authentication_methods: { private_key_jwt: { credentials } } };
    expect((await harness.call("PATCH", `/clients/${clientId}`, settings)).status).toBe(200);
    expect((await byNew()).status).toBe(200);
    expect((await exchange(assertionOf(clientId))).status).toBe(401);
    await harness.call("DELETE", path);
    expect((await byNew()).status).toBe(401);
    const { object } = await harness.call("GET", `/clients/${clientId}`);
    expect(object["client_authentication_methods"]).toEqual({ private_key_jwt: { credentials: [] } });
  });

  test("belong to their client and go with it", async () => {
    const { path, credential, clientId } = await created();
    const other = await machine();
    const elsewhere = `/clients/${other}/credentials/${credential["id"]}`;
    expect((await harness.call("GET", elsewhere)).status).toBe(404);
    await harness.call("DELETE", elsewhere);
    expect((await harness.call("GET", path)).status).toBe(200);
    await harness.call("DELETE", `/clients/${clientId}`);
    expect((await harness.call("GET", path)).object["errorCode"]).toBe("inexistent_client");
    expect(harness.tenant.state.credentials.size).toBe(1);
  });

  test("of certificates show a thumbprint and an expiry, or a subject", async () => {
    const { clientId } = await created();
    const { pem } = selfSignedCertificate("job.example.com", rsa, harness.clock.now());
    const create = (body: JsonObject) => harness.call("POST", `/clients/${clientId}/credentials`, body);
    expect((await create({ credential_type: "x509_cert", pem })).object).toMatchObject({
      thumbprint_sha256: expect.stringMatching(/^[\w-]{43}$/),
      expires_at: expect.stringMatching(/^2036-/),
    });
    const subject = await create({ credential_type: "cert_subject_dn", pem });
    expect(subject.object["subject_dn"]).toBe("CN=job.example.com");
    for (const credential_type of ["x509_cert", "cert_subject_dn"]) {
      expect((await create({ credential_type, pem: rsaPem })).message).toBe(
        "Payload validation error: 'Not a certificate in PEM form' on property pem.",
      );
    }
  });
});
