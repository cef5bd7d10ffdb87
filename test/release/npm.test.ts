import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Entry, tarGz } from "../../scripts/release/archive.ts";
import { packWrapper } from "../../scripts/release/pack.ts";
import { json, Publication } from "../../scripts/release/publish.ts";
import { finished } from "../../scripts/release/run.ts";
import { hostTarget, targets } from "../../scripts/release/targets.ts";
import { platformPackage, platformPackageName } from "../../scripts/release/ways/npm.ts";
import { facts } from "./facts.ts";
import { collect } from "./install-harness.ts";

const NODE = Bun.which("node") ?? "node";
/** Stands in for the executable: tells its arguments, its input and its process, and ends as it is told. */
const PROGRAM = `#!/bin/sh
case "$1" in
  end) exit "$2" ;;
  pid) echo $$ ;;
  wait) trap 'exit 7' TERM; echo ready; while :; do sleep 0.05; done ;;
  *) echo "$# $*"; cat ;;
esac
`;

let folder = "";
let started = "";
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "auth0-mcp-npm-"));
  const publication = new Publication(join(folder, "release"));
  await packWrapper(publication, facts);
  const tarball = async (target: (typeof targets)[number]) => {
    const entries: Entry[] = [
      {
        name: "package/package.json",
        bytes: Buffer.from(json(platformPackage(facts, target))),
        executable: false,
      },
      { name: `package/${target.executable}`, bytes: Buffer.from(PROGRAM), executable: true },
    ];
    publication.write(`npm/${platformPackageName(target)}.tgz`, await tarGz(entries, 0));
  };
  await tarball(hostTarget());
  const project = join(folder, "project");
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), '{"private":true}');
  const packages = ["auth0-mcp", platformPackageName(hostTarget())].map((name) =>
    join(publication.folder, "npm", `${name}.tgz`),
  );
  const flags = [
    "--offline",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
    "--cache",
    join(folder, "cache"),
  ];
  finished(["npm", "install", ...flags, ...packages], { cwd: project });
  started = join(project, "node_modules", ".bin", "auth0-mcp");
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

const run = (args: string[], stdin = "") =>
  collect([NODE, started, ...args], stdin, { PATH: "/usr/bin:/bin" });

describe("the npm packages, installed from their tarballs", () => {
  test("npx starts the executable, with its arguments and its input", () => {
    const project = join(folder, "project");
    const told = finished(["npx", "--no-install", "auth0-mcp", "a b", "--flag"], {
      cwd: project,
      stdin: "line\n",
    });
    expect(told).toBe("2 a b --flag\nline\n");
  });

  test("its exit code is the executable's", async () => {
    expect(await run(["end", "0"])).toMatchObject({ code: 0 });
    expect(await run(["end", "5"])).toMatchObject({ code: 5, stdout: "", stderr: "" });
  });

  test("a signal reaches the executable, which ends as it likes", async () => {
    const child = Bun.spawn([NODE, started, "wait"], { stdout: "pipe", env: { PATH: "/usr/bin:/bin" } });
    await child.stdout.getReader().read();
    child.kill("SIGTERM");
    expect(await child.exited).toBe(7);
  });

  test("without the package of this machine it says which one is missing", async () => {
    rmSync(join(folder, "project", "node_modules", platformPackageName(hostTarget())), { recursive: true });
    const { code, stderr } = await run(["--version"]);
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(platformPackageName(hostTarget())),
    });
  });
});

test("its README names the repository, and nobody who is to be filled in", () => {
  const readme = readFileSync(join(folder, "project/node_modules/auth0-mcp/README.md"), "utf8");
  expect(readme).toContain(`curl -fsSL ${facts.repository}/releases/latest/download/install.sh | sh`);
  expect(readme).not.toContain("OWNER");
});

test("the wrapper names every platform package in its own version, and each says where it belongs", () => {
  const manifest = JSON.parse(
    readFileSync(join(folder, "project/node_modules/auth0-mcp/package.json"), "utf8"),
  );
  expect(manifest).toMatchObject({
    name: "auth0-mcp",
    version: "1.2.3",
    mcpName: "io.github.example/auth0-mcp",
  });
  expect(manifest.optionalDependencies).toEqual(
    Object.fromEntries(targets.map((target) => [platformPackageName(target), "1.2.3"])),
  );
  for (const target of targets) {
    const { platform, arch, libc } = target;
    expect(platformPackage(facts, target)).toMatchObject({
      os: [platform],
      cpu: [arch],
      ...(libc === undefined ? {} : { libc: [libc] }),
    });
  }
});
