import { asString, type JsonObject } from "../../lib/json.ts";
import { pick } from "../objects.ts";
import { describeEventType } from "./event-types.ts";

/**
 * Members of an entry that people outside the tenant's staff write: who tries to log in chooses the user name, the
 * user agent and what the request asks for, and a failed request may name any host, application, connection and organization, and any client library.
 */
export const UNTRUSTED = [
  "description",
  "details",
  "user_name",
  "user_agent",
  "client_id",
  "client_name",
  "connection",
  "connection_id",
  "organization_id",
  "organization_name",
  "hostname",
  "audience",
  "scope",
  "auth0_client",
  "references",
] as const;

const SUMMARY = [
  "log_id",
  "date",
  "type",
  "type_description",
  "description",
  "connection",
  "client_id",
  "client_name",
  "user_id",
  "user_name",
  "ip",
];

/** An entry with the meaning of its type behind the type's code. */
export function withMeaning(entry: JsonObject): JsonObject {
  const code = asString(entry["type"]);
  if (code === undefined) return entry;
  const meaning = describeEventType(code);
  return Object.fromEntries(
    Object.entries(entry).flatMap(([name, value]) =>
      name === "type"
        ? [
            [name, value],
            ["type_description", meaning],
          ]
        : [[name, value]],
    ),
  );
}

/** An entry as a list shows it: the fields asked for, or a summary without what is empty. */
export function summarize(entry: JsonObject, fields: readonly string[] | undefined): JsonObject {
  const whole = withMeaning(entry);
  if (fields !== undefined)
    return pick(whole, [...new Set(["log_id", "type", "type_description", ...fields])]);
  const summary = Object.entries(pick(whole, SUMMARY));
  return Object.fromEntries(summary.filter(([, value]) => value !== null && value !== ""));
}
