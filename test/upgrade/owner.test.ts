import { describe, expect, test } from "bun:test";
import { targetNamed, targets } from "../../scripts/release/targets.ts";
import { dockerfile } from "../../scripts/release/ways/dockerfile.ts";
import { extensionManifest } from "../../scripts/release/ways/gemini.ts";
import { bundleManifest, bundleName } from "../../scripts/release/ways/mcpb.ts";
import { platformPackageName, wrapperPackage } from "../../scripts/release/ways/npm.ts";
import { wingetManifest } from "../../scripts/release/ways/winget.ts";
import { asString } from "../../src/lib/json.ts";
import { ownershipOf } from "../../src/upgrade/owner.ts";
import { facts } from "../release/facts.ts";

const linux = targetNamed("linux-x64");

interface At {
  readonly environment?: Record<string, string>;
  /** The files beside it, by path. */
  readonly files?: Record<string, string>;
  readonly target?: string;
}

function owner(file: string, { environment = {}, files = {}, target = linux.name }: At = {}) {
  const build = { target, repository: facts.repository };
  return ownershipOf({ file, build, environment, read: (path) => files[path] }).owner;
}

test.each([
  "/home/me/.local/bin/auth0-mcp",
  "/usr/local/bin/auth0-mcp",
  "/opt/auth0-mcp/auth0-mcp",
  "/home/me/node_modules/auth0-mcp",
  "/home/me/Cellar",
  "/home/me/scoop/auth0-mcp",
  "C:\\Users\\me\\bin\\auth0-mcp.exe",
])("%s belongs to nobody, and may replace itself", (file) => {
  const build = { target: linux.name };
  const read = () => undefined;
  expect(ownershipOf({ file, build, environment: {}, read })).toEqual({
    owner: undefined,
    target: linux.name,
  });
});

test("a build from source is known by what it does not know", () => {
  const place = { file: "/opt/homebrew/Cellar/auth0-mcp/1.2.3/bin/auth0-mcp", build: {}, environment: {} };
  const { owner } = ownershipOf(place);
  expect([owner?.id, owner?.command]).toEqual(["source", "git pull && ./install.sh --from-source"]);
});

describe("Homebrew", () => {
  test.each([
    ["/opt/homebrew/Cellar/auth0-mcp/1.2.3/bin/auth0-mcp", "brew upgrade auth0-mcp"],
    ["/usr/local/Cellar/auth0-mcp@1/1.2.3/bin/auth0-mcp", "brew upgrade auth0-mcp@1"],
    ["/home/linuxbrew/.linuxbrew/Cellar/auth0-mcp/1.2.3_1/bin/auth0-mcp", "brew upgrade auth0-mcp"],
  ])("%s", (file, command) => {
    expect(owner(file)).toMatchObject({ id: "homebrew", command });
  });
});

describe("Scoop", () => {
  const environment = { SCOOP: "D:\\tools", SCOOP_GLOBAL: "E:\\all" };
  test.each([
    ["C:\\Users\\me\\scoop\\apps\\auth0-mcp\\1.2.3\\auth0-mcp.exe", "scoop update auth0-mcp"],
    ["C:\\ProgramData\\scoop\\apps\\auth0-mcp\\1.2.3\\auth0-mcp.exe", "scoop update --global auth0-mcp"],
    ["D:\\tools\\apps\\auth0-mcp\\1.2.3\\auth0-mcp.exe", "scoop update auth0-mcp"],
    ["E:\\all\\apps\\auth0-mcp\\1.2.3\\auth0-mcp.exe", "scoop update --global auth0-mcp"],
  ])("%s", (file, command) => {
    expect(owner(file, { environment })).toMatchObject({ id: "scoop", command });
  });
});

test("WinGet names the package by the identifier of its manifest", () => {
  const [name = ""] = [...wingetManifest(facts).keys()];
  const identifier = name.replace(/\.yaml$/, "");
  for (const root of ["C:\\Users\\me\\AppData\\Local\\Microsoft\\WinGet", "C:\\Program Files\\WinGet"]) {
    const file = `${root}\\Packages\\${identifier}_Microsoft.Winget.Source_8wekyb3d8bbwe\\auth0-mcp.exe`;
    expect(owner(file)).toMatchObject({ id: "winget", command: `winget upgrade --id ${identifier}` });
  }
});

describe("npm", () => {
  const wrapper = "auth0-mcp";
  const inside = `node_modules/auth0-mcp-linux-x64/auth0-mcp`;
  test.each([
    [`/usr/lib/node_modules/auth0-mcp/${inside}`, "npm install --global auth0-mcp@latest"],
    [
      `/home/me/.nvm/versions/node/v22/lib/node_modules/auth0-mcp/${inside}`,
      "npm install --global auth0-mcp@latest",
    ],
    [`/home/me/.npm/_npx/0123/${inside}`, "npx auth0-mcp@latest"],
    [`/home/me/project/${inside}`, "npm install auth0-mcp@latest"],
    [`/home/me/project/node_modules/.pnpm/auth0-mcp-linux-x64@1.2.3/${inside}`, "pnpm add auth0-mcp@latest"],
    [
      `/home/me/.local/share/pnpm/global/5/.pnpm/auth0-mcp-linux-x64@1.2.3/${inside}`,
      "pnpm add --global auth0-mcp@latest",
    ],
    [`/home/me/.bun/install/global/${inside}`, "bun add --global auth0-mcp@latest"],
    [`/home/me/project/.yarn/unplugged/auth0-mcp-linux-x64-npm-1.2.3/${inside}`, "yarn add auth0-mcp@latest"],
    [
      `C:\\Users\\me\\AppData\\Roaming\\npm\\${inside.replaceAll("/", "\\")}`,
      "npm install --global auth0-mcp@latest",
    ],
  ])("%s", (file, command) => {
    expect(owner(file)).toMatchObject({ id: "npm", command });
  });

  test("has a package for every target, and one that people name", () => {
    for (const target of targets) {
      const file = `/p/node_modules/${platformPackageName(target)}/${target.executable}`;
      expect(owner(file, { target: target.name })).toMatchObject({ id: "npm" });
      expect(owner(file, { target: "another" })).toBeUndefined();
    }
    expect(asString(Reflect.get(wrapperPackage(facts), "name"))).toBe(wrapper);
  });
});

describe("a manifest beside it", () => {
  const folder = "/home/me/.gemini/extensions/auth0-mcp";

  test("of a Gemini extension", () => {
    const manifest = JSON.stringify(extensionManifest(facts, linux));
    const files = { [`${folder}/gemini-extension.json`]: manifest };
    expect(owner(`${folder}/auth0-mcp`, { files })).toMatchObject({
      id: "gemini",
      command: "gemini extensions update auth0-mcp",
    });
  });

  test("of an MCP bundle, which names the file to open instead", () => {
    const program = `server/${linux.executable}`;
    const manifest = JSON.stringify(bundleManifest(facts, linux));
    expect(manifest).toContain(`"entry_point":"${program}"`);
    const folder = "/Users/me/Library/Application Support/Claude/Claude Extensions/local.auth0-mcp";
    const files = { [`${folder}/manifest.json`]: manifest };
    const found = owner(`${folder}/${program}`, { files });
    expect(found).toMatchObject({ id: "bundle" });
    expect(found?.advice).toEndWith(`${facts.repository}/releases/latest/download/${bundleName(linux)}`);
    expect(found?.command).toBeUndefined();
  });

  test.each(["{}", '{"name":"other"}', "no JSON", "[]"])("that is %s says nothing", (text) => {
    const files = {
      [`${folder}/gemini-extension.json`]: text,
      "/home/me/.gemini/extensions/manifest.json": text,
    };
    expect(owner(`${folder}/auth0-mcp`, { files })).toBeUndefined();
  });
});

describe("a container image", () => {
  const [, file = "", papers = ""] =
    /COPY --from=unpacked \/auth0-mcp (\S+)[\s\S]*THIRD-PARTY-NOTICES.md (\S+)/.exec(dockerfile(facts)) ?? [];

  test("of ours is known by where its Dockerfile puts things", () => {
    expect(owner(file, { files: { [`${papers}LICENSE`]: "" } })).toMatchObject({ id: "image" });
  });

  test("of somebody else is an honest place", () => {
    expect(owner(file, { files: { "/.dockerenv": "" } })).toBeUndefined();
    expect(owner("/root/.local/bin/auth0-mcp", { files: { [`${papers}LICENSE`]: "" } })).toBeUndefined();
  });
});
