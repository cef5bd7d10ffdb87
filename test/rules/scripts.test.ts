import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { Glob } from "bun";
import { ROOT } from "../../scripts/build.ts";
import { finishedOf } from "../../scripts/support/finished.ts";
import { importsOf } from "../../scripts/support/sources.ts";

test("no script imports a test: a release must not depend on them", async () => {
  const scripts = [...new Glob("scripts/**/*.ts").scanSync(ROOT)].map((path) => path.replaceAll("\\", "/"));
  const imports = await Promise.all(
    scripts.map(async (path) => {
      const text = await Bun.file(join(ROOT, path)).text();
      return importsOf(`../${path}`, text).map(({ target }) => ({ path, target }));
    }),
  );
  expect(imports.flat()).toContainEqual({ path: "scripts/bench.ts", target: "../scripts/build.ts" });
  expect(imports.flat().filter(({ target }) => target.startsWith("../test/"))).toEqual([]);
});

describe("a wrong argument ends a script with one line", () => {
  test.each([
    ["release.ts", ["--target", "bogus"], "no target is named bogus; there are linux-x64, "],
    ["release.ts", ["--tarket", "linux-x64"], "Unknown option '--tarket'"],
    ["bench.ts", ["--rounds", "2"], "--rounds takes a whole number from 3 on"],
    ["bench.ts", ["--rounds", "--write"], "Option '--rounds' argument is ambiguous. "],
    ["generate.ts", ["check"], "Unexpected argument 'check'"],
  ])("%s %p", async (script, args, line) => {
    const child = Bun.spawn([process.execPath, join(ROOT, "scripts", script), ...args], {
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    const { code, stdout, stderr } = await finishedOf(child);
    expect({ code, stdout, lines: stderr.split("\n") }).toEqual({
      code: 2,
      stdout: "",
      lines: [expect.stringContaining(line), ""],
    });
  });
});
