import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installerOf } from "../../scripts/release/installer.ts";
import { REPOSITORY_VARIABLE, repositoryOf } from "../../scripts/release/release-facts.ts";
import { finished } from "../../scripts/release/run.ts";
import { publicKeyOf, SIGNING_KEY, sign } from "../../scripts/release/signing.ts";
import { needPrograms } from "../../scripts/support/packages.ts";

describe.skipIf(!needPrograms("signatures", ["minisign"], ["minisign"]))("with a minisign key", () => {
  let folder = "";
  let environment: Record<string, string> = {};
  let publicKey = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "auth0-mcp-key-"));
    const [secret, open] = [join(folder, "secret"), join(folder, "public")];
    finished(["minisign", "-G", "-W", "-s", secret, "-p", open]);
    environment = { [SIGNING_KEY]: readFileSync(secret, "utf8") };
    publicKey = readFileSync(open, "utf8").trim().split("\n")[1] ?? "";
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("the same bytes give the same signature, which names the release", () => {
    const signature = sign(Buffer.from("sums"), "auth0-mcp 1.2.3", environment);
    expect(signature?.toString()).toContain("trusted comment: auth0-mcp 1.2.3");
    expect(sign(Buffer.from("sums"), "auth0-mcp 1.2.3", environment)).toEqual(signature);
    expect(sign(Buffer.from("other"), "auth0-mcp 1.2.3", environment)).not.toEqual(signature);
  });

  test("the installer of a release knows the public half", () => {
    expect(publicKeyOf(environment)).toBe(publicKey);
    expect(installerOf(undefined, publicKey)).toContain(`\nPUBLIC_KEY='${publicKey}'\n`);
  });

  test("a text that is no key stops the release", () => {
    expect(() => sign(Buffer.from("sums"), "x", { [SIGNING_KEY]: "no key" })).toThrow("minisign");
  });
});

test("without a key nothing is signed", () => {
  expect(sign(Buffer.from("sums"), "x", {})).toBeUndefined();
  expect(publicKeyOf({ [SIGNING_KEY]: "" })).toBeUndefined();
});

describe("the repository's address", () => {
  test.each([
    [{}, undefined],
    [{ repository: "https://github.com/example/auth0-mcp" }, "https://github.com/example/auth0-mcp"],
    [
      { repository: { type: "git", url: "git+https://github.com/example/auth0-mcp.git" } },
      "https://github.com/example/auth0-mcp",
    ],
  ])("%p", (manifest, address) => {
    expect(repositoryOf(manifest, {})).toBe(address);
  });

  test("may come from the environment where package.json names none", () => {
    const environment = { [REPOSITORY_VARIABLE]: "https://github.com/fork/auth0-mcp" };
    expect(repositoryOf({}, environment)).toBe("https://github.com/fork/auth0-mcp");
    expect(repositoryOf({ repository: "https://github.com/example/auth0-mcp" }, environment)).toBe(
      "https://github.com/example/auth0-mcp",
    );
    expect(repositoryOf({}, { [REPOSITORY_VARIABLE]: "" })).toBeUndefined();
    expect(() => repositoryOf({}, { [REPOSITORY_VARIABLE]: "fork" })).toThrow(REPOSITORY_VARIABLE);
  });

  test.each([
    "github:example/auth0-mcp",
    "git@github.com:example/auth0-mcp.git",
    "https://github.com/example",
  ])("%s is refused", (repository) => {
    expect(() => repositoryOf({ repository }, {})).toThrow("package.json");
  });

  test("stands in the installer of a release, and what could be shell there does not", () => {
    expect(installerOf("https://github.com/example/auth0-mcp", undefined)).toContain(
      "\nREPOSITORY='https://github.com/example/auth0-mcp'\n",
    );
    expect(installerOf(undefined, undefined)).toContain("\nREPOSITORY=''\n");
    expect(() => installerOf("https://x/';reboot'", undefined)).toThrow();
  });
});
