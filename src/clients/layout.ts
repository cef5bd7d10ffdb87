import { asObject, isObject, type Json, type JsonObject } from "../lib/json.ts";
import type { Place } from "./editors/editor.ts";

/** Where a client keeps its entries, which may depend on how the document is written by now. */
export type Layout = (document: Json | undefined, name: string) => Place;

/** Entries below one key of the document, by their names or as a list. */
export function under(key: string, options: { readonly list?: boolean } = {}): Layout {
  return (_, name) => ({ path: [key], name, ...options });
}

/** Version 2 has its servers one level deeper, beside other settings; both versions are in use. */
export const opencodeLayout: Layout = (document, name) => ({
  path: holdsServers(document, ["mcp", "servers"]) ? ["mcp", "servers"] : ["mcp"],
  name,
});

/** Warp takes its servers from whichever of these keys there is, or from the root. */
export const warpLayout: Layout = (document, name) => {
  const paths = [["mcpServers"], ["mcp_servers"], ["servers"], ["mcp", "servers"]];
  const path = paths.find((candidate) => holdsServers(document, candidate));
  const root = asObject(document) ?? {};
  return { path: path ?? (isFlat(root) ? [] : ["mcpServers"]), name };
};

/** Whether a map of servers is there, rather than a single server that happens to have that name. */
function holdsServers(document: Json | undefined, path: readonly string[]): boolean {
  const value = path.reduce<Json | undefined>((inner, key) => asObject(inner)?.[key], document);
  return isObject(value) && Object.values(value).every(isObject);
}

function isFlat(root: JsonObject): boolean {
  const servers = Object.values(root);
  return (
    servers.length > 0 &&
    servers.every((server) => isObject(server) && ("command" in server || "url" in server))
  );
}
