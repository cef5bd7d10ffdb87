import { generateKeyPairSync } from "node:crypto";
import { asObject, asString, type JsonObject } from "../../src/lib/json.ts";
import type { SandboxTenant } from "../../src/sandbox/tenant.ts";

export interface KeyApplication {
  readonly clientId: string;
  /** Its private key. */
  readonly pem: string;
}

/** Gives a tenant an application that proves itself by a key (private_key_jwt) and may read applications. */
export async function addKeyApplication(tenant: SandboxTenant): Promise<KeyApplication> {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const authorization = `Bearer ${await tenant.issueToken()}`;
  const create = async (path: string, body: JsonObject) => {
    const request = new Request(`${tenant.url}/api/v2/${path}`, {
      method: "POST",
      headers: { authorization, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const answer = await tenant.handle(request);
    if (answer.status !== 201) throw new Error(`${path}: ${await answer.text()}`);
    return asObject(await answer.json());
  };
  const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
  const created = await create("clients", {
    name: "Nightly job",
    grant_types: ["client_credentials"],
    jwt_configuration: { alg: "RS256" },
    client_authentication_methods: {
      private_key_jwt: { credentials: [{ credential_type: "public_key", pem }] },
    },
  });
  const clientId = asString(created?.["client_id"]) ?? "";
  const audience = `${tenant.url}/api/v2/`;
  await create("client-grants", { client_id: clientId, audience, scope: ["read:clients"] });
  return { clientId, pem: privateKey.export({ type: "pkcs8", format: "pem" }).toString() };
}
