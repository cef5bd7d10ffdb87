import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buildTarget } from "../../scripts/release/build-target.ts";
import { smokeChecks } from "../../scripts/release/smoke.ts";
import { copySource } from "../../scripts/release/source.ts";
import { hostTarget } from "../../scripts/release/targets.ts";
import { VERSION } from "../../src/config/product.ts";
import { executable } from "../support/executable.ts";
import { Downloads, haveShells, INSTALLER } from "./install-harness.ts";
import {
  canEnterRoots,
  glibcRoot,
  haveMuslRoots,
  MUSL_TARGET,
  muslRoot,
  type Root,
} from "./install-roots.ts";

const PROGRAM = "/root/.local/bin/auth0-mcp";

const install = (root: Root, downloads: Downloads) =>
  root.run(["/bin/sh"], { AUTH0_MCP_DOWNLOAD_URL: downloads.address }, INSTALLER);

/** From the installer to a tool's answer, in a root that has nothing else. */
async function goAllTheWay(root: Root, downloads: Downloads): Promise<void> {
  const installed = await install(root, downloads);
  expect(installed).toMatchObject({ code: 0, stdout: expect.stringContaining("in /root/.local/bin") });
  expect(readdirSync(join(root.folder, "root/.local/bin"))).toEqual(["auth0-mcp"]);
  expect(readdirSync(join(root.folder, "tmp"))).toEqual([]);
  const listed = await root.run([PROGRAM, "tools", "list", "--sandbox"]);
  expect(listed).toMatchObject({ code: 0, stdout: expect.stringContaining("auth0_list_applications") });
  const checks = await smokeChecks(root.command(PROGRAM), "in a bare root", false);
  expect(checks.map(({ name, outcome, message }) => ({ name, outcome, message }))).toEqual(
    ["version", "initialize and tools/list", "a sandbox call"].map((name) => ({
      name: `${name}, in a bare root`,
      outcome: "passed",
      message: undefined,
    })),
  );
}

describe.skipIf(!haveShells() || process.platform !== "linux")("install.sh with the real executable", () => {
  let bytes: Buffer;
  let downloads: Downloads;
  beforeAll(async () => {
    bytes = readFileSync(await executable());
    downloads = await Downloads.start("1.2.3");
    await downloads.publish(bytes, hostTarget().name);
  }, 60_000);
  afterAll(() => downloads.stop());

  test("installs it as it is", async () => {
    const { stdout } = await downloads.install({ args: ["--version", VERSION] });
    expect(stdout).toContain(`Installed auth0-mcp ${VERSION}`);
    expect(readFileSync(join(downloads.folder, "auth0-mcp")).equals(bytes)).toBe(true);
  });

  test.skipIf(!canEnterRoots)(
    "in a root with the C library and busybox only, up to a tool's answer",
    async () => {
      await goAllTheWay(glibcRoot(join(downloads.home, "root")), downloads);
    },
  );
});

describe.skipIf(!haveMuslRoots())("install.sh in a root with musl", () => {
  let downloads: Downloads;
  beforeAll(async () => {
    downloads = await Downloads.start("1.2.3");
    const source = join(downloads.home, "source");
    copySource(source);
    await downloads.publish((await buildTarget(MUSL_TARGET, source)).bytes, MUSL_TARGET.name);
  }, 60_000);
  afterAll(() => downloads.stop());

  test("and busybox only, up to a tool's answer", async () => {
    const root = muslRoot(join(downloads.home, "root"));
    const libraries = readdirSync(join(root.folder, "lib"), { recursive: true, withFileTypes: true });
    expect(libraries.filter((each) => each.isFile()).map(({ name }) => name)).toEqual(["libc.so"]);
    await goAllTheWay(root, downloads);
    expect([...new Set(downloads.asked)]).toEqual(["SHA256SUMS", MUSL_TARGET.archive]);
  }, 60_000);
});
