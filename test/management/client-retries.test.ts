import { describe, expect, spyOn, test } from "bun:test";
import type { Method } from "../../src/management/api.ts";
import { path } from "../../src/management/path.ts";
import { SteppingClock } from "../lib/stepping-clock.ts";
import { rejection } from "../support/rejection.ts";
import { answering, clientOf, connectionError, failure, json, never, TOKEN, tokenSource } from "./harness.ts";

type Answers = Parameters<typeof answering>;

/** Sends one request to a tenant that answers so, and tells what came of it and how it was tried. */
async function run(method: Method, ...answers: Answers) {
  const clock = new SteppingClock();
  const { requests, transport } = answering(...answers);
  const send = clientOf({ fetch: transport, clock });
  const result = send({ method, path: path`/clients`, ...(method === "GET" ? {} : { body: {} }) }, never());
  const settled = await result.then(
    ({ body }) => ({ body, error: undefined }),
    (error: unknown) => ({ body: undefined, error }),
  );
  return { ...settled, sent: requests.length, sleeps: clock.sleeps };
}

const limited = (headers: Record<string, string> = {}) => failure(429, { message: "Global limit" }, headers);
const broken = (code: string) => () => {
  throw connectionError(code);
};

describe("429", () => {
  test.each(["GET", "POST", "PATCH", "DELETE"] as const)(
    "%s waits as told and is sent again",
    async (method) => {
      const { body, sent, sleeps } = await run(method, limited({ "retry-after": "2" }), json({ ok: 1 }));
      expect(body).toEqual({ ok: 1 });
      expect(sent).toBe(2);
      expect(sleeps).toEqual([2_125]);
    },
  );

  test("three times in all, and then the error says when to come back", async () => {
    const { error, sent } = await run("GET", limited({ "retry-after": "5" }));
    expect(sent).toBe(3);
    expect(error).toMatchObject({ code: "rate_limited", status: 429, retryAfter: 5 });
  });

  test("without any header it backs off, and still says when to come back", async () => {
    const { error, sent, sleeps } = await run("POST", limited());
    expect(sent).toBe(3);
    expect(sleeps).toEqual([400, 800]);
    expect(error).toMatchObject({ code: "rate_limited", retryAfter: 4 });
  });

  test("a wait beyond the client's patience is handed on at once", async () => {
    const { error, sent, sleeps } = await run("GET", limited({ "retry-after": "61" }));
    expect([sent, sleeps]).toEqual([1, []]);
    expect(error).toMatchObject({
      code: "rate_limited",
      retryAfter: 61,
      hint: expect.stringContaining("61 seconds"),
    });
  });

  test("waits add up against the 20 s", async () => {
    const { error, sent, sleeps } = await run("GET", limited({ "retry-after": "15" }));
    expect(sent).toBe(2);
    expect(sleeps).toEqual([15_125]);
    expect(error).toMatchObject({ code: "rate_limited", retryAfter: 15 });
  });

  test("the reset counts by the tenant's clock, however wrong ours is", async () => {
    const reset = Date.parse("2031-01-01T00:00:03Z") / 1000;
    const headers = { date: "Wed, 01 Jan 2031 00:00:00 GMT", "x-ratelimit-reset": `${reset}` };
    const { sleeps, sent } = await run("GET", limited(headers), json({}));
    expect([sent, sleeps]).toEqual([2, [3_125]]);
  });
});

test("an attempt that is made again has no more time than is left of the 20 s", async () => {
  const clock = new SteppingClock();
  const timers = spyOn(globalThis, "setTimeout");
  const slow = () => {
    clock.time += 9_000;
    return Response.json({}, { status: 503 });
  };
  const send = clientOf({ fetch: answering(slow).transport, clock });
  await rejection(send({ method: "GET", path: path`/clients` }, never()));
  const deadlines = timers.mock.calls.map(([, milliseconds]) => milliseconds);
  timers.mockRestore();
  expect(deadlines).toEqual([30_000, 10_600]);
});

describe("408, 5xx and lost connections", () => {
  test.each([408, 500, 502, 503, 504])("%d: a read is repeated, a write is not", async (status) => {
    expect(await run("GET", failure(status), json({ ok: 1 }))).toMatchObject({ body: { ok: 1 }, sent: 2 });
    for (const method of ["POST", "PATCH", "PUT", "DELETE"] as const) {
      const { error, sent } = await run(method, failure(status), json({}));
      expect(sent).toBe(1);
      expect(error).toMatchObject({
        code: "tenant_error",
        hint: expect.stringContaining("may have been made"),
      });
    }
  });

  test.each(["ECONNREFUSED", "ECONNRESET", "ENOTFOUND"])(
    "%s: a read is repeated, a write is not",
    async (code) => {
      expect(await run("GET", broken(code), broken(code), json({ ok: 1 }))).toMatchObject({
        body: { ok: 1 },
        sent: 3,
      });
      expect(await run("POST", broken(code), json({}))).toMatchObject({
        sent: 1,
        error: { code: "tenant_unreachable" },
      });
    },
  );

  test("a read gives up after three, naming host and cause and no secret", async () => {
    const { error, sent } = await run("GET", broken("ECONNREFUSED"));
    expect(sent).toBe(3);
    expect(error).toMatchObject({ code: "tenant_unreachable", exit: 4 });
    expect(String(error)).toContain("acme.eu.auth0.com cannot be reached: the connection was refused");
    expect(String(error)).not.toContain(TOKEN);
  });

  test("an answer tells more than the silence after it, but not of a write", async () => {
    const limit = limited({ "retry-after": "2" });
    expect(await run("GET", limit, broken("ECONNRESET"))).toMatchObject({
      sent: 3,
      error: { code: "rate_limited", status: 429, retryAfter: 2 },
    });
    expect(await run("GET", failure(503, {}, { "retry-after": "3" }), broken("ECONNREFUSED"))).toMatchObject({
      error: { code: "tenant_error", status: 503, retryAfter: 3 },
    });
    expect(await run("GET", broken("ECONNRESET"), failure(503), limit)).toMatchObject({
      error: { code: "rate_limited" },
    });
    expect(await run("POST", limit, broken("ECONNRESET"))).toMatchObject({
      sent: 2,
      error: { code: "tenant_unreachable", hint: expect.stringContaining("may have been made") },
    });
  });

  test("a maintenance page is repeated like any 5xx, and its rate-limit reset is not waited for", async () => {
    const page = () =>
      new Response("<html>", { status: 503, headers: { "x-ratelimit-reset": "99999999999" } });
    const { sleeps, error } = await run("GET", page);
    expect(sleeps).toEqual([400, 800]);
    expect(error).toMatchObject({ code: "tenant_error", status: 503, retryAfter: 4 });
  });
});

test.each([400, 403, 404, 409, 422])("%d is final", async (status) => {
  expect((await run("GET", failure(status), json({}))).sent).toBe(1);
});

describe("a refused token", () => {
  const expired = failure(401, { message: "Expired token received for JSON Web Token validation" });

  test("is renewed once, and the request repeated with the new one, writes too", async () => {
    const { requests, transport } = answering(expired, json({ ok: 1 }));
    const tokens = tokenSource(["fresh"]);
    const send = clientOf({ fetch: transport, tokens });
    expect((await send({ method: "POST", path: path`/clients`, body: {} }, never())).body).toEqual({ ok: 1 });
    expect(requests.map(({ init }) => new Headers(init.headers).get("authorization"))).toEqual([
      `Bearer ${TOKEN}`,
      "Bearer fresh",
    ]);
    expect(tokens.renewed.map(({ value }) => value)).toEqual([TOKEN]);
  });

  test("that cannot be renewed ends the call", async () => {
    const { requests, transport } = answering(expired);
    const error = await rejection(
      clientOf({ fetch: transport })({ method: "GET", path: path`/clients` }, never()),
    );
    expect(error).toMatchObject({ code: "token_expired", exit: 3, status: 401 });
    expect(requests).toHaveLength(1);
  });

  test("whose successor is refused as well is not renewed for ever", async () => {
    const { requests, transport } = answering(expired);
    const tokens = tokenSource(["second", "third", "fourth"]);
    await rejection(clientOf({ fetch: transport, tokens })({ method: "GET", path: path`/clients` }, never()));
    expect(requests).toHaveLength(2);
    expect(tokens.renewed).toHaveLength(1);
  });

  test("a 400 that means the same is treated the same", async () => {
    const { transport } = answering(failure(400, { errorCode: "Bearer" }), json({ ok: 1 }));
    const send = clientOf({ fetch: transport, tokens: tokenSource(["fresh"]) });
    expect((await send({ method: "GET", path: path`/clients` }, never())).body).toEqual({ ok: 1 });
  });
});
