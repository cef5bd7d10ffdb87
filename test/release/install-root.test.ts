import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { hostTarget } from "../../scripts/release/targets.ts";
import { VERSION } from "../../src/config/product.ts";
import { executable } from "../support/executable.ts";
import { applets, collect, Downloads, haveShells, INSTALLER } from "./install-harness.ts";

/** Enters a root. The process files, which Bun needs, are mounted for this one process only. */
const ENTER = 'mount -t proc proc "$0/proc" && exec chroot "$0" /bin/sh -c "$1"';
const canEnter =
  Bun.spawnSync(["unshare", "--mount", "sh", "-c", "mount -t proc proc /proc && chroot / true"]).exitCode ===
  0;
let downloads: Downloads;
beforeEach(async () => {
  downloads = await Downloads.start("1.2.3");
});
afterEach(() => downloads.stop());

describe.skipIf(!haveShells() || process.platform !== "linux")("install.sh with the real executable", () => {
  test("installs it as it is", async () => {
    const bytes = readFileSync(await executable());
    await downloads.publish(bytes, hostTarget().name);
    const { stdout } = await downloads.install({ args: ["--version", VERSION] });
    expect(stdout).toContain(`Installed auth0-mcp ${VERSION}`);
    expect(readFileSync(join(downloads.folder, "auth0-mcp")).equals(bytes)).toBe(true);
  });

  test.skipIf(!canEnter)("in a root with the C library and busybox only, up to a tool's answer", async () => {
    await downloads.publish(readFileSync(await executable()), hostTarget().name);
    const root = bareRoot(join(downloads.home, "root"));
    const env = {
      PATH: "/bin:/usr/bin:/usr/sbin:/sbin",
      HOME: "/root",
      AUTH0_MCP_DOWNLOAD_URL: downloads.address,
    };
    const enter = (script: string, stdin = "") =>
      collect(["/usr/bin/unshare", "--mount", "sh", "-c", ENTER, root, script], stdin, env);

    const done = await enter("sh", INSTALLER);
    expect(done).toMatchObject({ code: 0, stdout: expect.stringContaining("in /root/.local/bin") });
    const program = "/root/.local/bin/auth0-mcp";
    const listed = await enter(`${program} tools list --sandbox`);
    expect(listed).toMatchObject({ code: 0, stdout: expect.stringContaining("auth0_list_applications") });
    const called = await enter(`${program} tools call auth0_list_applications --sandbox`);
    expect(called).toMatchObject({ code: 0, stdout: expect.stringContaining('"applications":[{') });
  });
});

/** A root that holds busybox, the libraries that it and the executable name, and empty folders. */
function bareRoot(root: string): string {
  for (const folder of ["bin", "tmp", "root", "dev", "proc"])
    mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, "dev", "null"), "");
  const busybox = Bun.which("busybox") ?? "";
  for (const program of [busybox, process.execPath]) {
    const libraries = Bun.spawnSync(["ldd", program])
      .stdout.toString()
      .matchAll(/(\/\S+) \(0x/g);
    for (const [, library = ""] of libraries) copyProgram(library, join(root, library));
  }
  copyProgram(busybox, join(root, "bin", "busybox"));
  for (const applet of applets()) {
    if (applet !== "busybox") symlinkSync("busybox", join(root, "bin", applet));
  }
  return root;
}

function copyProgram(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, readFileSync(from), { mode: 0o755 });
}
