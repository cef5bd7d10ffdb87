import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "../../scripts/release/checksums.ts";
import { installerOf } from "../../scripts/release/installer.ts";
import { finished } from "../../scripts/release/run.ts";
import { publicKeyOf, SIGNING_KEY, sign } from "../../scripts/release/signing.ts";
import { hostTarget } from "../../scripts/release/targets.ts";
import { needPrograms } from "../../scripts/support/packages.ts";
import { type ServedTenant, serveTenant } from "../../scripts/support/tenants.ts";
import { Downloads, program } from "../release/install-harness.ts";
import { executable, type Finished } from "../support/executable.ts";
import { Machine } from "./machine.ts";
import { githubJobs, gitlabScripts, read, type Script, type Variables } from "./pipelines.ts";

const PROGRAMS = ["curl", "jq", "minisign"];

interface Recipe {
  readonly file: string;
  readonly scripts: (text: string) => Script[];
  /** What the runner's machine has besides a bare image. */
  readonly has: readonly string[];
  /** Whether each script begins on a new machine. */
  readonly fresh: boolean;
  /** How the file gets at what a project's settings hold. */
  readonly setting: (name: string) => string;
  readonly secret: (name: string) => string;
}

const recipes: Readonly<Record<string, Recipe>> = {
  "GitHub Actions": {
    file: "docs/recipes/github-actions.yml",
    scripts: (text) => githubJobs(text).flatMap(({ scripts }) => scripts),
    has: ["curl", "jq"],
    fresh: false,
    setting: (name) => `vars.${name}`,
    secret: (name) => `secrets.${name}`,
  },
  GitLab: {
    file: "docs/recipes/gitlab-ci.yml",
    scripts: gitlabScripts,
    has: [],
    fresh: true,
    setting: (name) => name,
    secret: (name) => name,
  },
};

const available = needPrograms("the recipes for CI", PROGRAMS, PROGRAMS);

describe.skipIf(!available).each(Object.entries(recipes))("the recipe for %s", (_, recipe) => {
  let downloads: Downloads;
  let tenant: ServedTenant;
  let settings: Variables = {};
  /** The release as it was made, for taking back what a test changes. */
  let release = new Map<string, Buffer>();

  beforeAll(async () => {
    tenant = await serveTenant({ rateLimit: 0 });
    downloads = await Downloads.start("0.0.0");
    // In place of the executable stands what starts it: test/release/install-root.test.ts installs the file itself.
    await downloads.publish(Buffer.from(`#!/bin/sh\nexec '${await executable()}' "$@"\n`), hostTarget().name);
    const at = (name: string) => join(downloads.home, name);
    finished(["minisign", "-G", "-W", "-f", "-p", at("public"), "-s", at("secret")]);
    const key = { [SIGNING_KEY]: readFileSync(at("secret"), "utf8") };
    const installer = Buffer.from(installerOf(undefined, publicKeyOf(key)));
    downloads.files.set("install.sh", installer);
    const sums = downloads.files.get("SHA256SUMS") ?? Buffer.alloc(0);
    downloads.files.set("SHA256SUMS.minisig", sign(sums, "test", key) ?? Buffer.alloc(0));
    release = new Map(downloads.files);
    const { domain, clientId, clientSecret } = tenant.tenant;
    settings = {
      AUTH0_MCP_DOWNLOAD_URL: downloads.address,
      INSTALLER_SHA256: sha256(installer),
      [recipe.setting("AUTH0_DOMAIN")]: domain,
      [recipe.setting("AUTH0_CLIENT_ID")]: clientId,
      [recipe.secret("AUTH0_CLIENT_SECRET")]: clientSecret,
    };
  });
  afterAll(async () => {
    await downloads.stop();
    await tenant.stop();
  });

  /** Runs script after script until one fails, and looks through all they said for what nobody may see. */
  async function runRecipe(given: Variables = {}, change = (text: string) => text) {
    const scripts = recipe.scripts(change(read(recipe.file)));
    const done: Finished[] = [];
    let machine = new Machine(recipe.has);
    try {
      for (const script of scripts) {
        if (recipe.fresh && done.length > 0) {
          machine.stop();
          machine = new Machine(recipe.has);
        }
        const ended = await machine.run(script, { ...settings, ...given });
        done.push(ended);
        expect(ended.stdout + ended.stderr).not.toContain(tenant.tenant.clientSecret);
        expect(ended.stdout + ended.stderr).not.toMatch(/eyJ[\w-]{20}/);
        if (ended.code !== 0) break;
      }
      const binaries = join(machine.home, ".local", "bin");
      const installed = readdirSync(machine.home).includes(".local") ? readdirSync(binaries) : [];
      return {
        done,
        last: done.at(-1),
        wanted: scripts.length,
        list: machine.file("applications.jsonl"),
        installed,
      };
    } finally {
      machine.stop();
      for (const [name, bytes] of release) downloads.files.set(name, bytes);
    }
  }

  test("installs a release, looks at the session, and lists every application page by page", async () => {
    const { done, wanted, list } = await runRecipe({}, (text) =>
      text.replace('"per_page":100', '"per_page":4'),
    );
    expect(done.filter(({ code }) => code !== 0)).toEqual([]);
    expect(done).toHaveLength(wanted);
    expect(done.map(({ stdout }) => stdout).join("")).toContain('{"authenticated":true,');
    const listed = list
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    for (const each of listed) expect(Object.keys(each).sort()).toEqual(["app_type", "client_id", "name"]);
    const all = [...tenant.tenant.state.clients].filter(([, client]) => client["global"] !== true);
    expect(listed.map(({ client_id }) => client_id).sort()).toEqual(all.map(([id]) => id).sort());
    expect(listed.length).toBeGreaterThan(8);
  });

  test("stops at the session when the tenant refuses the application", async () => {
    const { last, list } = await runRecipe({ [recipe.secret("AUTH0_CLIENT_SECRET")]: "wrong" });
    expect(last).toMatchObject({ code: 3, stdout: expect.stringContaining('"authenticated":false') });
    expect(list).toBe("");
  });

  test("stops with the tool's own words when the list cannot be had", async () => {
    const { last } = await runRecipe({}, (text) => text.replace('"per_page":100', '"per_page":500'));
    expect(last).toMatchObject({ code: 1, stdout: expect.stringContaining("invalid_arguments") });
  });

  test("runs no installer but the one that was looked at", async () => {
    const installer = downloads.files.get("install.sh") ?? Buffer.alloc(0);
    downloads.files.set("install.sh", Buffer.concat([installer, Buffer.from("\n")]));
    const { done, last, installed } = await runRecipe();
    expect({ done: done.length, installed }).toEqual({ done: 1, installed: [] });
    expect(last).toMatchObject({ code: 1, stdout: expect.stringContaining("install.sh: FAILED") });
  });

  test("installs nothing that the release's key did not sign", async () => {
    await downloads.publish(program("6.6.6"), hostTarget().name);
    const { done, last, installed } = await runRecipe();
    expect({ done: done.length, installed }).toEqual({ done: 1, installed: [] });
    expect(last).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("signature of SHA256SUMS is wrong"),
    });
  });
});
