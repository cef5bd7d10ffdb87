import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checksums } from "../../scripts/release/checksums.ts";
import type { BuildFacts } from "../../src/config/build-facts.ts";
import { options } from "../../src/config/options.ts";
import { VERSION } from "../../src/config/product.ts";
import { silentLogger } from "../../src/lib/logger.ts";
import { findStanding, install, type Upgrading } from "../../src/upgrade/upgrade.ts";
import { run } from "../cli/harness.ts";
import { ARCHIVE, haveMinisign, makeKey, program, ReleaseServer, TARGET } from "./release-server.ts";

let server: ReleaseServer;
let folder: string;
let file: string;
let steps: string[];
beforeEach(async () => {
  server = new ReleaseServer();
  folder = mkdtempSync(join(tmpdir(), "auth0-mcp-upgrade-"));
  file = join(folder, "auth0-mcp");
  steps = [];
  writeFileSync(file, program(VERSION), { mode: 0o755 });
  await server.publish("9.9.9", program("9.9.9"));
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await server.stop();
});

function upgrading(facts: BuildFacts = {}, environment: Record<string, string> = {}): Upgrading {
  return {
    file,
    build: { target: TARGET, repository: server.repository, ...facts },
    environment: { PATH: "/usr/bin:/bin", ...environment },
    fetch,
    signal: new AbortController().signal,
    log: silentLogger,
    progress: (step) => void steps.push(step),
  };
}

const folderVariable = (version: string) => ({
  [options.downloadUrl.variable]: `${server.address}${server.folder(version)}/`,
});
const unchanged = () => {
  expect(readFileSync(file)).toEqual(program(VERSION));
  expect(readdirSync(folder)).toEqual(["auth0-mcp"]);
};

describe("what is published", () => {
  test.each([
    ["9.9.9", true],
    [VERSION, false],
    ["0.0.1", false],
    [`${VERSION}-rc.1`, false],
    [`${VERSION}+build`, false],
    ["9.9.9-rc.1", true],
  ])("%s is newer: %p", async (latest, newer) => {
    await server.publish(latest, program(latest));
    const found = { current: VERSION, latest, newer, owner: undefined };
    expect(await findStanding(upgrading())).toEqual(found);
    expect(await findStanding(upgrading({}, folderVariable(latest)))).toEqual(found);
    expect(server.asked.filter((line) => line.includes(ARCHIVE))).toEqual([]);
  });

  test("a version that is named is not looked up in a repository, and must be the one of a folder", async () => {
    expect(await findStanding(upgrading(), "1.0.0")).toMatchObject({ latest: "1.0.0", newer: true });
    expect(server.asked).toEqual([]);
    await expect(findStanding(upgrading({}, folderVariable("9.9.9")), "1.0.0")).rejects.toMatchObject({
      code: "no_release",
      exit: 1,
      message: expect.stringContaining("holds version 9.9.9, not 1.0.0"),
    });
  });

  test("is known to an owned executable, too", async () => {
    const owned = { ...upgrading(), file: "/opt/homebrew/Cellar/auth0-mcp/0.1.0/bin/auth0-mcp" };
    expect(await findStanding(owned)).toMatchObject({ newer: true, owner: { id: "homebrew" } });
  });
});

describe("a version is installed", () => {
  test("from the release that has its number, telling of it", async () => {
    await install(upgrading(), "9.9.9");
    expect(readFileSync(file)).toEqual(program("9.9.9"));
    expect(readdirSync(folder)).toEqual(["auth0-mcp"]);
    expect(server.asked).toEqual([
      `GET ${server.folder("9.9.9")}/SHA256SUMS`,
      `GET ${server.folder("9.9.9")}/${ARCHIVE}`,
    ]);
    expect(steps).toEqual([`Downloading ${ARCHIVE} …`, "Checking it …"]);
  });

  test("with a word at each quarter of a long download", async () => {
    const part = new Uint8Array(1e6);
    const slowly = () => {
      let left = 10;
      const pull = (controller: ReadableStreamDefaultController) =>
        left-- > 0 ? controller.enqueue(part) : controller.close();
      return new Response(new ReadableStream({ pull }), { headers: { "content-length": "10000000" } });
    };
    const transport = async (url: string, init: BunFetchRequestInit) =>
      url.endsWith(ARCHIVE) ? slowly() : fetch(url, init);
    const long = install({ ...upgrading(), fetch: transport }, "9.9.9");
    await expect(long).rejects.toMatchObject({
      message: expect.stringContaining("is not what SHA256SUMS says"),
    });
    expect(steps.slice(1, -1)).toEqual(["25 % of 10 MB", "50 % of 10 MB", "75 % of 10 MB"]);
    unchanged();
  });

  test("from a folder, and an older one when it is wanted", async () => {
    await server.publish("0.0.1", program("0.0.1"));
    await install(upgrading({}, folderVariable("0.0.1")), "0.0.1");
    expect(readFileSync(file)).toEqual(program("0.0.1"));
  });

  test.each([
    [
      "an owned file",
      { file: "/opt/homebrew/Cellar/auth0-mcp/0.1.0/bin/auth0-mcp" },
      "brew upgrade auth0-mcp",
    ],
    ["a build from source", { build: {} }, "git pull && ./install.sh --from-source"],
  ])("but not over %s", async (_, change, hint) => {
    const refused = { code: "owned", exit: 1, hint: `Run: ${hint}` };
    await expect(install({ ...upgrading(), ...change }, "9.9.9")).rejects.toMatchObject(refused);
    expect(server.asked).toEqual([]);
  });

  test("but not one that is not published, or not for this target", async () => {
    await expect(install(upgrading(), "1.0.0")).rejects.toMatchObject({ code: "not_found", exit: 1 });
    await expect(install(upgrading({ target: "linux-arm64" }), "9.9.9")).rejects.toMatchObject({
      message: expect.stringContaining("does not list auth0-mcp-linux-arm64.tar.gz"),
    });
    expect(server.asked.filter((line) => line.includes(".tar.gz"))).toEqual([]);
    unchanged();
  });

  test("but not one whose archive is another than the list says", async () => {
    const path = `${server.folder("9.9.9")}/${ARCHIVE}`;
    server.routes.set(path, Buffer.concat([server.file(path), Buffer.from("x")]));
    await expect(install(upgrading(), "9.9.9")).rejects.toMatchObject({
      code: "download_refused",
      message: expect.stringContaining("is not what SHA256SUMS says"),
    });
    unchanged();
  });
});

describe.skipIf(!haveMinisign())("with a key in the build", () => {
  test("only what is signed by it, for this version, is installed", async () => {
    const [key, other] = [makeKey(), makeKey()];
    const signed = upgrading({ publicKey: key.publicKey });
    const sums = server.file(`${server.folder("9.9.9")}/SHA256SUMS`).toString();
    const refused = async (message: string) => {
      await expect(install(signed, "9.9.9")).rejects.toMatchObject({
        exit: 1,
        message: expect.stringContaining(message),
      });
      unchanged();
    };
    await refused("SHA256SUMS.minisig does not exist, and this build takes signed releases only");
    server.list("9.9.9", sums, other);
    await refused("another key");
    server.list("9.9.9", sums, key, "auth0-mcp 9.9.8");
    await refused('signed for "auth0-mcp 9.9.8", not for version 9.9.9');
    server.list("9.9.9", sums, key);
    const path = `${server.folder("9.9.9")}/SHA256SUMS`;
    server.routes.set(path, Buffer.from(checksums(new Map([[ARCHIVE, Buffer.from("planted")]]))));
    await refused("The signature of SHA256SUMS is wrong");
    expect(server.asked.filter((line) => line.includes(ARCHIVE))).toEqual([]);

    server.list("9.9.9", sums, key);
    await install(signed, "9.9.9");
    expect(readFileSync(file)).toEqual(program("9.9.9"));
  });
});

describe("the command, run from its source", () => {
  test("names what builds a newer one, and touches nothing", async () => {
    const { code, stdout, stderr } = await run(["upgrade"], folderVariable("9.9.9"));
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("was built from source");
    expect(stderr).toContain("git pull && ./install.sh --from-source");
    expect(server.asked).toEqual([]);
  });

  test("--check says what is published, for people and for scripts", async () => {
    const words = await run(["upgrade", "--check"], folderVariable("9.9.9"));
    expect([words.code, words.stderr]).toEqual([0, ""]);
    expect(words.stdout).toBe(
      `There is auth0-mcp 9.9.9; this is ${VERSION}.\nRun: git pull && ./install.sh --from-source`,
    );
    const told = await run(["upgrade", "--check", "--json"], folderVariable("9.9.9"));
    expect([told.code, told.json]).toEqual([
      0,
      {
        current: VERSION,
        latest: "9.9.9",
        newer: true,
        owner: "source",
        command: "git pull && ./install.sh --from-source",
        upgraded: false,
      },
    ]);
  });

  test.each([
    [VERSION, `This is auth0-mcp ${VERSION}, and there is nothing newer.`],
    ["0.0.1", `auth0-mcp ${VERSION} is newer than the newest release, 0.0.1.`],
  ])("--check where %s is published", async (latest, words) => {
    await server.publish(latest, program(latest));
    expect(await run(["upgrade", "--check"], folderVariable(latest))).toMatchObject({
      code: 0,
      stdout: words,
    });
  });

  test.each([
    [["--check", "--version", "1.2.3"], {}, 2, "--check looks for the newest version"],
    [["--version", "latest"], {}, 2, '"latest" is no version'],
    [["--check"], { [options.downloadUrl.variable]: "http://downloads.example" }, 2, "only https"],
    [["--check"], { [options.downloadUrl.variable]: "  " }, 2, "holds only blanks"],
    [["--check"], {}, 1, "It is not known where"],
  ])("%j with %j ends with %d", async (words, environment, code, message) => {
    const ended = await run(["upgrade", ...words], environment);
    expect(ended).toMatchObject({ code, stdout: "", stderr: expect.stringContaining(message) });
  });
});
