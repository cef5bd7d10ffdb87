import { afterEach, describe, expect, test } from "bun:test";
import { generateKeyPairSync } from "node:crypto";
import { connect as connectSocket, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { isObject } from "../../src/lib/json.ts";
import { selfSignedCertificate } from "../../src/sandbox/certificate.ts";
import { collectors, silence, eventsTo as to } from "../support/collector.ts";
import { run } from "../support/executable.ts";

const collecting = collectors();
const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

/** The port of a server, which is closed after the test with everything that is connected. */
async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  stops.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  return isObject(address) && typeof address["port"] === "number" ? address["port"] : 0;
}

describe("an address that does not behave", () => {
  const words = ["tools", "list"];

  /** The least of several times, in milliseconds: what a command takes by itself, whatever else the machine does. */
  async function quickest(env: Record<string, string>): Promise<number> {
    const times: number[] = [];
    for (let attempt = 0; attempt < 7; attempt++) {
      const started = performance.now();
      await run(words, { env });
      times.push(performance.now() - started);
    }
    return Math.min(...times);
  }

  test.each([
    ["is silent", silence],
    ["dawdles", () => Bun.sleep(1_000).then(() => new Response())],
    ["answers without an end", () => new Response(new ReadableStream({ pull: () => Bun.sleep(5) }))],
    ["refuses", () => new Response("no", { status: 500 })],
  ])("one that %s changes neither exit code nor output, and costs less than 100 ms", async (_, answer) => {
    const plain = await run(words);
    const collector = collecting(answer);
    expect(await run(words, { env: to(collector.url) })).toEqual(plain);
    const more = (await quickest(to(collector.url))) - (await quickest({}));
    expect(more).toBeLessThan(100);
  });

  test("one that does not exist, breaks off or speaks no TLS changes nothing", async () => {
    const plain = await run(words);
    const breaking = await listen(createServer((socket) => socket.destroy()));
    const port = await listen(createServer((socket) => socket.end("SSH-2.0-canary\r\n")));
    const closed = collecting();
    await closed.stop();
    for (const url of [
      closed.url,
      `http://127.0.0.1:${breaking}/`,
      `http://127.0.0.1:${port}/`,
      `https://127.0.0.1:${port}/`,
    ]) {
      expect({ url, ...(await run(words, { env: to(url) })) }).toEqual({ url, ...plain });
    }
  });

  test("a redirect is not followed", async () => {
    const other = collecting();
    const here = collecting(() => new Response(null, { status: 307, headers: { location: other.url } }));
    for (let attempt = 0; attempt < 3; attempt++) await run(words, { env: to(here.url) });
    expect(here.received.length).toBeGreaterThan(0);
    expect(other.received).toEqual([]);
  });

  test("through a proxy its password goes to the proxy, and not with the event", async () => {
    const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const { pem } = selfSignedCertificate("collector.example", keys, Date.now());
    const key = keys.privateKey.export({ type: "pkcs8", format: "pem" });
    let asked = "";
    let sent = "";
    const collector = await listen(
      createTlsServer({ key, cert: pem }, (socket) => {
        socket.on("error", () => socket.destroy());
        socket.on("data", (data) => {
          sent += data;
          socket.end("HTTP/1.1 204 No Content\r\n\r\n");
        });
      }),
    );
    const proxy = await listen(
      createServer((socket) => {
        socket.on("error", () => socket.destroy());
        socket.once("data", (data) => {
          asked += data;
          const onward = connectSocket(collector, "127.0.0.1", () => {
            socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
            socket.pipe(onward).pipe(socket);
          });
          onward.on("error", () => socket.destroy());
        });
      }),
    );
    const env = {
      ...to("https://collector.example/events"),
      HTTPS_PROXY: `http://someone:canary@127.0.0.1:${proxy}`,
      NODE_TLS_REJECT_UNAUTHORIZED: "0",
    };
    for (let attempt = 0; attempt < 20 && sent === ""; attempt++) await run(words, { env });
    const password = btoa("someone:canary");
    expect(asked).toStartWith("CONNECT collector.example:443");
    expect(asked).toContain(password);
    expect(sent).toContain('"command":"tools list"');
    expect(sent).not.toContain(password);
    expect(sent.toLowerCase()).not.toContain("authorization");
  });
});
