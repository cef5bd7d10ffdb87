import { describe, expect, test } from "bun:test";
import type { Json } from "../../src/lib/json.ts";
import { expectedScopes, refusalError, unreachableError } from "../../src/management/errors.ts";
import { path } from "../../src/management/path.ts";
import { connectionError, TOKEN, tokenSource } from "./harness.ts";

const get = { method: "GET", path: path`/clients` } as const;
const post = { method: "POST", path: path`/clients`, body: {} } as const;

function refused(status: number, body: Json | undefined, request: typeof get | typeof post = get) {
  return refusalError({ status, body, requestId: "req-1", retryAfter: undefined }, request, tokenSource());
}

describe("every known refusal becomes a code, keeps the API's words and says what to do", () => {
  test.each([
    [
      400,
      { errorCode: "invalid_body", message: "Payload validation error: '…' on property name." },
      "invalid_request",
      undefined,
    ],
    [
      400,
      { errorCode: "invalid_uri", message: "Path validation error: '…' on property id." },
      "invalid_request",
      undefined,
    ],
    [
      400,
      { errorCode: "invalid_query_string", message: "Query validation error." },
      "invalid_request",
      undefined,
    ],
    [
      400,
      { errorCode: "invalid_paging", message: "You can only page through the first 1000 records." },
      "invalid_request",
      undefined,
    ],
    [400, { errorCode: "operation_not_supported", message: "Not supported." }, "invalid_request", undefined],
    [
      400,
      { errorCode: "Bearer", message: "Bad HTTP authentication header format" },
      "token_refused",
      "Sign in again.",
    ],
    [400, { message: "Bad HTTP authentication header format" }, "token_refused", "Sign in again."],
    [401, { message: "Missing authentication" }, "token_refused", "Sign in again."],
    [
      401,
      { message: "Expired token received for JSON Web Token validation" },
      "token_expired",
      "Sign in again.",
    ],
    [401, { message: "Invalid token" }, "token_refused", "Sign in again."],
    [
      401,
      { message: "Bad audience: https://x/", attributes: { error: "Bad audience" } },
      "token_refused",
      "Sign in again.",
    ],
    [
      401,
      { message: "Invalid signature received for JSON Web Token validation" },
      "token_refused",
      "Sign in again.",
    ],
    [401, { message: "Client is not global" }, "token_refused", "Sign in again."],
    [
      403,
      { errorCode: "insufficient_scope", message: "Insufficient scope, expected any of: read:a,read:b" },
      "insufficient_scope",
      "Grant read:a.",
    ],
    [
      403,
      {
        errorCode: "insufficient_scope",
        message: "Insufficient scope; expected any of: read:logs, read:logs_users.",
      },
      "insufficient_scope",
      "Grant read:logs.",
    ],
    [
      403,
      { message: "Insufficient scope, expected: create:actions." },
      "insufficient_scope",
      "Grant create:actions.",
    ],
    [
      403,
      { message: "Insufficient scope; expected: update:users, update:current_user_identities." },
      "insufficient_scope",
      "Grant update:users and update:current_user_identities.",
    ],
    [
      403,
      { message: "Insufficient scope, expected: a:x and any of: b:y or c:z" },
      "insufficient_scope",
      "Grant a:x and b:y.",
    ],
    [403, { errorCode: "insufficient_scope", message: "Insufficient scope." }, "insufficient_scope", "scope"],
    [
      403,
      { errorCode: "insufficient_scope", message: "Please upgrade your subscription to use bot detection" },
      "feature_unavailable",
      "subscription",
    ],
    [
      403,
      { errorCode: "feature_not_enabled", message: "Please upgrade your subscription to use mtls." },
      "feature_unavailable",
      "subscription",
    ],
    [403, { errorCode: "insufficient_entitlement", message: "No." }, "feature_unavailable", "subscription"],
    [403, { message: "Tenant not entitled to this feature." }, "feature_unavailable", "subscription"],
    [
      403,
      { message: "Group synchronization is not enabled for this tenant" },
      "feature_unavailable",
      "enabled",
    ],
    [403, { errorCode: "rules_not_allowed", message: "Rules." }, "feature_unavailable", "enabled"],
    [403, { errorCode: "hooks_not_allowed" }, "feature_unavailable", "enabled"],
    [
      403,
      { message: "You reached the limit of entities of this type for this tenant." },
      "limit_reached",
      "delete",
    ],
    [
      403,
      {
        errorCode: "operation_not_supported",
        message: "The account is not allowed to perform this operation.",
      },
      "forbidden",
      "allow",
    ],
    [
      403,
      { message: "Some fields cannot be updated with the permissions granted by the bearer token scopes." },
      "forbidden_fields",
      "client_keys",
    ],
    [404, { errorCode: "inexistent_client", message: "The client does not exist" }, "not_found", "id"],
    [404, { message: "That action does not exist." }, "not_found", "id"],
    [404, { message: "Form not found" }, "not_found", "id"],
    [
      409,
      { errorCode: "custom_domain_conflict", message: "Template verify_email already exists." },
      "conflict",
      "exists already",
    ],
    [
      409,
      { message: "A connection with the same name is being deleted, try again later" },
      "conflict",
      "name",
    ],
    [409, { message: "No deployed action was found." }, "conflict", undefined],
    [413, undefined, "request_too_large", "less"],
    [414, { message: "URI Too Long" }, "request_too_large", "less"],
    [418, { message: "teapot" }, "invalid_request", undefined],
    [
      429,
      { errorCode: "too_many_requests", message: "Global limit has been reached" },
      "rate_limited",
      "a moment",
    ],
    [408, { message: "slow" }, "tenant_error", "later"],
    [500, undefined, "tenant_error", "later"],
    [503, { message: "The query exceeded the timeout." }, "tenant_error", "later"],
  ] satisfies [number, Json | undefined, string, string | undefined][])(
    "%d %j is %s",
    (status, body, code, hint) => {
      const error = refused(
        status,
        body === undefined ? undefined : { statusCode: status, error: "X", ...body },
      );
      expect(error).toMatchObject({ code, status, requestId: "req-1" });
      if (hint === undefined) expect(error.hint).toBeUndefined();
      else expect(error.hint).toContain(hint);
      if (body !== undefined && "message" in body) expect(error.message).toBe(body.message);
      expect(error.exit).toBe(code.startsWith("token_") ? 3 : 1);
    },
  );

  test("a wait is told in words", () => {
    const wait = (retryAfter: number) =>
      refusalError({ status: 429, body: {}, requestId: undefined, retryAfter }, get, tokenSource());
    expect(wait(1).hint).toContain("Wait 1 second,");
    expect(wait(30).hint).toContain("Wait 30 seconds,");
    expect(wait(30).retryAfter).toBe(30);
  });

  test("a write that failed inside the tenant may have been made", () => {
    expect(refused(503, {}, post).hint).toContain("may have been made");
    expect(refused(503, {}).hint).not.toContain("may have been made");
  });
});

describe("a body that is not what it should be", () => {
  test.each([
    ["HTML", undefined],
    ["empty", null],
    ["a text", "nope"],
    ["a list", []],
    ["an empty object", {}],
    ["an empty message", { message: " " }],
    ["a message that is no text", { message: { en: "no" }, errorCode: 5 }],
  ] satisfies [string, Json | undefined][])("%s", (_, body) => {
    expect(refused(502, body).message).toBe(
      "The tenant answered 502 to GET /clients without an explanation.",
    );
  });

  test("the Authentication API's wording is read as well", () => {
    expect(refused(401, { error: "invalid_token", error_description: "The token is expired" })).toMatchObject(
      {
        code: "token_expired",
        message: "The token is expired",
      },
    );
  });
});

describe("expectedScopes", () => {
  test("the error carries all that would do, and none where none is named", () => {
    const scopesOf = (message: string) => refused(403, { errorCode: "insufficient_scope", message }).scopes;
    expect(scopesOf("Insufficient scope, expected: read:a and any of: read:b or read:c")).toEqual([
      "read:a",
      "read:b",
      "read:c",
    ]);
    expect(scopesOf("Insufficient scope")).toBeUndefined();
  });

  test("nothing but what the text expects is a scope", () => {
    expect(expectedScopes("Please upgrade; see https://auth0.com/a:b or read:clients")).toEqual({
      every: [],
      any: [],
    });
    expect(expectedScopes("Insufficient scope, expected any of: read:a,read:a, blacklist:tokens")).toEqual({
      every: [],
      any: ["read:a", "blacklist:tokens"],
    });
    expect(expectedScopes("Insufficient scope")).toEqual({ every: [], any: [] });
  });
});

describe("no answer", () => {
  test.each([
    ["ECONNREFUSED", "the connection was refused", false],
    ["ENOTFOUND", "the name does not resolve", false],
    ["EPROTO", "TLS", false],
    ["ECONNRESET", "the connection was closed", true],
    ["ZlibError", "decompressed", true],
    ["CERT_HAS_EXPIRED", "certificate", true],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "certificate", true],
    ["ESTRANGE", "ESTRANGE", true],
  ])("%s names host and cause", (code, cause, maySent) => {
    const error = unreachableError("acme.auth0.com", post, connectionError(code));
    expect(error).toMatchObject({ code: "tenant_unreachable", exit: 4 });
    expect(error.message).toStartWith("acme.auth0.com cannot be reached: ");
    expect(error.message).toContain(cause);
    expect(error.hint?.includes("may have been made")).toBe(maySent);
    expect(`${error.message}${error.hint}`).not.toContain(TOKEN);
    expect(unreachableError("acme.auth0.com", get, connectionError(code)).hint).not.toContain(
      "may have been made",
    );
  });

  test("a deadline is no broken connection", () => {
    const timeout = new DOMException("The operation timed out.", "TimeoutError");
    expect(unreachableError("acme.auth0.com", get, timeout)).toMatchObject({
      code: "timeout",
      message: "acme.auth0.com did not answer in time.",
    });
    expect(unreachableError("acme.auth0.com", post, timeout).hint).toContain("may have been made");
  });

  test("anything else is told without its text", () => {
    expect(unreachableError("acme.auth0.com", get, `secret ${TOKEN}`).message).toBe(
      "acme.auth0.com cannot be reached: the request failed.",
    );
  });
});
