import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../../scripts/build.ts";
import { copySource } from "../../scripts/release/source.ts";
import { VERSION } from "../../src/config/product.ts";
import { collect, Downloads, haveShells, INSTALLER, program, TOOLS } from "./install-harness.ts";

let downloads: Downloads;
beforeEach(async () => {
  downloads = await Downloads.start("1.2.3");
});
afterEach(() => downloads.stop());

/** What is left of the PATH of someone who has Node and npm, and no Bun. */
const toolbox = (...names: string[]) =>
  downloads.toolbox(
    ["sh", "env", ...TOOLS],
    Object.fromEntries(names.map((name) => [name, `exec '${Bun.which(name)}' "$@"`])),
  );
const installFrom = (clone: string, env: Record<string, string> = {}) =>
  collect([join(clone, "install.sh"), "--from-source"], "", {
    PATH: toolbox("node", "npm"),
    HOME: downloads.home,
    ...env,
  });

/** A folder that passes for a clone; its build is one shell command. */
function clone(build: string, name = "auth0-mcp"): string {
  const folder = join(downloads.home, "a clone");
  mkdirSync(join(folder, "scripts"), { recursive: true });
  copyFileSync(join(ROOT, "install.sh"), join(folder, "install.sh"));
  writeFileSync(join(folder, "scripts", "build.ts"), "");
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name, scripts: { build } }, null, 2));
  return folder;
}

describe.skipIf(!haveShells())("install.sh --from-source", () => {
  test("goes from a clone, Node and npm to a program that lists its tools", async () => {
    const folder = join(downloads.home, "a clone");
    copySource(folder);
    cpSync(join(ROOT, "scripts"), join(folder, "scripts"), { recursive: true });
    copyFileSync(join(ROOT, "install.sh"), join(folder, "install.sh"));
    const path = toolbox("node", "npm");
    expect(Bun.which("bun", { PATH: path })).toBeNull();
    const cache = process.env["npm_config_cache"] ?? join(homedir(), ".npm");
    const bunCache = process.env["BUN_INSTALL_CACHE_DIR"] ?? join(homedir(), ".bun", "install", "cache");
    const { code, stdout, stderr } = await installFrom(folder, {
      PATH: path,
      npm_config_cache: cache,
      BUN_INSTALL_CACHE_DIR: bunCache,
    });
    expect({ code, stdout, stderr }).toMatchObject({ code: 0 });
    expect(stdout).toContain(`Installed auth0-mcp ${VERSION} in ${downloads.folder}\n`);
    expect(downloads.installed).toEqual(["auth0-mcp"]);
    const listed = await collect([join(downloads.folder, "auth0-mcp"), "tools", "list", "--sandbox"], "", {
      PATH: path,
      HOME: downloads.home,
    });
    expect(listed).toMatchObject({ code: 0, stdout: expect.stringContaining("auth0_list_applications") });
  }, 60_000);

  test.each([
    [
      "the build fails",
      () => installFrom(clone("echo because >&2; exit 3")),
      "because\n",
      "the build failed",
    ],
    ["the build leaves nothing", () => installFrom(clone("true")), "dist/auth0-mcp", "cannot be copied"],
    [
      "what was built does not start",
      () => installFrom(clone("mkdir -p dist && echo '#!/nowhere' >dist/auth0-mcp")),
      "",
      "does not start on this machine",
    ],
    [
      "there is no npm",
      () => installFrom(clone("true"), { PATH: toolbox("node") }),
      "",
      "npm is not on the PATH",
    ],
    [
      "it lies in another project's folder",
      () => installFrom(clone("true", "other")),
      "",
      "works in a clone",
    ],
    [
      "it was not downloaded with the rest",
      () => downloads.install({ args: ["--from-source"] }),
      "",
      "works in a clone",
    ],
    [
      "a version is asked for",
      () => downloads.install({ args: ["--from-source", "--version", "1.2.3"] }),
      "",
      "--version goes with a download only",
    ],
  ])("when %s, the old program stays", async (_, install, words, message) => {
    await downloads.install();
    expect(downloads.installed).toEqual(["auth0-mcp"]);
    const { code, stdout, stderr } = await install();
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(new RegExp(`${words}[^]*install.sh: .*${message}`)),
    });
    expect(downloads.installed).toEqual(["auth0-mcp"]);
    expect(readFileSync(join(downloads.folder, "auth0-mcp"))).toEqual(program("1.2.3"));
  });

  test("piped into a shell in a clone, it builds that one", async () => {
    const folder = clone(`mkdir -p dist && printf '#!/bin/sh\\necho 3.2.1\\n' >dist/auth0-mcp`);
    const env = { PATH: toolbox("node", "npm"), HOME: downloads.home };
    const { code, stdout } = await collect(["/bin/sh", "-s", "--", "--from-source"], INSTALLER, env, folder);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining("auth0-mcp 3.2.1") });
  });
});
