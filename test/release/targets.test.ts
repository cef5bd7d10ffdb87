import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../scripts/build.ts";
import { hostTarget, targetNamed, targets } from "../../scripts/release/targets.ts";

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

  test.each(targets.map(({ binding }) => binding))("%s is in the lock file", (binding) => {
    expect(readFileSync(join(ROOT, "bun.lock"), "utf8")).toContain(`"${binding}": [`);
  });

  test("this machine has one, and an unknown name is answered with the known ones", () => {
    expect(hostTarget().platform === process.platform && hostTarget().arch === process.arch).toBe(true);
    expect(() => targetNamed("linux-riscv64")).toThrow("linux-x64-musl");
  });
});
