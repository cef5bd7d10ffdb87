import type { Schema } from "../validation.ts";

/** The three places of a client that hold credentials. */
export type CredentialPlace = "methods" | "requests" | "vault";

const name = { type: "string", maxLength: 128 } as const satisfies Schema;
const pem = { type: "string", minLength: 1, maxLength: 4096 } as const satisfies Schema;

const publicKey: Schema = {
  type: "object",
  required: ["credential_type", "pem"],
  properties: {
    credential_type: { type: "string", enum: ["public_key"] },
    name,
    pem: { type: "string" },
    alg: { type: "string", enum: ["RS256", "RS384", "PS256"] },
    parse_expiry_from_cert: { type: "boolean" },
    expires_at: { type: "string", format: "date-time" },
    kid: { type: "string", pattern: /^([0-9a-zA-Z-_]{10,64})$/ },
  },
};

const subjectName: Schema = {
  type: "object",
  required: ["credential_type"],
  properties: {
    credential_type: { type: "string", enum: ["cert_subject_dn"] },
    name,
    subject_dn: { type: "string", minLength: 1, maxLength: 256 },
    pem,
  },
};

const certificate: Schema = {
  type: "object",
  required: ["credential_type", "pem"],
  properties: { credential_type: { type: "string", enum: ["x509_cert"] }, name, pem },
};

const reference: Schema = {
  type: "object",
  required: ["id"],
  properties: { id: { type: "string", format: "credential-id" } },
};

/** Body of POST /clients/{id}/credentials: one schema for all types. */
export const createCredentialSchema: Schema = {
  type: "object",
  required: ["credential_type"],
  properties: {
    ...subjectName.properties,
    ...publicKey.properties,
    credential_type: { type: "string", enum: ["public_key", "cert_subject_dn", "x509_cert"] },
  },
};

/** Body of PATCH /clients/{id}/credentials/{id}. */
export const updateCredentialSchema: Schema = {
  type: "object",
  minProperties: 1,
  properties: { expires_at: { type: ["string", "null"], format: "date-time" } },
};

/** Fully described credentials, as a creation takes them. */
export function credentialList(place: CredentialPlace): Schema {
  return holder(place, publicKey, subjectName, certificate);
}

/** References to credentials that the client has already, as an update takes them. */
export function credentialReferences(place: CredentialPlace): Schema {
  return holder(place, reference, reference, reference);
}

function holder(place: CredentialPlace, key: Schema, subject: Schema, selfSigned: Schema): Schema {
  const list = (items: Schema): Schema => ({ type: "array", items });
  const method = (items: Schema): Schema => ({
    type: "object",
    required: ["credentials"],
    properties: { credentials: list(items) },
  });
  switch (place) {
    case "methods":
      return {
        type: "object",
        minProperties: 1,
        maxProperties: 1,
        properties: {
          private_key_jwt: method(key),
          tls_client_auth: method(subject),
          self_signed_tls_client_auth: method(selfSigned),
        },
      };
    case "requests":
      return { type: "object", properties: { required: { type: "boolean" }, credentials: list(key) } };
    case "vault":
      return {
        type: "object",
        required: ["credentials"],
        properties: { credentials: list(key), ip_allowlist: list({ type: "string" }) },
      };
  }
}
