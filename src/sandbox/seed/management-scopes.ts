import { managementScopes as scopeNames } from "../../config/management-scopes.ts";
import type { JsonObject } from "../../lib/json.ts";

/** The scopes of the Management API as its resource server lists them. */
export function managementScopes(): JsonObject[] {
  return scopeNames().map((value) => ({
    value,
    description: capitalized(value.replace(":", " ").replaceAll("_", " ")),
  }));
}

function capitalized(text: string): string {
  return text.replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
}
