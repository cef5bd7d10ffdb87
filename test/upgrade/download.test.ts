import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { silentLogger } from "../../src/lib/logger.ts";
import { Downloads } from "../../src/upgrade/download.ts";
import { newestVersion } from "../../src/upgrade/newest.ts";
import { rejection } from "../support/rejection.ts";
import { ReleaseServer } from "./release-server.ts";

let server: ReleaseServer;
let interrupt: AbortController;
let downloads: Downloads;
beforeEach(() => {
  server = new ReleaseServer();
  interrupt = new AbortController();
  downloads = new Downloads({ fetch, signal: interrupt.signal, log: silentLogger });
});
afterEach(() => server.stop());

const bytes = Buffer.from("0123456789".repeat(10_000));
const stuck = () => new Response(new ReadableStream({ start: (controller) => controller.enqueue(bytes) }));

describe("a file", () => {
  test("comes whole, as the server keeps it, and tells of its progress", async () => {
    const packed = Buffer.from(Bun.gzipSync(bytes));
    const headers = { "content-encoding": "gzip" };
    server.routes.set("/packed", () => new Response(packed, { headers }));
    server.routes.set("/plain", bytes);
    expect((await downloads.file(`${server.address}/packed`, 1e6)).equals(packed)).toBe(true);
    const told: (readonly [number, number | undefined])[] = [];
    const got = await downloads.file(`${server.address}/plain`, 1e6, (...now) => told.push(now));
    expect(got.equals(bytes)).toBe(true);
    expect(told.at(-1)).toEqual([bytes.length, bytes.length]);
  });

  test("may lie behind redirects, of which there is an end", async () => {
    server.routes.set("/there", bytes);
    server.redirect("/1", "/2");
    server.redirect("/2", `${server.address}/there?signature=secret`);
    expect((await downloads.file(`${server.address}/1`, 1e6)).length).toBe(bytes.length);
    server.redirect("/round", "/round");
    await expect(downloads.file(`${server.address}/round`, 1e6)).rejects.toMatchObject({
      code: "download_refused",
      message: expect.stringContaining("without an end"),
    });
    expect(server.asked.filter((line) => line === "GET /round").length).toBeLessThan(10);
  });

  test.each([
    ["http://downloads.example/x?signature=secret", "http://downloads.example, which is not https"],
    ["file:///etc/passwd", "which is not https"],
    ["https://", "no address"],
  ])("is not fetched from %s", async (location, message) => {
    server.redirect("/away", location);
    const error = await rejection(downloads.file(`${server.address}/away`, 1e6));
    expect([error.code, error.exit]).toEqual(["download_refused", 1]);
    expect(error.message).toContain(message);
    expect(error.message).not.toContain("secret");
  });

  test("is asked for with credentials, which the first host alone gets", async () => {
    const other = new ReleaseServer();
    const seen: (string | null)[] = [];
    const keep = (location?: string) => (request: Request) => {
      seen.push(request.headers.get("authorization"));
      return location === undefined
        ? new Response(bytes)
        : new Response(null, { status: 302, headers: { location } });
    };
    server.routes.set("/x", keep("/y"));
    server.routes.set("/y", keep(`${other.address}/z`));
    other.routes.set("/z", keep());
    try {
      const own = { fetch, signal: interrupt.signal, log: silentLogger, authorization: "Basic secret" };
      await new Downloads(own).file(`${server.address}/x`, 1e6);
    } finally {
      await other.stop();
    }
    expect(seen).toEqual(["Basic secret", "Basic secret", null]);
  });

  test("is not fetched over http once it was https", async () => {
    const fetch = async () => new Response(null, { status: 302, headers: { location: server.address } });
    const secure = new Downloads({ fetch, signal: interrupt.signal, log: silentLogger });
    await expect(secure.file("https://downloads.example/x", 1e6)).rejects.toMatchObject({
      code: "download_refused",
      message: `downloads.example redirects to ${server.address}, which is not https. Nothing was changed.`,
    });
  });

  test.each([
    ["told", () => new Response(bytes)],
    ["not told", () => new Response(new ReadableStream({ pull: (controller) => controller.enqueue(bytes) }))],
  ])("that is too large is left, with its size %s", async (_, answer) => {
    server.routes.set("/large", answer);
    await expect(downloads.file(`${server.address}/large`, bytes.length - 1)).rejects.toMatchObject({
      code: "download_refused",
      message: expect.stringContaining("larger"),
    });
  });

  test.each([
    [404, "not_found", 1, "does not exist"],
    [410, "not_found", 1, "does not exist"],
    [403, "download_refused", 1, "answered 403"],
    [304, "download_refused", 1, "answered 304"],
    [429, "unreachable", 4, "answered 429"],
    [503, "unreachable", 4, "answered 503"],
  ] as const)("that is answered with %d", async (status, code, exit, message) => {
    server.routes.set("/x", () => new Response(null, { status }));
    await expect(downloads.file(`${server.address}/x`, 1e6)).rejects.toMatchObject({
      code,
      exit,
      message: expect.stringMatching(new RegExp(`^${server.address}/x .*${message}`)),
    });
  });

  test("that is cut is no file", async () => {
    const cutting = Bun.listen({
      hostname: "127.0.0.1",
      port: 0,
      socket: {
        data(socket) {
          socket.end("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf");
        },
      },
    });
    try {
      const failed = downloads.file(`http://127.0.0.1:${cutting.port}/x`, 1e6);
      await expect(failed).rejects.toMatchObject({
        code: "unreachable",
        exit: 4,
        message: expect.stringContaining("the connection was closed"),
      });
    } finally {
      cutting.stop(true);
    }
  });

  test("that nobody serves is unreachable", async () => {
    const address = `${server.address}/x`;
    await server.stop();
    await expect(downloads.file(address, 1e6)).rejects.toMatchObject({
      code: "unreachable",
      exit: 4,
      message: `${address} cannot be downloaded: the connection was refused.`,
    });
  });

  test.each([
    ["answers nothing", () => new Promise<Response>(() => undefined)],
    ["stops in the middle", stuck],
  ])("whose server %s is given up", async (_, answer) => {
    server.routes.set("/x", answer);
    const patient = { fetch, signal: interrupt.signal, log: silentLogger, stall: 50 };
    await expect(new Downloads(patient).file(`${server.address}/x`, 1e6)).rejects.toMatchObject({
      code: "unreachable",
      exit: 4,
      message: expect.stringContaining("nothing came for too long"),
    });
  });

  test("that comes slowly is waited for", async () => {
    let left = 4;
    const pull = async (controller: ReadableStreamDefaultController) => {
      await Bun.sleep(300);
      if (left-- > 0) controller.enqueue(bytes);
      else controller.close();
    };
    server.routes.set("/slow", () => new Response(new ReadableStream({ pull }, { highWaterMark: 0 })));
    const patient = { fetch, signal: interrupt.signal, log: silentLogger, stall: 1_000 };
    const got = await new Downloads(patient).file(`${server.address}/slow`, 1e6);
    expect(got.length).toBe(4 * bytes.length);
  });

  test("is dropped as soon as the person gives up", async () => {
    server.routes.set("/x", stuck);
    const failed = downloads.file(`${server.address}/x`, 1e6, () => interrupt.abort());
    await expect(failed).rejects.toMatchObject({ code: "cancelled", exit: 130 });
    await expect(downloads.file(`${server.address}/x`, 1e6)).rejects.toMatchObject({ code: "cancelled" });
  });

  test("is followed in the log by where it is, without what signs the address", async () => {
    const lines: string[] = [];
    const log = (step: string, details?: object) => void lines.push(JSON.stringify([step, details]));
    server.redirect("/x", "/y?signature=secret");
    server.routes.set("/y", bytes);
    const followed = new Downloads({ fetch, signal: interrupt.signal, log });
    await followed.file(`${server.address}/x`, 1e6);
    expect(lines).toHaveLength(2);
    expect(lines.join()).toContain('"path":"/y"');
    expect(lines.join()).not.toContain("secret");
  });
});

describe("the newest version of a repository", () => {
  const latest = "/example/auth0-mcp/releases/latest";
  const newest = () => newestVersion({ kind: "repository", address: server.repository }, downloads);

  test("is where its latest release redirects to; nothing is downloaded for it", async () => {
    server.redirect(latest, `${server.repository}/releases/tag/v1.2.3`);
    expect(await newest()).toBe("1.2.3");
    expect(server.asked).toEqual([`HEAD ${latest}`]);
  });

  test.each([
    ["v1.3.0-rc.1", "1.3.0-rc.1"],
    ["1.3.0", "1.3.0"],
    ["v1.3.0%2Bbuild", "1.3.0+build"],
  ])("is read from the tag %s", async (tag, version) => {
    server.redirect(latest, `/example/auth0-mcp/releases/tag/${tag}`);
    expect(await newest()).toBe(version);
  });

  test("is found where the repository has got another name", async () => {
    server.redirect(latest, "/other/name/releases/latest");
    server.redirect("/other/name/releases/latest", "/other/name/releases/tag/v1.2.3");
    expect(await newest()).toBe("1.2.3");
  });

  test.each(["nightly", "v1.2", "..%2f..%2fx", "v1.2.3%0a"])("is no %s", async (tag) => {
    server.redirect(latest, `/example/auth0-mcp/releases/tag/${tag}`);
    await expect(newest()).rejects.toMatchObject({ code: "no_release", exit: 1 });
  });

  test("is unknown where there is no release", async () => {
    server.redirect(latest, "/example/auth0-mcp/releases");
    server.routes.set("/example/auth0-mcp/releases", Buffer.from("<html>"));
    await expect(newest()).rejects.toMatchObject({ code: "no_release", exit: 1 });
  });
});

describe("the version of a folder", () => {
  const held = () => newestVersion({ kind: "folder", address: server.address }, downloads);

  test("stands in what a release tells of its build", async () => {
    server.routes.set("/build-info.json", Buffer.from('{"version":"1.2.3","commit":"x"}'));
    expect(await held()).toBe("1.2.3");
    expect(server.asked).toEqual(["GET /build-info.json"]);
  });

  test.each(["{}", "[]", "no JSON", '{"version":3}', '{"version":"latest"}'])(
    "is not in %s",
    async (text) => {
      server.routes.set("/build-info.json", Buffer.from(text));
      await expect(held()).rejects.toMatchObject({ code: "no_release", exit: 1 });
    },
  );
});
