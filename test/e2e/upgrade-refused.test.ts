import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { chmodSync, copyFileSync, existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { checksums } from "../../scripts/release/checksums.ts";
import { collect } from "../release/install-harness.ts";
import { bareEnvironment } from "../support/executable.ts";
import { archive, Installed } from "../upgrade/installed.ts";
import { haveMinisign, makeKey, program } from "../upgrade/release-server.ts";

let installed: Installed;
beforeAll(async () => {
  installed = new Installed();
  await installed.compile();
}, 60_000);
afterAll(() => installed.stop());
beforeEach(() => installed.install());
afterEach(() => installed.uninstall());

const spoilt = (bytes: Buffer) => Buffer.concat([bytes, Buffer.from("x")]);
const sums = (bytes: Buffer, name = archive) => checksums(new Map([[name, bytes]]));

describe("a release that is not what it should be leaves everything as it is", () => {
  /** Answers with half of what it announces. */
  let cutting: Bun.TCPSocketListener<undefined>;
  beforeAll(() => {
    const half = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf";
    cutting = Bun.listen({
      hostname: "127.0.0.1",
      port: 0,
      socket: { data: (socket) => void socket.end(half) },
    });
  });
  afterAll(() => cutting.stop(true));

  const set = (name: string, bytes: Buffer) => void installed.server.routes.set(installed.path(name), bytes);
  const remove = (name: string) => void installed.server.routes.delete(installed.path(name));
  const lead = (name: string, to: string) => installed.server.redirect(installed.path(name), to);
  const list = (text: string, key = installed.key, comment?: string) =>
    installed.server.list("9.9.9", text, key, comment);
  test.each<[string, () => unknown, number, string]>([
    [
      "another archive",
      () => set(archive, spoilt(installed.server.file(installed.path(archive)))),
      1,
      "is not what SHA256SUMS says",
    ],
    ["a missing archive", () => remove(archive), 1, `${archive} does not exist`],
    [
      "an archive that is cut",
      () => lead(archive, `http://127.0.0.1:${cutting.port}/`),
      4,
      "the connection was closed",
    ],
    [
      "a way that leads away from https",
      () => lead(archive, "http://downloads.example/x"),
      1,
      "http://downloads.example, which is not https",
    ],
    ["no checksums", () => remove("SHA256SUMS"), 1, "SHA256SUMS does not exist"],
    ["another target alone", () => list(sums(Buffer.from("x"), "x.zip")), 1, "does not list"],
    [
      "no archive behind a right checksum",
      () => {
        set(archive, Buffer.from("no archive"));
        list(sums(Buffer.from("no archive")));
      },
      1,
      "cannot be unpacked",
    ],
    ["another version inside", () => installed.publish(program("9.9.8")), 1, "is version 9.9.8, not 9.9.9"],
    [
      "what does not start",
      () => installed.publish(Buffer.from("#!/nowhere\n")),
      1,
      "does not start on this machine",
    ],
  ])("%s", async (_, spoil, code, message) => {
    await installed.publish(program("9.9.9"));
    await spoil();
    const ended = await installed.upgrade();
    expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code, stdout: "" });
    expect(ended.stderr).toContain(message);
    installed.expectUntouched();
  });

  test.skipIf(!haveMinisign())("no signature, one of other bytes, and one for another release", async () => {
    await installed.publish(program("9.9.9"));
    const text = installed.server.file(installed.path("SHA256SUMS")).toString();
    const steps: [() => unknown, string][] = [
      [() => remove("SHA256SUMS.minisig"), "SHA256SUMS.minisig does not exist"],
      [() => list(text, makeKey()), "another key"],
      [() => list(text, installed.key, "auth0-mcp 9.9.8"), "not for version 9.9.9"],
      [
        () => {
          list(text);
          set("SHA256SUMS", Buffer.from(text + text));
        },
        "The signature of SHA256SUMS is wrong",
      ],
    ];
    for (const [spoil, message] of steps) {
      spoil();
      expect(await installed.upgrade()).toMatchObject({
        code: 1,
        stdout: "",
        stderr: expect.stringContaining(message),
      });
    }
    expect(installed.downloaded).toBe(false);
    installed.expectUntouched();
  });

  test("no network at all", async () => {
    const env = { AUTH0_MCP_DOWNLOAD_URL: "http://127.0.0.1:1/release" };
    const ended = await installed.upgrade([], env);
    expect(ended).toMatchObject({ code: 4, stdout: "" });
    expect(ended.stderr).toContain("http://127.0.0.1:1/release/build-info.json cannot be downloaded");
    installed.expectUntouched();
  });
});

describe("a machine that does not let it", () => {
  test.if(process.getuid?.() === 0 && Bun.which("setpriv") !== null)(
    "a folder or a file of others",
    async () => {
      await installed.publish(program("9.9.9"));
      const ordinary = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
      const refused = async (message: string) => {
        const ended = await collect([...ordinary, installed.file, "upgrade"], "", bareEnvironment());
        expect(ended).toMatchObject({ code: 1, stdout: "" });
        expect(ended.stderr).toContain(message);
      };
      await refused(`${installed.folder} cannot be written: permission denied.`);
      chmodSync(installed.folder, 0o777);
      await refused(`${installed.file} belongs to another user.`);
      expect(installed.downloaded).toBe(false);
      installed.expectUntouched();
    },
  );

  test("a full disk", async () => {
    await installed.publish(Buffer.concat([program("9.9.9"), Buffer.from("#".repeat(200_000))]));
    // A limit on the size of files stands in for the disk's end: the write fails half-way in the same way.
    const limited = ["sh", "-c", 'trap "" XFSZ; ulimit -f 64; exec "$@"', "sh", installed.file, "upgrade"];
    const ended = await collect(limited, "", bareEnvironment());
    expect(ended).toMatchObject({ code: 1, stdout: "" });
    expect(ended.stderr).toContain(
      `${installed.file} cannot be replaced: it would be larger than you may write.`,
    );
    installed.expectUntouched();
  });

  test.if(existsSync("/lib64/ld-linux-x86-64.so.2"))(
    "a loader that runs it, which is another's",
    async () => {
      await installed.publish(program("9.9.9"));
      const loader = join(installed.folder, "ld.so");
      copyFileSync("/lib64/ld-linux-x86-64.so.2", loader);
      const before = readFileSync(loader);
      const ended = await collect([loader, installed.file, "upgrade"], "", bareEnvironment());
      expect(ended).toMatchObject({ code: 1, stdout: "" });
      expect(ended.stderr).toContain(`${loader} is what runs`);
      expect(readFileSync(loader).equals(before)).toBe(true);
      rmSync(loader);
      installed.expectUntouched();
    },
  );
});
