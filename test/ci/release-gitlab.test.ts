import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import manifest from "../../package.json" with { type: "json" };
import { ROOT } from "../../scripts/build.ts";
import { finished } from "../../scripts/release/run.ts";
import { publicKeyOf, SIGNING_KEY } from "../../scripts/release/signing.ts";
import { needPrograms } from "../../scripts/support/packages.ts";
import { Machine } from "./machine.ts";
import { gitlabScripts, read, scriptOf, type Variables } from "./pipelines.ts";

const VERSION = "1.2.3";
const PROGRAMS = ["curl", "minisign"];
const job = (name: string) => scriptOf(gitlabScripts(read(".gitlab-ci.yml")), name);

let machine: Machine;
beforeEach(() => {
  machine = new Machine();
});
afterEach(() => machine.stop());

describe.skipIf(!needPrograms("GitLab's releases", PROGRAMS, PROGRAMS))("a release on GitLab", () => {
  test("is built for the tag that is package.json's version, and for no other", async () => {
    const npm = machine.noting("npm", "exit 0");
    machine.put({ "package.json": readFileSync(join(ROOT, "package.json")) });
    const build = (tag: string) => machine.run(job("build"), { CI_COMMIT_TAG: tag });
    for (const tag of [manifest.version, "v9.9.9", `v${manifest.version}-rc.1`]) {
      expect(await build(tag)).toMatchObject({ code: 1, stderr: expect.stringContaining(`tag is ${tag},`) });
    }
    expect(npm()).toEqual([]);
    expect(await build(`v${manifest.version}`)).toMatchObject({ code: 0 });
    expect(npm()).toEqual(["run release"]);
  });

  test("is built with the signing key put together again", async () => {
    const at = (name: string) => join(machine.home, name);
    finished(["minisign", "-G", "-W", "-f", "-p", at("public"), "-s", at("secret")]);
    const whole = readFileSync(at("secret"), "utf8");
    machine.program("npm", 'printf %s "$MINISIGN_SECRET_KEY" >key');
    machine.put({ "package.json": readFileSync(join(ROOT, "package.json")) });
    const build = (key: Variables) =>
      machine.run(job("build"), { CI_COMMIT_TAG: `v${manifest.version}`, ...key });
    const line = whole.split("\n")[1] ?? "";
    const { code, stdout, stderr } = await build({ [SIGNING_KEY]: line });
    expect({ code, told: `${stdout}${stderr}`.includes(line) }).toEqual({ code: 0, told: false });
    const key = machine.file("key");
    expect(publicKeyOf({ [SIGNING_KEY]: key })).toBe(publicKeyOf({ [SIGNING_KEY]: whole }) ?? "");
    expect(await build({})).toMatchObject({ code: 0 });
    expect(machine.file("key")).toBe("");
  });

  test("is uploaded to the package registry, and then told as a release with lasting links", async () => {
    const files = [...machine.putRelease("dist/release", { "SHA256SUMS.minisig": "signature" })];
    const asked: { readonly path: string; readonly token: string | null; readonly body: string }[] = [];
    let status = 201;
    using server = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      async fetch(request) {
        const path = `${request.method} ${new URL(request.url).pathname}`;
        asked.push({ path, token: request.headers.get("job-token"), body: await request.text() });
        return new Response("{}", { status });
      },
    });
    const api = `http://127.0.0.1:${server.port}/api/v4`;
    const settings = { CI_API_V4_URL: api, CI_PROJECT_ID: "7", CI_JOB_TOKEN: "canary-token" };
    const publish = () => machine.run(job("publish"), { ...settings, CI_COMMIT_TAG: `v${VERSION}` });

    const { code, stdout, stderr } = await publish();
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout + stderr).not.toContain("canary");
    const folder = `/api/v4/projects/7/packages/generic/auth0-mcp/${VERSION}`;
    const uploaded = [...files, "SHA256SUMS", "SHA256SUMS.minisig"];
    expect(asked.map(({ path }) => path)).toEqual([
      ...uploaded.map((file) => `PUT ${folder}/${file}`),
      "POST /api/v4/projects/7/releases",
    ]);
    expect(asked.filter(({ token }) => token !== "canary-token")).toEqual([]);
    expect(asked.find(({ path }) => path.endsWith("/install.sh"))?.body).toBe("install.sh");
    const address = `${api}/projects/7/packages/generic/auth0-mcp/${VERSION}`;
    expect(JSON.parse(asked.at(-1)?.body ?? "")).toEqual({
      tag_name: `v${VERSION}`,
      name: `auth0-mcp ${VERSION}`,
      description: `Install it with AUTH0_MCP_DOWNLOAD_URL=${address}`,
      assets: {
        links: uploaded.map((name) => ({ name, url: `${address}/${name}`, direct_asset_path: `/${name}` })),
      },
    });

    asked.length = 0;
    status = 403;
    expect((await publish()).code).not.toBe(0);
    expect(asked).toHaveLength(1);
    machine.put({ "dist/release/install.sh": "changed" });
    expect(await publish()).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("install.sh: FAILED"),
    });
    expect(asked).toHaveLength(1);
  });
});
