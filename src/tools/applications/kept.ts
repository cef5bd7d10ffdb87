import { asObject, type JsonObject } from "../../lib/json.ts";

/** Settings that follow from the kind of expiry, unless someone set them. */
const LIFETIMES = [
  "token_lifetime",
  "idle_token_lifetime",
  "infinite_token_lifetime",
  "infinite_idle_token_lifetime",
];

/**
 * What an update sends along of the application's present nested objects, so that they keep it: all but what the API
 * refuses to be sent, and what contradicts the given settings.
 */
export function keptSettings(present: JsonObject, given: JsonObject): JsonObject {
  const refreshToken = asObject(present["refresh_token"]) ?? {};
  const obsolete = obsoleteLifetimes(refreshToken, asObject(given["refresh_token"]) ?? {});
  return {
    ...present,
    // The API shows this member and refuses it in an update.
    jwt_configuration: without(asObject(present["jwt_configuration"]) ?? {}, ["secret_encoded"]),
    refresh_token: without(refreshToken, obsolete),
  };
}

/** An infinite lifetime would win over the one that is given, and other kinds of expiry have other lifetimes. */
function obsoleteLifetimes(present: JsonObject, given: JsonObject): string[] {
  if (given["expiration_type"] !== present["expiration_type"]) return LIFETIMES;
  return Object.keys(given).map((name) => `infinite_${name}`);
}

function without(members: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([name]) => !names.includes(name)));
}
