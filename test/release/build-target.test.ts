import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../../scripts/build.ts";
import { type BuiltExecutable, buildTarget, readModule } from "../../scripts/release/build-target.ts";
import { sha256 } from "../../scripts/release/checksums.ts";
import { notices } from "../../scripts/release/notices.ts";
import { finished } from "../../scripts/release/run.ts";
import { sbom } from "../../scripts/release/sbom.ts";
import { smokeChecks } from "../../scripts/release/smoke.ts";
import { copySource, readSource } from "../../scripts/release/source.ts";
import { hostTarget, targetNamed } from "../../scripts/release/targets.ts";
import { npmTools } from "../support/npm-tools.ts";

let folder = "";
let built: BuiltExecutable;
let again: BuiltExecutable;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "auth0-mcp-source-"));
  const source = join(folder, "source");
  copySource(source);
  built = await buildTarget(hostTarget(), source);
  again = await buildTarget(hostTarget(), source);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

describe("the executable for this machine", () => {
  test("is the same bytes when it is built twice", () => {
    expect(sha256(again.bytes)).toBe(sha256(built.bytes));
  });

  test("is at most 1.08 times as large as an empty one", () => {
    expect(built.sizeRatio).toBeLessThanOrEqual(1.08);
  });

  test("starts, lists tools, answers a call, and keeps a session in the keyring", async () => {
    const file = join(folder, "auth0-mcp");
    writeFileSync(file, built.bytes, { mode: 0o755 });
    const results = await smokeChecks([file], "here", true);
    expect(results.filter(({ outcome }) => outcome === "failed")).toEqual([]);
    expect(results).toHaveLength(4);
  });

  test("loads its module by name, and holds no source text and no path of this machine", () => {
    expect(built.bytes.includes("NAPI_RS_FORCE_WASI")).toBe(false);
    expect(built.bytes.includes("Loads the native module; a machine on which")).toBe(false);
    expect(built.bytes.includes(ROOT)).toBe(false);
  });

  test("names the packages that are in it, each with its licence, and no development package", () => {
    const names = built.packages.map(({ name }) => name);
    expect(names).toContain("@modelcontextprotocol/sdk");
    expect(names.filter((name) => name.startsWith("@napi-rs/keyring-"))).toEqual([hostTarget().binding]);
    expect(names).not.toContain("typescript");
    const text = notices(built.packages);
    for (const { name, version } of built.packages) expect(text).toContain(`## ${name} ${version} (`);
    expect(text).toContain("JavaScriptCore");
    expect(text.match(/MIT License|ISC|BSD|Apache/g)?.length).toBeGreaterThan(built.packages.length / 2);
  });

  test("its bill of materials passes CycloneDX's own validator, and is the same twice", () => {
    const bill = JSON.stringify(sbom(readSource(), built.packages));
    expect(bill).toBe(JSON.stringify(sbom(readSource(), again.packages)));
    expect(validate(bill)).toBe("valid");
    expect(validate(bill.replace('"type":"library"', '"type":"book"'))).not.toBe("valid");
  });
});

/** What the official library says about a bill of materials. */
function validate(bill: string): string {
  const tools = npmTools("cyclonedx", [
    "@cyclonedx/cyclonedx-library@10.3.0",
    "ajv@8.17.1",
    "ajv-formats@3.0.1",
    "ajv-formats-draft2019@1.6.1",
  ]);
  const script = `
    const { Validation, Spec } = require("@cyclonedx/cyclonedx-library");
    const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
    validator.validate(require("node:fs").readFileSync(0, "utf8")).then((wrong) =>
      console.log(wrong === null ? "valid" : JSON.stringify(wrong)));
  `;
  return finished(["node", "-e", script], { cwd: tools, stdin: bill }).trim();
}

describe("the keyring module", () => {
  const installed = (...names: string[]) => {
    const root = mkdtempSync(join(folder, "modules-"));
    for (const name of names) {
      mkdirSync(join(root, "node_modules", "@napi-rs", name), { recursive: true });
      writeFileSync(join(root, "node_modules", "@napi-rs", name, `${name}.node`), name);
    }
    return root;
  };
  const target = targetNamed("linux-arm64-musl");

  test("is read when it is the only one", () => {
    const root = installed("keyring", "keyring-linux-arm64-musl");
    expect(readModule(target, root).toString()).toBe("keyring-linux-arm64-musl");
  });

  test("stops the build when it is missing, empty, or not alone", () => {
    expect(() => readModule(target, installed("keyring"))).toThrow("@napi-rs/keyring-linux-arm64-musl");
    const crowded = installed("keyring-linux-arm64-musl", "keyring-linux-arm64-gnu");
    expect(() => readModule(target, crowded)).toThrow("keyring-linux-arm64-gnu");
    const empty = installed("keyring-linux-arm64-musl");
    rmSync(join(empty, "node_modules/@napi-rs/keyring-linux-arm64-musl/keyring-linux-arm64-musl.node"));
    expect(() => readModule(target, empty)).toThrow("0 modules");
  });
});
