import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { json } from "../../scripts/release/publish.ts";
import { finished } from "../../scripts/release/run.ts";
import { targetNamed, targets } from "../../scripts/release/targets.ts";
import { dockerfile } from "../../scripts/release/ways/dockerfile.ts";
import { extensionManifest, extensionName } from "../../scripts/release/ways/gemini.ts";
import { homebrewFormula } from "../../scripts/release/ways/homebrew.ts";
import { bundleManifest, hasBundle } from "../../scripts/release/ways/mcpb.ts";
import { scoopManifest } from "../../scripts/release/ways/scoop.ts";
import { serverJson } from "../../scripts/release/ways/server-json.ts";
import { wingetManifest } from "../../scripts/release/ways/winget.ts";
import { needPrograms } from "../../scripts/support/packages.ts";
import { asObjects, type JsonObject } from "../../src/lib/json.ts";
import { registry } from "../../src/tools/registry.ts";
import { run } from "../cli/harness.ts";
import { npmTools } from "../support/npm-tools.ts";
import { facts } from "./facts.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "auth0-mcp-ways-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const address = (file: string) => `https://github.com/example/auth0-mcp/releases/download/v1.2.3/${file}`;
const sum = (file: string) => facts.sums.get(file) ?? "";

describe.skipIf(!needPrograms("the Homebrew formula", ["ruby"], ["ruby"]))("the Homebrew formula", () => {
  /** Just enough of Homebrew to read a formula as it would on one machine. */
  const HOMEBREW = `
    require "json"
    class Formula
      FACTS = {}
      class << self
        def self.fact(*names) = names.each { |name| define_method(name) { |value| FACTS[name] = value } }
        fact :desc, :homepage, :url, :sha256, :version, :license
        def test(&) = FACTS[:test] = true
        def on_macos = ARGV[0] == "macos" && yield
        def on_linux = ARGV[0] == "linux" && yield
        def on_arm = ARGV[1] == "arm" && yield
        def on_intel = ARGV[1] == "intel" && yield
      end
      def bin = self
      def install(name = nil) = FACTS[:installed] = name
    end
  `;

  test.each([
    ["macos", "arm", "auth0-mcp-darwin-arm64.tar.gz"],
    ["macos", "intel", "auth0-mcp-darwin-x64.tar.gz"],
    ["linux", "arm", "auth0-mcp-linux-arm64.tar.gz"],
    ["linux", "intel", "auth0-mcp-linux-x64.tar.gz"],
  ])("on %s for %s takes the right archive", (system, processor, archive) => {
    const formula = join(folder, "auth0-mcp.rb");
    writeFileSync(formula, homebrewFormula(facts));
    expect(finished(["ruby", "-wc", formula])).toContain("Syntax OK");
    const script = `${HOMEBREW}\nload ${JSON.stringify(formula)}\nputs Formula::FACTS.to_json`;
    const told: JsonObject = JSON.parse(finished(["ruby", "-e", script, system, processor]));
    expect(told).toMatchObject({
      version: "1.2.3",
      license: "MIT",
      url: address(archive),
      sha256: sum(archive),
    });
    expect(told["test"]).toBe(true);
    // Homebrew's own rules for descriptions.
    expect(String(told["desc"]).length).toBeLessThanOrEqual(80);
    expect(told["desc"]).not.toMatch(/^(an?|the) |\.$/i);
  });
});

test("the Scoop manifest names both archives, and where the next version's checksums are", () => {
  expect(scoopManifest(facts)).toMatchObject({
    version: "1.2.3",
    bin: "auth0-mcp.exe",
    architecture: {
      "64bit": { url: address("auth0-mcp-windows-x64.zip"), hash: sum("auth0-mcp-windows-x64.zip") },
      arm64: { url: address("auth0-mcp-windows-arm64.zip"), hash: sum("auth0-mcp-windows-arm64.zip") },
    },
    autoupdate: {
      architecture: { "64bit": { url: expect.stringContaining("/v$version/auth0-mcp-windows-x64.zip") } },
      hash: { url: "$baseurl/SHA256SUMS" },
    },
  });
});

test("the WinGet manifest is three files that agree", () => {
  const files = [...wingetManifest(facts)].map(([name, text]) => ({ name, content: parse(text) }));
  expect(files.map(({ name }) => name)).toEqual([
    "example.auth0-mcp.yaml",
    "example.auth0-mcp.installer.yaml",
    "example.auth0-mcp.locale.en-US.yaml",
  ]);
  for (const { content } of files) {
    expect(content).toMatchObject({ PackageIdentifier: "example.auth0-mcp", PackageVersion: "1.2.3" });
  }
  const installer = files.find(({ content }) => content.ManifestType === "installer")?.content;
  expect(installer).toMatchObject({
    InstallerType: "zip",
    NestedInstallerType: "portable",
    NestedInstallerFiles: [{ RelativeFilePath: "auth0-mcp.exe", PortableCommandAlias: "auth0-mcp" }],
  });
  const named = asObjects(installer.Installers).map((each) => [
    each["Architecture"],
    each["InstallerSha256"],
  ]);
  expect(named).toEqual([
    ["x64", sum("auth0-mcp-windows-x64.zip").toUpperCase()],
    ["arm64", sum("auth0-mcp-windows-arm64.zip").toUpperCase()],
  ]);
});

test("the Dockerfile passes Docker's own language rules, copies what it unpacks, and does not run as root", () => {
  const tools = npmTools("dockerfile", ["dockerfile-utils@0.16.3"]);
  const text = dockerfile(facts);
  const problems = (content: string) => {
    const script = `
      const { validate } = require("dockerfile-utils");
      console.log(JSON.stringify(validate(require("node:fs").readFileSync(0, "utf8")).map((each) => each.message)));
    `;
    return JSON.parse(finished(["node", "-e", script], { cwd: tools, stdin: content }));
  };
  expect(problems(text)).toEqual([]);
  expect(problems(text.replace("ENTRYPOINT", "ENTRYPOIN"))).not.toEqual([]);
  expect(text).toMatch(/^USER nonroot$/m);
  for (const name of ["linux-x64", "linux-arm64"])
    expect(text).toContain(`ADD ${targetNamed(name).archive} /`);
  const last = text.slice(text.lastIndexOf("\nFROM"));
  expect(last).not.toContain("RUN");
  // The number of nobody in particular, whom a new volume at this place is then given to.
  expect(text).toMatch(/^FROM scratch AS home\nWORKDIR \/home\/\.config$/m);
  expect(last).toMatch(/^COPY --from=home --chown=65532:65532 \/home\/ \/home\/nonroot\/$/m);
});

describe("the MCP bundle", () => {
  const mcpb = (...args: string[]) => {
    const tools = npmTools("mcpb", ["@anthropic-ai/mcpb@2.1.2"]);
    const cli = join(tools, "node_modules", "@anthropic-ai", "mcpb", "dist", "cli", "cli.js");
    return finished(["node", cli, ...args]);
  };

  test.each(targets.filter(hasBundle).map(({ name }) => name))("for %s passes the official tool", (name) => {
    const target = targetNamed(name);
    const bundle = join(folder, "bundle", name);
    mkdirSync(join(bundle, "server"), { recursive: true });
    writeFileSync(join(bundle, "server", target.executable), "");
    writeFileSync(join(bundle, "manifest.json"), json(bundleManifest(facts, target)));
    expect(mcpb("validate", join(bundle, "manifest.json"))).toContain("valid");
    expect(bundleManifest(facts, target)).toMatchObject({
      manifest_version: "0.4",
      server: { type: "binary", entry_point: `server/${target.executable}` },
      compatibility: { platforms: [target.platform] },
    });
  });

  test("asks for the limits, hands each to the server, and lists every tool", () => {
    const manifest = JSON.parse(json(bundleManifest(facts, targetNamed("darwin-arm64"))));
    const { env } = manifest.server.mcp_config;
    expect(env).toMatchObject({
      AUTH0_MCP_READ_ONLY: `\${user_config.read_only}`,
      AUTH0_MCP_TOOLS: `\${user_config.tools}`,
    });
    const asked = Object.keys(manifest.user_config).map((name) => `\${user_config.${name}}`);
    expect(Object.values<string>(env).sort()).toEqual(asked.sort());
    expect(asObjects(manifest.tools).map((tool) => tool["name"])).toEqual(registry.map(({ name }) => name));
    expect(manifest.user_config.read_only.default).toBe(true);
  });

  test("takes an application's credentials, needs none, and is as if none were set without any", async () => {
    const manifest = JSON.parse(json(bundleManifest(facts, targetNamed("linux-x64"))));
    const tools = npmTools("mcpb", ["@anthropic-ai/mcpb@2.1.2"]);
    const environmentWith = (userConfig: object) => {
      const script = `
        const { getMcpConfigForManifest } = require("@anthropic-ai/mcpb");
        const given = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
        getMcpConfigForManifest({ ...given, extensionPath: "/x", systemDirs: {}, pathSeparator: "/" })
          .then(({ env }) => console.log(JSON.stringify(env)));
      `;
      const stdin = JSON.stringify({ manifest, userConfig });
      return JSON.parse(finished(["node", "-e", script], { cwd: tools, stdin }));
    };
    const none = environmentWith({});
    expect(none).toMatchObject({ AUTH0_DOMAIN: "", AUTH0_CLIENT_ID: "", AUTH0_CLIENT_SECRET: "" });
    const { code, stderr } = await run(["run"], none);
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining("nobody is signed in") });
    expect(
      environmentWith({ domain: "acme.eu.auth0.com", client_id: "abc", client_secret: "xyz" }),
    ).toMatchObject({
      AUTH0_DOMAIN: "acme.eu.auth0.com",
      AUTH0_CLIENT_ID: "abc",
      AUTH0_CLIENT_SECRET: "xyz",
    });
    const asked = Object.entries<JsonObject>(manifest.user_config);
    expect(asked.flatMap(([name, { sensitive }]) => (sensitive === true ? [name] : []))).toEqual([
      "client_secret",
    ]);
    for (const words of ["auth0-mcp login", "client secret"])
      expect(manifest.long_description).toContain(words);
  });
});

test("server.json names the npm package and every bundle with its checksum", () => {
  const server = JSON.parse(json(serverJson(facts)));
  expect(server).toMatchObject({ name: "io.github.example/auth0-mcp", version: "1.2.3" });
  expect(server.name).toMatch(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/);
  expect(server.description.length).toBeLessThanOrEqual(100);
  const [npm, ...bundles] = server.packages;
  expect(npm).toMatchObject({ registryType: "npm", identifier: "auth0-mcp", transport: { type: "stdio" } });
  const secret = asObjects(npm.environmentVariables).filter((each) => each["isSecret"] === true);
  expect(secret.map((each) => each["name"])).toEqual(["AUTH0_TOKEN"]);
  expect(npm.environmentVariables).toContainEqual(
    expect.objectContaining({ name: "AUTH0_MCP_READ_ONLY", default: "true" }),
  );
  expect(bundles).toHaveLength(targets.filter(hasBundle).length);
  for (const bundle of bundles) {
    const name = bundle.identifier.split("/").at(-1);
    expect(bundle).toMatchObject({ registryType: "mcpb", identifier: address(name), fileSha256: sum(name) });
  }
});

test("the Gemini extension starts the executable beside it, under a name without an underscore", () => {
  expect(targets.filter(hasBundle).map(extensionName)).toContain("win32.arm64.auth0-mcp.zip");
  const manifest = JSON.parse(json(extensionManifest(facts, targetNamed("windows-x64"))));
  expect(manifest).toMatchObject({ name: "auth0-mcp", version: "1.2.3" });
  for (const [name, server] of Object.entries<JsonObject>(manifest.mcpServers)) {
    expect(name).not.toContain("_");
    expect(server["command"]).toBe(`\${extensionPath}\${/}auth0-mcp.exe`);
    expect(server["env"]).toEqual({ AUTH0_MCP_READ_ONLY: `\${AUTH0_MCP_READ_ONLY:-true}` });
  }
});

test("the Gemini extension passes the official tool", () => {
  const tools = npmTools("gemini", ["@google/gemini-cli@0.61.0"]);
  const cli = join(tools, "node_modules", "@google", "gemini-cli", "bundle", "gemini.js");
  const extension = join(folder, "gemini");
  mkdirSync(extension);
  const validate = (manifest: object) => {
    writeFileSync(join(extension, "gemini-extension.json"), json(manifest));
    const env = { PATH: process.env["PATH"] ?? "", HOME: folder };
    return Bun.spawnSync(["node", cli, "extensions", "validate", extension], { env }).exitCode;
  };
  const manifest = extensionManifest(facts, targetNamed("linux-x64"));
  expect(validate(manifest)).toBe(0);
  expect(validate({ ...manifest, version: undefined })).not.toBe(0);
});
