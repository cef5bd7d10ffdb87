import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { StdioSession } from "../../scripts/bench/stdio-session.ts";
import { compile, ROOT } from "../../scripts/build.ts";
import { copySource } from "../../scripts/release/source.ts";
import { haveTerminal, openTerminal } from "../../scripts/support/terminal.ts";
import { VERSION } from "../../src/config/product.ts";
import { parseJson } from "../../src/lib/json.ts";
import { collect } from "../release/install-harness.ts";
import { bareEnvironment, executable } from "../support/executable.ts";
import { archive, Installed, target } from "../upgrade/installed.ts";
import { program } from "../upgrade/release-server.ts";

let installed: Installed;
beforeAll(async () => {
  installed = new Installed();
  await installed.compile();
}, 60_000);
afterAll(() => installed.stop());
beforeEach(() => installed.install());
afterEach(() => installed.uninstall());

/** The executable of a later version. */
async function compileLater(): Promise<Buffer> {
  const copy = join(installed.top, "later");
  copySource(copy);
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
  const manifest = join(copy, "package.json");
  const text = readFileSync(manifest, "utf8");
  writeFileSync(manifest, text.replace(`"version": "${VERSION}"`, '"version": "9.9.9"'));
  await compile(join("src", "main.ts"), join(copy, "auth0-mcp"), { cwd: copy, flags: installed.flags });
  return readFileSync(join(copy, "auth0-mcp"));
}

describe("a newer release", () => {
  test("is told of, and not downloaded, by --check", async () => {
    await installed.publish(program("9.9.9"));
    expect(await installed.upgrade(["--check"])).toEqual({
      code: 0,
      stdout: `There is auth0-mcp 9.9.9; this is ${VERSION}.\nInstall it with: auth0-mcp upgrade\n`,
      stderr: "",
    });
    const { code, stdout, stderr } = await installed.upgrade(["--check", "--json"]);
    expect([code, stderr]).toEqual([0, ""]);
    const standing = { current: VERSION, latest: "9.9.9", newer: true, owner: null, command: null };
    expect(parseJson(stdout)).toEqual({ ...standing, upgraded: false });
    const asked = "HEAD /example/auth0-mcp/releases/latest";
    expect(installed.server.asked).toEqual([asked, asked]);
    installed.expectUntouched();
  });

  test("takes the place of the file behind a link; a server that runs goes on", async () => {
    const later = await compileLater();
    await installed.publish(later);
    rmSync(installed.file);
    const real = join(installed.folder, "real", "auth0-mcp");
    mkdirSync(dirname(real));
    copyFileSync(installed.released, real);
    chmodSync(real, 0o750);
    symlinkSync(join("real", "auth0-mcp"), installed.file);
    const session = new StdioSession([installed.file, "run", "--sandbox"], bareEnvironment());
    await session.initialize();

    expect(await installed.upgrade()).toEqual({
      code: 0,
      stdout: `Replaced auth0-mcp ${VERSION} by 9.9.9: ${real}\n`,
      stderr: "",
    });
    expect(lstatSync(installed.file).isSymbolicLink()).toBe(true);
    expect(readdirSync(dirname(real))).toEqual(["auth0-mcp"]);
    expect(statSync(real).mode & 0o777).toBe(0o750);
    expect(readFileSync(real).equals(later)).toBe(true);
    expect(await collect([installed.file, "--version"], "", bareEnvironment())).toMatchObject({
      stdout: "9.9.9\n",
    });
    expect(await session.request("tools/list", {})).toContain("auth0_list_applications");
    await session.end();

    const newest = `This is auth0-mcp 9.9.9, and there is nothing newer.\n`;
    expect(await installed.upgrade()).toEqual({ code: 0, stdout: newest, stderr: "" });
    const same = await installed.upgrade(["--version", "v9.9.9"]);
    expect(same).toEqual({ code: 0, stdout: "This is auth0-mcp 9.9.9 already.\n", stderr: "" });
    await installed.publish(program("0.0.1"), "0.0.1");
    expect((await installed.upgrade()).stdout).toContain("is newer than the newest release, 0.0.1");
    const back = await installed.upgrade(["--version", "0.0.1"]);
    expect(back.stdout).toBe(`Replaced auth0-mcp 9.9.9 by 0.0.1: ${real}\n`);
    expect(readFileSync(real)).toEqual(program("0.0.1"));
  }, 30_000);

  test("may be fetched from a folder, and by several at once", async () => {
    await installed.publish(program("9.9.9"));
    const env = { AUTH0_MCP_DOWNLOAD_URL: `${installed.server.address}${installed.server.folder("9.9.9")}/` };
    const ended = await Promise.all([1, 2, 3].map(() => installed.upgrade(["--json"], env)));
    expect(ended.map(({ code, stderr }) => [code, stderr])).toEqual([1, 2, 3].map(() => [0, ""]));
    expect(parseJson(ended[0]?.stdout ?? "")).toMatchObject({ latest: "9.9.9", upgraded: true });
    expect(readdirSync(installed.folder)).toEqual(["auth0-mcp"]);
    expect(readFileSync(installed.file)).toEqual(program("9.9.9"));
  });

  test.skipIf(!haveTerminal())("is followed step by step on a terminal", async () => {
    await installed.publish(program("9.9.9"));
    const terminal = openTerminal([installed.file, "upgrade"], bareEnvironment());
    try {
      const screen = await terminal.waitFor(/ended with \d+/);
      expect(screen).toMatch(/Looking for [\s\S]+Downloading auth0-mcp-[\s\S]+Checking it[\s\S]+Replaced/);
      expect(screen).toContain("ended with 0");
    } finally {
      terminal.close();
    }
  });
});

describe("a person who gives up", () => {
  const running = () =>
    Bun.spawn([installed.file, "upgrade"], {
      env: bareEnvironment(),
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
  const ended = async (child: ReturnType<typeof running>) => ({
    code: await child.exited,
    stdout: await new Response(child.stdout).text(),
    stderr: await new Response(child.stderr).text(),
  });

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("in the middle of the download: %s is exit %d", async (signal, code) => {
    await installed.publish(program("9.9.9"));
    const begun = Promise.withResolvers<void>();
    const part = new Uint8Array(1000);
    installed.server.routes.set(installed.path(archive), () => {
      begun.resolve();
      return new Response(new ReadableStream({ start: (controller) => controller.enqueue(part) }));
    });
    const child = running();
    await begun.promise;
    child.kill(signal);
    expect(await ended(child)).toEqual({ code, stdout: "", stderr: "" });
    installed.expectUntouched();
  });

  test("while the new executable is tried: nothing of it remains", async () => {
    // It says that it runs by a file in its folder, which is looked for below.
    await installed.publish(Buffer.from("#!/bin/sh\n: > tried\nexec sleep 60\n"));
    const child = running();
    while (!existsSync(join(installed.folder, "tried"))) await Bun.sleep(10);
    expect(readdirSync(installed.folder)).toHaveLength(3);
    child.kill("SIGINT");
    expect(await ended(child)).toEqual({ code: 130, stdout: "", stderr: "" });
    rmSync(join(installed.folder, "tried"));
    installed.expectUntouched();
  });
});

describe("an executable that is another's", () => {
  test("is left to npm", async () => {
    await installed.publish(program("9.9.9"));
    const own = installed.file;
    installed.file = join(installed.folder, "lib", "node_modules", `auth0-mcp-${target}`, "auth0-mcp");
    mkdirSync(dirname(installed.file), { recursive: true });
    linkSync(own, installed.file);
    const ended = await installed.upgrade();
    expect(ended).toMatchObject({ code: 1, stdout: "" });
    expect(ended.stderr).toContain("is part of an npm package");
    expect(ended.stderr).toContain("Run: npm install --global auth0-mcp@latest\n");
    expect(installed.server.asked).toEqual([]);
    const checked = await installed.upgrade(["--check", "--json"]);
    expect(parseJson(checked.stdout)).toMatchObject({ newer: true, owner: "npm" });
    expect(statSync(installed.file).ino).toBe(statSync(installed.released).ino);
    expect(readdirSync(dirname(installed.file))).toEqual(["auth0-mcp"]);
  });

  test("is built anew from its source", async () => {
    const ended = await collect([await executable(), "upgrade"], "", bareEnvironment());
    expect(ended).toMatchObject({ code: 1, stdout: "" });
    expect(ended.stderr).toContain("was built from source");
    expect(ended.stderr).toContain("./install.sh --from-source");
  });
});
