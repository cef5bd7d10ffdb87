import type { Json, JsonObject } from "../lib/json.ts";
import type { TenantState } from "./state.ts";
import type { Schema } from "./validation.ts";

/** Who calls: read from a verified access token. */
export interface Caller {
  readonly clientId: string;
  /** The user for whom the client calls; absent when it calls for itself. */
  readonly userId?: string;
  readonly scopes: ReadonlySet<string>;
}

export interface SandboxRequest {
  /** Values of the pattern's `:name` segments, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The query after validation: numbers, booleans and arrays as `Route.query` types them. */
  readonly parameters: JsonObject;
  /** Parsed body of POST, PATCH and PUT; always an object there, valid by `Route.body`. */
  readonly body: JsonObject;
  readonly caller: Caller;
}

export interface SandboxAnswer {
  readonly status: number;
  /** Absent for 204. */
  readonly body?: Json;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One operation of the Management API as this tenant serves it. */
export interface Route {
  readonly method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  /** Path below `/api/v2`, for example `/actions/actions/:id/deploy`. */
  readonly pattern: string;
  /** Any one of these lets the caller in. */
  readonly scopes: readonly string[];
  /** Query parameters by name. Absent: the operation takes none, and any is refused. */
  readonly query?: Readonly<Record<string, Schema>>;
  /** The part of the query that counts; the rest is not even checked. Absent: all of it. */
  readonly counted?: (query: URLSearchParams) => URLSearchParams;
  /** What the decoded `:name` segments must be. Absent: any text that is not empty. */
  readonly path?: Readonly<Record<string, Schema>>;
  /** What the body must be. Absent: any object, or no body at all. */
  readonly body?: Schema;
  /** Description of the `sapi` log event that a success leaves, `fapi` on a failure; absent for reads. */
  readonly event?: string;
  handle(request: SandboxRequest, state: TenantState): SandboxAnswer;
}
