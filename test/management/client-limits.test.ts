import { afterAll, describe, expect, spyOn, test } from "bun:test";
import { gzipSync } from "node:zlib";
import type { Fetch } from "../../src/lib/fetch.ts";
import { path } from "../../src/management/path.ts";
import { SteppingClock } from "../lib/stepping-clock.ts";
import { rejection } from "../support/rejection.ts";
import { answering, clientOf, failure, json, never, tokenSource } from "./harness.ts";

const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, "[1,2,3] "));
/** Settles once the server has taken a request that it will never finish. */
let taken = Promise.withResolvers<void>();
/** Settles once a client has gone away from such a request. */
let left = Promise.withResolvers<void>();

const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  idleTimeout: 0,
  fetch(request) {
    const { pathname } = new URL(request.url);
    if (pathname === "/api/v2/bomb") return new Response(bomb, { headers: { "content-encoding": "gzip" } });
    if (pathname === "/api/v2/rotten")
      return new Response("no gzip", { headers: { "content-encoding": "gzip" } });
    request.signal.addEventListener("abort", () => left.resolve());
    if (pathname === "/api/v2/silent") {
      taken.resolve();
      return new Promise<Response>(() => undefined);
    }
    const endless = new ReadableStream<Uint8Array>({
      async pull(controller) {
        controller.enqueue(new TextEncoder().encode("[1,"));
        taken.resolve();
        await Bun.sleep(5);
      },
      cancel: () => left.resolve(),
    });
    return new Response(endless);
  },
});
afterAll(() => server.stop(true));

const local = clientOf({ address: `http://127.0.0.1:${server.port}` });
const read = { method: "GET", path: path`/clients` } as const;

describe("a cancelled call", () => {
  test("that is cancelled before it starts sends nothing and asks for no token", async () => {
    const { requests, transport } = answering(json({}));
    const tokens = { ...tokenSource(), get: () => expect.unreachable() };
    const error = await rejection(clientOf({ fetch: transport, tokens })(read, AbortSignal.abort()));
    expect(error.code).toBe("cancelled");
    expect(requests).toHaveLength(0);
  });

  test("while it waits for a token sends nothing", async () => {
    const controller = new AbortController();
    const { requests, transport } = answering(json({}));
    const tokens = tokenSource();
    const slow = {
      ...tokens,
      async get(signal: AbortSignal) {
        controller.abort();
        return tokens.get(signal);
      },
    };
    const error = await rejection(clientOf({ fetch: transport, tokens: slow })(read, controller.signal));
    expect(error.code).toBe("cancelled");
    expect(requests).toHaveLength(0);
  });

  test.each([
    ["the tenant has not answered a read", "GET", path`/silent`],
    ["the tenant has not answered a write", "POST", path`/silent`],
    ["the answer is still coming", "GET", path`/endless`],
  ] as const)("while %s hangs up", async (_, method, address) => {
    taken = Promise.withResolvers<void>();
    left = Promise.withResolvers<void>();
    const controller = new AbortController();
    const failed = rejection(local({ method, path: address }, controller.signal));
    await taken.promise;
    controller.abort();
    expect((await failed).code).toBe("cancelled");
    await left.promise;
  });

  test("while it waits to try again stops at once", async () => {
    const controller = new AbortController();
    const clock = new SteppingClock(undefined, () => controller.abort());
    const { requests, transport } = answering(failure(429, {}, { "retry-after": "10" }));
    const start = clock.now();
    const error = await rejection(clientOf({ fetch: transport, clock })(read, controller.signal));
    expect(error.code).toBe("cancelled");
    expect(requests).toHaveLength(1);
    expect(clock.sleeps).toHaveLength(1);
    expect(clock.now()).toBe(start);
  });

  test("while its token is renewed sends nothing more", async () => {
    const controller = new AbortController();
    const tokens = tokenSource(["fresh"]);
    const slow = {
      ...tokens,
      async renew(...args: Parameters<typeof tokens.renew>) {
        controller.abort();
        return tokens.renew(...args);
      },
    };
    const { requests, transport } = answering(failure(401));
    const error = await rejection(clientOf({ fetch: transport, tokens: slow })(read, controller.signal));
    expect(error.code).toBe("cancelled");
    expect(requests).toHaveLength(1);
  });
});

describe("a request's own deadline", () => {
  test("is 30 s, beside the call's signal", async () => {
    const timers = spyOn(globalThis, "setTimeout");
    const controller = new AbortController();
    const begun = Promise.withResolvers<AbortSignal>();
    const silent: Fetch = (_, { signal }) =>
      new Promise((_, reject) => {
        if (!(signal instanceof AbortSignal)) throw new Error("no signal was given");
        signal.addEventListener("abort", () => reject(signal.reason));
        begun.resolve(signal);
      });
    const sending = clientOf({ fetch: silent })(read, controller.signal);
    const limited = await begun.promise;
    expect(timers.mock.calls.map(([, milliseconds]) => milliseconds)).toEqual([30_000]);
    timers.mockRestore();
    expect(limited.aborted).toBe(false);
    controller.abort();
    expect(limited.aborted).toBe(true);
    expect((await rejection(sending)).code).toBe("cancelled");
  });

  test("that passes is a timeout, and a read that took it all is not repeated", async () => {
    const clock = new SteppingClock();
    const { requests, transport } = answering(() => {
      clock.time += 30_000;
      throw new DOMException("The operation timed out.", "TimeoutError");
    });
    const error = await rejection(clientOf({ fetch: transport, clock })(read, never()));
    expect(error).toMatchObject({ code: "timeout", exit: 4 });
    expect(requests).toHaveLength(1);
  });
});

describe("an answer that is too large", () => {
  test("is cut off, counted after decompression", async () => {
    expect(bomb.length).toBeLessThan(1024 * 1024);
    const error = await rejection(local({ method: "GET", path: path`/bomb` }, never()));
    expect(error).toMatchObject({ code: "answer_too_large", hint: expect.stringContaining("fewer") });
  });

  test("one that cannot be decompressed is told as such", async () => {
    const error = await rejection(local({ method: "POST", path: path`/rotten` }, never()));
    expect(error).toMatchObject({
      code: "tenant_unreachable",
      message: expect.stringContaining("decompressed"),
    });
  });
});
