import { AppError } from "../lib/errors.ts";
import { asString, isObject, type Json, type JsonObject, sameJson } from "../lib/json.ts";
import type { ApiRequest, LinkedAnswer, Send } from "../management/api.ts";
import type { ApiPath } from "../management/path.ts";
import { requestQuery } from "../management/query.ts";

export interface DryRun {
  /** Sends reads; records everything else and answers it as far as the request itself tells. */
  readonly send: Send;
  /**
   * Requests that would change the tenant: `{method, path, body?, changes?}`. `changes` holds old and new value of
   * every field an update would change: the new one as the API would then show it, which may be more than is sent.
   * `from` is absent when it could not be read.
   */
  readonly writes: readonly JsonObject[];
  /** Whether an old value could not be read for lack of a scope. */
  readonly oldValuesUnknown: boolean;
}

/**
 * A client for one call that changes nothing. What a request would create or change is kept, so that later steps of
 * the same call read it as if it had been sent.
 */
export function createDryRun(send: Send): DryRun {
  const writes: JsonObject[] = [];
  /** Resources as the call has read them. */
  const present = new Map<string, JsonObject>();
  /** Resources as they would be: created, or changed. */
  const planned = new Map<string, JsonObject>();
  const state = { oldValuesUnknown: false };

  /** The resource before an update; `undefined` when the token may not read it. */
  async function before(path: ApiPath, signal: AbortSignal): Promise<JsonObject | undefined> {
    const read = planned.get(path) ?? present.get(path);
    if (read !== undefined) return read;
    try {
      const { body } = await send({ method: "GET", path }, signal);
      return isObject(body) ? body : {};
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "insufficient_scope") throw error;
      return undefined;
    }
  }

  async function read(request: ApiRequest, signal: AbortSignal): Promise<LinkedAnswer> {
    const plan = planned.get(request.path);
    if (plan !== undefined) return { body: plan, next: undefined };
    const answer = await send(request, signal);
    // What a query has cut down is not the resource as it is.
    if (isObject(answer.body) && requestQuery(request) === "") present.set(request.path, answer.body);
    return answer;
  }

  async function update(
    { path, body = {}, forecast }: ApiRequest,
    record: JsonObject,
    signal: AbortSignal,
  ): Promise<Json> {
    const read = await before(path, signal);
    const old = read === undefined || forecast?.showsSettings(read) === false ? undefined : read;
    if (old === undefined) state.oldValuesUnknown = true;
    const changed = old === undefined ? body : (forecast?.after(old) ?? body);
    writes.push({ ...record, changes: changesOf(old, changed) });
    const answer = { ...read, ...changed };
    planned.set(path, answer);
    return answer;
  }

  function create({ path, body }: ApiRequest, record: JsonObject): Json {
    writes.push(record);
    const id = asString(body?.["id"]) ?? `<new ${writes.length}>`;
    const answer: JsonObject = { ...body, id };
    planned.set(`${path}/${encodeURIComponent(id)}`, answer);
    return answer;
  }

  return {
    writes,
    get oldValuesUnknown() {
      return state.oldValuesUnknown;
    },
    async send(request, signal) {
      if (request.method === "GET") return read(request, signal);
      const record = recordOf(request);
      if (request.method === "PATCH" || request.method === "PUT") {
        return { body: await update(request, record, signal), next: undefined };
      }
      if (request.method === "POST") return { body: create(request, record), next: undefined };
      writes.push(record);
      return { body: null, next: undefined };
    },
  };
}

/** A stand-in id is shown as such, and not as it stands in a URL. */
function recordOf(request: ApiRequest): JsonObject {
  const path = request.path.replace(/%3Cnew%20(\d+)%3E/g, "<new $1>");
  const { method, body } = request;
  return { method, path: `/api/v2${path}${requestQuery(request)}`, ...(body === undefined ? {} : { body }) };
}

function changesOf(old: JsonObject | undefined, changed: JsonObject): JsonObject {
  if (old === undefined)
    return Object.fromEntries(Object.entries(changed).map(([name, to]) => [name, { to }]));
  const changes = Object.entries(changed).map(
    ([name, to]) => [name, { from: old[name] ?? null, to }] as const,
  );
  return Object.fromEntries(changes.filter(([, { from, to }]) => !sameJson(from, to)));
}

/** What the model should know of a dry run beside its requests. */
export function dryRunNotices({ writes, oldValuesUnknown }: DryRun): string[] {
  return [
    writes.length === 0 ? "Nothing would be changed." : "Nothing was changed: these requests were not sent.",
    ...(oldValuesUnknown ? ["The old values are not shown: the token lacks the scope to read them."] : []),
  ];
}
