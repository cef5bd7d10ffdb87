import { isObject, type Json, type JsonObject } from "../lib/json.ts";
import {
  holdsSecret,
  holdsSecretObjects,
  isIdentity,
  isPlainName,
  isPrivateKeyPart,
} from "./secret-names.ts";

/** What stands in an answer in place of a secret. Arguments that hold it are refused, so it is never written back. */
export const WITHHELD = "[withheld by auth0-mcp]";

/** Who is told what a value holds. */
export interface Finder {
  secret(secret: string, name: string): void;
  /** A value that names a thing, such as a client id. */
  identity?(identity: string): void;
}

/**
 * The object with every string in a secret place replaced; the same object when there is none.
 *
 * @param path names of the members on the way to it; the callee adds its own and takes them off again
 */
export function withholdMembers(value: JsonObject, path: string[], finder: Finder): JsonObject {
  // Answers hold thousands of members, and hardly any has to be looked at twice.
  const below = isPlainName(path[path.length - 1]);
  const isKey = typeof value["kty"] === "string";
  let changed: JsonObject | undefined;
  for (const name of Object.keys(value)) {
    const item = value[name];
    if (item === undefined || item === null || typeof item === "number" || typeof item === "boolean")
      continue;
    if (typeof item === "string" && (item === "" || (below && !isKey && isPlainName(name)))) {
      if (finder.identity !== undefined && isIdentity(name)) finder.identity(item);
      continue;
    }
    path.push(name);
    const secret = typeof item === "string" && isPrivateKeyPart(name, value);
    const clean = secret ? withhold(item, name, finder) : withholdByName(item, path, finder);
    path.pop();
    if (clean === item) continue;
    changed ??= { ...value };
    changed[name] = clean;
  }
  return changed ?? value;
}

function withholdByName(value: Json, path: string[], finder: Finder): Json {
  if (typeof value === "string") {
    return value === "" || !holdsSecret(path) ? value : withhold(value, path.at(-1) ?? "", finder);
  }
  if (Array.isArray(value)) {
    const objects = value.some(isObject) && holdsSecretObjects(path);
    const items = value.map((item) =>
      objects && isObject(item)
        ? withholdStrings(item, path.at(-1) ?? "", finder)
        : withholdByName(item, path, finder),
    );
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  return isObject(value) ? withholdMembers(value, path, finder) : value;
}

/** A value with every string in it replaced. */
function withholdStrings(value: Json, name: string, finder: Finder): Json {
  if (typeof value === "string") return value === "" ? value : withhold(value, name, finder);
  if (Array.isArray(value)) return value.map((item) => withholdStrings(item, name, finder));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, withholdStrings(item, name, finder)]),
  );
}

function withhold(secret: string, name: string, finder: Finder): string {
  finder.secret(secret, name);
  return WITHHELD;
}
