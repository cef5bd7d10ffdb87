import { afterEach, describe, expect, test } from "bun:test";
import { createServer, type Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { connect } from "../support/client.ts";
import { run } from "../support/executable.ts";

const MEGABYTE = 1024 * 1024;
const TOKEN = "opaque-canary-token";

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

/** A tenant that answers whatever a test wants, and remembers what it was asked. */
function tenant(answer: (request: Request) => Response | Promise<Response>) {
  const seen: string[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    idleTimeout: 0,
    fetch(request) {
      seen.push(`${request.method} ${new URL(request.url).pathname}`);
      return answer(request);
    },
  });
  stops.push(() => server.stop(true));
  return {
    seen,
    env: { AUTH0_DOMAIN: `127.0.0.1:${server.port}`, AUTH0_TOKEN: TOKEN },
    url: server.url.href,
  };
}

const READ = ["tools", "call", "auth0_list_applications"];
const WRITE = ["tools", "call", "auth0_create_form", "--args", '{"name":"x"}'];

/** A body of unknown length, in pieces of one megabyte. */
function endless(megabytes: number): ReadableStream<Uint8Array> {
  let left = megabytes;
  return new ReadableStream({
    pull(controller) {
      if (left-- > 0) controller.enqueue(new Uint8Array(MEGABYTE).fill(0x20));
      else controller.close();
    },
  });
}

/** The start of an answer, and then the connection breaks. */
function broken(): Promise<{ readonly env: Record<string, string>; readonly count: () => number }> {
  let requests = 0;
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.once("data", () => {
      requests++;
      socket.write("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n[{");
      setTimeout(() => socket.destroy(), 20);
    });
  });
  stops.push(() => new Promise((resolve) => server.close(resolve)));
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      const env = { AUTH0_DOMAIN: `127.0.0.1:${port}`, AUTH0_TOKEN: TOKEN };
      resolve({ env, count: () => requests });
    });
  });
}

describe("a tenant that does not behave", () => {
  test.each([302, 303, 307, 308])("%d: the token follows no redirect", async (status) => {
    const other = tenant(() => Response.json([]));
    const here = tenant(() => new Response(null, { status, headers: { location: `${other.url}api/v2/x` } }));
    for (const words of [READ, WRITE]) {
      const { code, stdout } = await run(words, { env: here.env });
      expect(code).toBe(5);
      expect(JSON.parse(stdout).error).toMatchObject({ code: "unexpected_answer", status });
    }
    expect(other.seen).toEqual([]);
    expect(here.seen).toHaveLength(2);
  });

  test("an HTML page is no answer, and a change behind it may have been made", async () => {
    const { env } = tenant(() => new Response("<html>", { headers: { "content-type": "text/html" } }));
    const read = JSON.parse((await run(READ, { env })).stdout).error;
    expect(read).toMatchObject({ code: "unexpected_answer", status: 200 });
    expect(read.hint).not.toContain("may have been made");
    const write = JSON.parse((await run(WRITE, { env })).stdout).error;
    expect(write).toMatchObject({ code: "unexpected_answer", status: 200 });
    expect(write.hint).toContain("may have been made");
  });

  test("a success without a body is a success", async () => {
    const { env } = tenant(() => new Response(null, { status: 204 }));
    const { code, stdout } = await run(WRITE, { env });
    expect({ code, answer: JSON.parse(stdout) }).toEqual({ code: 0, answer: {} });
  });

  test("more than 10 MB is not read, however it comes", async () => {
    const bomb = gzipSync(Buffer.alloc(64 * MEGABYTE, 0x20));
    const large = `"${"a".repeat(11 * MEGABYTE)}"`;
    const answers = [
      () => new Response(endless(12)),
      () => new Response(large),
      () => new Response(bomb, { headers: { "content-encoding": "gzip" } }),
    ];
    for (const answer of answers) {
      const { env } = tenant(answer);
      expect(JSON.parse((await run(READ, { env })).stdout).error).toMatchObject({ code: "answer_too_large" });
    }
  });

  test("a write is sent once, whatever becomes of its answer", async () => {
    const failing = tenant(() => Response.json({ message: "Boom" }, { status: 500 }));
    await run(WRITE, { env: failing.env });
    expect(failing.seen).toEqual(["POST /api/v2/forms"]);
    const { env, count } = await broken();
    const { code, stdout } = await run(WRITE, { env });
    expect(code).toBe(5);
    expect(JSON.parse(stdout).error).toMatchObject({ code: "tenant_unreachable" });
    expect(JSON.parse(stdout).error.hint).toContain("may have been made");
    expect(count()).toBe(1);
  });

  test("a wait beyond the client's patience is handed on, in seconds", async () => {
    const { env, seen } = tenant(() =>
      Response.json({ message: "Global limit" }, { status: 429, headers: { "retry-after": "120" } }),
    );
    for (const words of [READ, WRITE]) {
      const error = JSON.parse((await run(words, { env })).stdout).error;
      expect(error).toMatchObject({ code: "rate_limited", status: 429, retry_after: 120 });
    }
    expect(seen).toHaveLength(2);
  });

  test("a call that is cancelled while it waits to try again is not tried again", async () => {
    const limited = tenant(() =>
      Response.json({ message: "Global limit" }, { status: 429, headers: { "retry-after": "1" } }),
    );
    const { client } = await connect(["run"], limited.env);
    const withdrawn = new AbortController();
    const call = client.callTool({ name: "auth0_list_forms", arguments: {} }, undefined, {
      signal: withdrawn.signal,
    });
    const outcome = call.then(
      () => "answered",
      () => "withdrawn",
    );
    while (limited.seen.length === 0) await Bun.sleep(5);
    withdrawn.abort();
    expect(await outcome).toBe("withdrawn");
    await Bun.sleep(1_500);
    expect(limited.seen).toEqual(["GET /api/v2/forms"]);
    await client.close();
  });
});

describe("nobody but the tenant is spoken to", () => {
  /** A proxy that lets nothing through, and knows for whom it was meant. */
  async function proxy() {
    const asked: string[] = [];
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.once("data", (data) => {
        asked.push(String(data).split(" ")[1] ?? "");
        socket.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
      });
    });
    const port = await new Promise<number>((resolve) => {
      server.listen(0, "127.0.0.1", () => {
        const address = server.address();
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      });
    });
    stops.push(async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    });
    const url = `http://127.0.0.1:${port}`;
    const env = { HTTP_PROXY: url, HTTPS_PROXY: url, http_proxy: url, https_proxy: url };
    return { asked, env };
  }

  test("no usage data, no look for updates: a proxy sees the tenant's name and no other", async () => {
    const { asked, env } = await proxy();
    for (const words of [["--version"], ["--help"], ["tools", "list"], [...READ, "--sandbox"]]) {
      expect((await run(words, { env })).code).toBe(0);
    }
    expect((await run(["run", "--sandbox"], { env })).code).toBe(0);
    expect(asked).toEqual([]);

    const signedIn = { ...env, AUTH0_DOMAIN: "acme.eu.auth0.com", AUTH0_TOKEN: TOKEN };
    const { code, stdout } = await run(WRITE, { env: signedIn });
    expect(code).toBe(5);
    expect(stdout).toContain("acme.eu.auth0.com cannot be reached");
    expect([...new Set(asked)]).toEqual(["acme.eu.auth0.com:443"]);
  });

  test("a tenant on this machine is not reached through a proxy, which could read the token", async () => {
    const { asked, env } = await proxy();
    const here = tenant(() => Response.json([]));
    for (const exempt of [{}, { NO_PROXY: "example.com" }, { no_proxy: "example.com" }]) {
      const { code } = await run(READ, { env: { ...env, ...exempt, ...here.env } });
      expect(code).toBe(0);
    }
    expect(asked).toEqual([]);
  });
});
