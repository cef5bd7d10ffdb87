import type { Json, JsonObject } from "../lib/json.ts";
import type { RetryAllowance } from "./allowance.ts";
import type { ApiPath } from "./path.ts";

export type QueryValue = string | number | boolean | readonly string[] | undefined;
/** Query parameters; `undefined` ones are left out, lists are joined by commas as the API expects. */
export type Query = Readonly<Record<string, QueryValue>>;

/** An answer with the next checkpoint, where the operation sends it in a `Link` header. */
export interface LinkedAnswer {
  readonly body: Json;
  /** Query of the `rel="next"` link. The address itself is never followed. */
  readonly next: URLSearchParams | undefined;
}

/** What a reading tool gets: it has no way to change the tenant. */
export interface ReadApi {
  get(path: ApiPath, query?: Query): Promise<Json>;
  getLinked(path: ApiPath, query?: Query): Promise<LinkedAnswer>;
}

/**
 * What a writing tool gets. Bodies are sent as JSON. An empty answer is a success that tells nothing: an object without
 * members, or `null` for a deletion.
 */
export interface WriteApi extends ReadApi {
  post(path: ApiPath, body?: JsonObject): Promise<Json>;
  patch(path: ApiPath, body: JsonObject, forecast?: Forecast): Promise<Json>;
  put(path: ApiPath, body: JsonObject): Promise<Json>;
  delete(path: ApiPath, query?: Query): Promise<Json>;
}

/** What an update makes of a resource, for whoever tells it in place of sending the request. */
export interface Forecast {
  /** Whether a resource, as it was read, shows its settings and is no summary without them. */
  showsSettings(present: JsonObject): boolean;
  /** The members that are sent, as the resource will have them afterwards. */
  after(present: JsonObject): JsonObject;
}

export type Method = "GET" | "POST" | "PATCH" | "PUT" | "DELETE";

export interface ApiRequest {
  readonly method: Method;
  readonly path: ApiPath;
  readonly query?: Query | undefined;
  readonly body?: JsonObject | undefined;
  /** Where the resource will hold more than the new values in the place of present ones. */
  readonly forecast?: Forecast | undefined;
}

/**
 * Sends one request for one call and returns its answer.
 *
 * @param allowance the call's time for repeating requests; a request without one has all of it for itself
 */
export type Send = (
  request: ApiRequest,
  signal: AbortSignal,
  allowance?: RetryAllowance,
) => Promise<LinkedAnswer>;

/** The client of one call: every request carries the call's abort signal. */
export function writeApi(send: Send, signal: AbortSignal): WriteApi {
  const body = async (request: ApiRequest) => (await send(request, signal)).body ?? {};
  return {
    ...readApi(send, signal),
    post: (path, payload) => body({ method: "POST", path, body: payload }),
    patch: (path, payload, forecast) => body({ method: "PATCH", path, body: payload, forecast }),
    put: (path, payload) => body({ method: "PUT", path, body: payload }),
    delete: async (path, query) => (await send({ method: "DELETE", path, query }, signal)).body,
  };
}

/** The client of a reading call. Nothing but GET leaves it, whatever the tool tries. */
export function readApi(send: Send, signal: AbortSignal): ReadApi {
  return {
    get: async (path, query) => (await send({ method: "GET", path, query }, signal)).body,
    getLinked: (path, query) => send({ method: "GET", path, query }, signal),
  };
}
