import { asObject, asObjects, asString, type Json, type JsonObject, parseJson } from "../../src/lib/json.ts";
import { createSandbox, type SandboxOptions, type SandboxTenant } from "../../src/sandbox/tenant.ts";
import { StillClock } from "./resource-harness.ts";

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body when it is an object, else an empty one. */
  readonly object: JsonObject;
  /** The objects of a body that is an array. */
  readonly list: readonly JsonObject[];
  /** `message` of an error. */
  readonly message: string;
}

export interface TenantHarness {
  readonly tenant: SandboxTenant;
  readonly clock: StillClock;
  /** A request with any headers and body; the path is below the tenant's origin. */
  send(path: string, init?: RequestInit): Promise<Reply>;
  /** A Management API call with all scopes, or with those given. */
  call(method: string, path: string, body?: Json, scopes?: readonly string[]): Promise<Reply>;
}

/** A whole tenant under a clock that stands still, without a rate limit unless one is asked for. */
export async function startTenant(options: SandboxOptions = {}): Promise<TenantHarness> {
  const clock = new StillClock();
  const tenant = await createSandbox({
    seed: "empty",
    rateLimit: 0,
    clock,
    domain: "127.0.0.1:4000",
    ...options,
  });
  const send = async (path: string, init: RequestInit = {}): Promise<Reply> => {
    const response = await tenant.handle(new Request(`${tenant.url}${path}`, init));
    const text = await response.text();
    const body = parseJson(text);
    const object = asObject(body) ?? {};
    return {
      status: response.status,
      headers: response.headers,
      text,
      object,
      list: asObjects(body),
      message: asString(object["message"]) ?? "",
    };
  };
  return {
    tenant,
    clock,
    send,
    async call(method, path, body, scopes) {
      const token = await tenant.issueToken(scopes ? { scopes } : {});
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
      const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
      return send(`/api/v2${path}`, init);
    },
  };
}
