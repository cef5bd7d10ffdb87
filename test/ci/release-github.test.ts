import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import manifest from "../../package.json" with { type: "json" };
import { ROOT } from "../../scripts/build.ts";
import { tarGz, zip } from "../../scripts/release/archive.ts";
import { REPOSITORY_VARIABLE, repositoryOf } from "../../scripts/release/release-facts.ts";
import { targets } from "../../scripts/release/targets.ts";
import { platformPackageName } from "../../scripts/release/ways/npm.ts";
import { needPrograms } from "../../scripts/support/packages.ts";
import { asObject, asObjects, asString } from "../../src/lib/json.ts";
import { Machine } from "./machine.ts";
import { githubJobs, read, scriptOf } from "./pipelines.ts";

const VERSION = "1.2.3";
const jobs = githubJobs(read(".github/workflows/release.yml"));
const scripts = jobs.flatMap((job) => job.scripts);
const step = (words: string) => scriptOf(scripts, words);

let machine: Machine;
beforeEach(() => {
  machine = new Machine();
});
afterEach(() => machine.stop());

test("the tag must be package.json's version", async () => {
  machine.put({ "package.json": readFileSync(join(ROOT, "package.json")) });
  const compare = (tag: string) => machine.run(step("Compare the tag"), { GITHUB_REF_NAME: tag });
  expect(await compare(`v${manifest.version}`)).toMatchObject({ code: 0, stdout: "" });
  for (const tag of [manifest.version, "v9.9.9", `v${manifest.version}-rc.1`]) {
    expect(await compare(tag)).toMatchObject({ code: 1, stdout: expect.stringContaining(`tag is ${tag},`) });
  }
});

test("the build knows the repository, and gets the key and the address for usage events if there are some", async () => {
  machine.program("npm", `echo "$*" $AUTH0_MCP_REPOSITORY $AUTH0_MCP_ANALYTICS_URL $MINISIGN_SECRET_KEY`);
  const settings = {
    "github.server_url": "https://github.com",
    "github.repository": "example/auth0-mcp",
    "vars.AUTH0_MCP_ANALYTICS_URL": "https://events.example/",
    "secrets.MINISIGN_SECRET_KEY": "key",
  };
  const { stdout } = await machine.run(step("npm run release"), settings);
  const words = "run release https://github.com/example/auth0-mcp https://events.example/ key\n";
  expect(stdout).toBe(words);
  expect(repositoryOf({}, { [REPOSITORY_VARIABLE]: words.split(" ")[2] })).toBe(words.split(" ")[2]);
});

describe.skipIf(!needPrograms("archives for Windows", ["unzip"], ["unzip"]))("an executable", () => {
  const runners = asObjects(
    asObject(asObject(jobs.find(({ id }) => id === "verify")?.job["strategy"])?.["matrix"])?.["include"],
  ).map((each) => asString(each["archive"]) ?? "");

  test.each(runners)("is started from %s on a machine for it", async (archive) => {
    const target = targets.find((each) => each.archive === archive);
    expect(target).toBeDefined();
    const calls = `case "$*" in --version) echo ${VERSION} ;; *) echo "ran $*" ;; esac`;
    const program = { name: "auth0-mcp", bytes: Buffer.from(`#!/bin/sh\n${calls}\n`), executable: true };
    machine.put({ [`release/${archive}`]: await (archive.endsWith(".zip") ? zip : tarGz)([program], 0) });
    const start = (tag: string) =>
      machine.run(step("Start what the archive holds"), { "matrix.archive": archive, GITHUB_REF_NAME: tag });
    const { code, stdout } = await start(`v${VERSION}`);
    expect({ code, ran: stdout.split("\n").filter((line) => line.startsWith("ran")) }).toEqual({
      code: 0,
      ran: ["ran tools list --sandbox", "ran tools call auth0_list_applications --sandbox"],
    });
    const other = await start("v9.9.9");
    expect(other).toMatchObject({ code: 1, stdout: expect.stringContaining(`holds version ${VERSION}`) });
  });
});

describe("the draft", () => {
  const NOTHING_YET = '[ "$2" != view ]';
  const draft = (tag = `v${VERSION}`) =>
    machine.run(step("Draft the release"), {
      "github.token": "canary-token",
      "github.repository": "example/auth0-mcp",
      GITHUB_REF_NAME: tag,
    });

  test("is drafted with what people download, and nothing else", async () => {
    const gh = machine.noting("gh", NOTHING_YET);
    const files = machine.putRelease("release").join(" ");
    expect(await draft()).toMatchObject({ code: 0, stdout: expect.not.stringContaining("canary") });
    const flags = `--draft --verify-tag --generate-notes --title auth0-mcp ${VERSION}`;
    expect(gh()).toEqual([
      `release view v${VERSION}`,
      `release create v${VERSION} ${flags} SHA256SUMS ${files}`,
    ]);
  });

  test("takes the signature along, and says when it is no final one", async () => {
    const gh = machine.noting("gh", NOTHING_YET);
    const files = machine.putRelease("release", { "SHA256SUMS.minisig": "" }).join(" ");
    expect(await draft("v2.0.0-rc.1")).toMatchObject({ code: 0 });
    expect(gh().at(-1)).toEndWith(`--prerelease SHA256SUMS ${files} SHA256SUMS.minisig`);
  });

  test("is not drafted over another one, nor with a file that has changed on the way", async () => {
    const gh = machine.noting("gh", "exit 0");
    machine.putRelease("release");
    expect(await draft()).toMatchObject({ code: 1, stdout: expect.stringContaining("already") });
    machine.noting("gh", NOTHING_YET);
    machine.put({ "release/install.sh": "changed" });
    expect(await draft()).toMatchObject({ code: 1, stdout: expect.stringContaining("install.sh: FAILED") });
    expect(gh().filter((call) => call.includes("create"))).toEqual([]);
  });
});

describe("npm", () => {
  const publish = (token: string, tag = `v${VERSION}`) =>
    machine.run(step("Publish the npm packages"), { "secrets.NPM_TOKEN": token, GITHUB_REF_NAME: tag });
  const putPackages = () => {
    const names = [...targets.map(platformPackageName), "auth0-mcp"];
    machine.put(Object.fromEntries(names.map((name) => [`release/npm/${name}.tgz`, ""])));
    return names;
  };
  const published = (calls: readonly string[]) => calls.filter((call) => call.startsWith("publish"));

  test("goes to npm with its provenance, the package that people name last", async () => {
    const npm = machine.noting("npm", '[ "$1" != view ]');
    const names = putPackages();
    expect(await publish("canary-token")).toMatchObject({ code: 0, stdout: "" });
    const calls = published(npm());
    expect(calls.map((call) => call.replace(/^publish \.\/(.*)\.tgz .*/, "$1")).sort()).toEqual(names.sort());
    expect(calls.at(-1)).toBe("publish ./auth0-mcp.tgz --provenance --access public --tag latest");
    await publish("canary-token", "v2.0.0-rc.1");
    expect(npm().at(-1)).toEndWith("--tag next");
  });

  test("goes on where npm stopped, and stops when npm refuses", async () => {
    const npm = machine.noting(
      "npm",
      `[ "$1" = publish ] || case "$2" in auth0-mcp@*) exit 1 ;; *) echo ${VERSION} ;; esac`,
    );
    putPackages();
    expect(await publish("canary-token")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("already"),
    });
    expect(published(npm())).toHaveLength(1);
    const refused = machine.noting("npm", '[ "$1" = config ]');
    const before = published(refused()).length;
    expect(await publish("canary-token")).toMatchObject({ code: 1 });
    expect(published(refused())).toHaveLength(before + 1);
  });

  test("does not go to npm without a token, which is no failure", async () => {
    const npm = machine.noting("npm", "exit 1");
    putPackages();
    expect(await publish("")).toMatchObject({ code: 0, stdout: expect.stringContaining("NPM_TOKEN") });
    expect(npm()).toEqual([]);
  });
});
