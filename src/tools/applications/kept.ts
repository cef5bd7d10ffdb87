import { asObject, type JsonObject } from "../../lib/json.ts";
import { pick } from "../objects.ts";

/** Settings that follow from the kind of expiry, unless someone set them. */
const LIFETIMES = [
  "token_lifetime",
  "idle_token_lifetime",
  "infinite_token_lifetime",
  "infinite_idle_token_lifetime",
];

/** What the API shows in `jwt_configuration`, keeps whatever is sent, and refuses in an update. */
const FIXED_IN_JWT = ["secret_encoded"];

/**
 * What an update sends along of the application's present nested objects, so that they keep it: all but what the API
 * refuses to be sent, and what contradicts the given settings.
 */
export function keptSettings(present: JsonObject, given: JsonObject): JsonObject {
  const refreshToken = asObject(present["refresh_token"]) ?? {};
  const obsolete = obsoleteLifetimes(refreshToken, asObject(given["refresh_token"]) ?? {});
  return {
    ...present,
    jwt_configuration: without(asObject(present["jwt_configuration"]) ?? {}, FIXED_IN_JWT),
    refresh_token: without(refreshToken, obsolete),
  };
}

/**
 * The members of an update's body as the application will have them: the API merges metadata by itself, where `null`
 * and the empty text remove a key, and keeps what it does not let be changed.
 */
export function changedSettings(present: JsonObject, body: JsonObject): JsonObject {
  const metadata = asObject(body["client_metadata"]);
  const jwt = asObject(body["jwt_configuration"]);
  return {
    ...body,
    ...(metadata && { client_metadata: merged(asObject(present["client_metadata"]) ?? {}, metadata) }),
    ...(jwt && {
      jwt_configuration: { ...pick(asObject(present["jwt_configuration"]) ?? {}, FIXED_IN_JWT), ...jwt },
    }),
  };
}

function merged(present: JsonObject, changes: JsonObject): JsonObject {
  const entries = Object.entries({ ...present, ...changes });
  return Object.fromEntries(entries.filter(([, value]) => value !== null && value !== ""));
}

/** An infinite lifetime would win over the one that is given, and other kinds of expiry have other lifetimes. */
function obsoleteLifetimes(present: JsonObject, given: JsonObject): string[] {
  const { expiration_type: expiry = present["expiration_type"] } = given;
  if (expiry !== present["expiration_type"]) return LIFETIMES;
  return Object.keys(given).map((name) => `infinite_${name}`);
}

function without(members: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([name]) => !names.includes(name)));
}
