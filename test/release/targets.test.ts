import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../scripts/build.ts";
import { checkOneRuntime } from "../../scripts/release/runtimes.ts";
import { hostTarget, targetNamed, targets } from "../../scripts/release/targets.ts";
import { haveMuslRoots, MUSL_TARGET } from "./install-roots.ts";

describe("the targets", () => {
  test("every system, processor and C library that is promised, once", () => {
    expect(targets.map(({ archive }) => archive).sort()).toEqual([
      "auth0-mcp-darwin-arm64.tar.gz",
      "auth0-mcp-darwin-x64.tar.gz",
      "auth0-mcp-linux-arm64-musl.tar.gz",
      "auth0-mcp-linux-arm64.tar.gz",
      "auth0-mcp-linux-x64-musl.tar.gz",
      "auth0-mcp-linux-x64.tar.gz",
      "auth0-mcp-windows-arm64.zip",
      "auth0-mcp-windows-x64.zip",
    ]);
  });

  test("every x64 executable is for processors without AVX2", () => {
    const x64 = targets.filter(({ arch }) => arch === "x64");
    expect(x64.every(({ runtime }) => runtime.endsWith("-baseline"))).toBe(true);
  });

  // Both runtimes are at hand there: one runs this test, and the other is what this machine's executable is built on.
  test.skipIf(process.arch !== "x64")("Bun's runtime for them is its only one for this system", async () => {
    await checkOneRuntime(hostTarget());
  });

  test.skipIf(process.arch !== "x64" || !haveMuslRoots())("another runtime is noticed", async () => {
    const checked = checkOneRuntime(targetNamed("linux-x64"), MUSL_TARGET.runtime);
    await expect(checked).rejects.toThrow("is no longer the same as bun-linux-x64-baseline");
  });

  test.each(targets.map(({ binding }) => binding))("%s is in the lock file", (binding) => {
    expect(readFileSync(join(ROOT, "bun.lock"), "utf8")).toContain(`"${binding}": [`);
  });

  test("this machine has one, and an unknown name is answered with the known ones", () => {
    expect(hostTarget().platform === process.platform && hostTarget().arch === process.arch).toBe(true);
    expect(() => targetNamed("linux-riscv64")).toThrow("linux-x64-musl");
  });
});
