import { afterAll, describe, expect, test } from "bun:test";
import manifest from "../../package.json" with { type: "json" };
import type { ApiRequest } from "../../src/management/api.ts";
import { path } from "../../src/management/path.ts";
import { rejection } from "../support/rejection.ts";
import { answering, clientOf, failure, json, never, recordLog, TOKEN } from "./harness.ts";

const seen: { method: string; url: URL; headers: Headers; body: string }[] = [];
const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  async fetch(request) {
    const url = new URL(request.url);
    seen.push({ method: request.method, url, headers: request.headers, body: await request.text() });
    if (url.pathname.startsWith("/api/v2/moved")) return Response.redirect(`${url.origin}/stolen`, 302);
    if (url.pathname === "/api/v2/gone") return new Response(null, { status: 204 });
    if (url.pathname === "/api/v2/html")
      return new Response("<html></html>", { headers: { "content-type": "text/html" } });
    if (url.pathname === "/api/v2/made") return Response.json({ id: 1 }, { status: 201 });
    if (url.pathname === "/api/v2/unchanged") return new Response(null, { status: 304 });
    return Response.json(
      { ok: true },
      { headers: { link: '<http://evil.example/api/v2/logs?from=9>; rel="next"' } },
    );
  },
});
afterAll(() => server.stop(true));

const send = clientOf({ address: `http://127.0.0.1:${server.port}` });
const last = () => seen.at(-1) ?? expect.unreachable();

describe("a request", () => {
  test("reads carry the token, the agent and the query, and no body", async () => {
    const query = { q: 'type:"f" AND x', page: 0, fields: ["a", "b"], from: undefined };
    await send({ method: "GET", path: path`/logs`, query }, never());
    const { method, url, headers, body } = last();
    expect([method, url.pathname, body]).toEqual(["GET", "/api/v2/logs", ""]);
    expect(Object.fromEntries(url.searchParams)).toEqual({ q: 'type:"f" AND x', page: "0", fields: "a,b" });
    expect(headers.get("authorization")).toBe(`Bearer ${TOKEN}`);
    expect(headers.get("user-agent")).toBe(`auth0-mcp/${manifest.version}`);
    expect(headers.get("content-type")).toBeNull();
  });

  test.each(["POST", "PATCH", "PUT", "DELETE"] as const)("%s carries its body as JSON", async (method) => {
    await send({ method, path: path`/clients/${"a/b"}`, body: { name: "käse" } }, never());
    expect(last()).toMatchObject({ method, body: '{"name":"käse"}' });
    expect(last().url.pathname).toBe("/api/v2/clients/a%2Fb");
    expect(last().headers.get("content-type")).toBe("application/json");
  });

  test("the answer comes with the query of its next link, whose address is not followed", async () => {
    const { body, next } = await send({ method: "GET", path: path`/logs` }, never());
    expect(body).toEqual({ ok: true });
    expect(next?.get("from")).toBe("9");
  });

  test("any 2xx is a success, an empty one is null", async () => {
    expect((await send({ method: "POST", path: path`/made`, body: {} }, never())).body).toEqual({ id: 1 });
    expect((await send({ method: "DELETE", path: path`/gone` }, never())).body).toBeNull();
  });

  test.each([
    ["GET", "/moved"],
    ["POST", "/moved"],
    ["GET", "/unchanged"],
  ] as const)("%s %s: a redirect is refused, and the token goes nowhere else", async (method, address) => {
    const before = seen.length;
    const request: ApiRequest = { method, path: address === "/moved" ? path`/moved` : path`/unchanged` };
    expect(await rejection(send(request, never()))).toMatchObject({ code: "unexpected_answer" });
    expect(seen.length).toBe(before + 1);
    expect(seen.some(({ url }) => url.pathname === "/stolen")).toBe(false);
  });

  test("a success that is no JSON is told as such", async () => {
    const error = await rejection(send({ method: "GET", path: path`/html` }, never()));
    expect(error).toMatchObject({ code: "unexpected_answer", status: 200 });
    expect(error.message).toContain(`127.0.0.1:${server.port}`);
  });
});

describe("a path that was not built by its tag", () => {
  // What a defect in a tool could hand over: a value where only literals belong.
  const forged = (text: string) => path(Object.assign([text], { raw: [text] }));

  test.each([
    "/../../oauth/token",
    "/clients/../../v1/x",
    "/clients?x=1",
    "/clients#x",
    "/clients/%2e%2e/%2E%2e/x",
    "/a\\..\\b",
    "@evil.example/",
    ".evil.example",
    ":9/",
    "/cli ents",
    "/käse",
  ])("%s is not sent", async (text) => {
    const { requests, transport } = answering(json({}));
    const send = clientOf({ fetch: transport, address: "127.0.0.1" });
    const error = await rejection(send({ method: "GET", path: forged(text) }, never()));
    expect(error.code).toBe("invalid_arguments");
    expect(requests).toHaveLength(0);
  });
});

describe("the log", () => {
  test("tells method, path and status, and neither token nor query nor body", async () => {
    const { lines, log } = recordLog();
    const send = clientOf({ fetch: answering(failure(404), json({})).transport, log });
    const request: ApiRequest = {
      method: "POST",
      path: path`/clients`,
      query: { q: "canary-query" },
      body: { a: "canary-body" },
    };
    await rejection(send(request, never()));
    expect(lines.join("\n")).toContain('"status":404');
    expect(lines.join("\n")).not.toContain("canary");
  });
});
