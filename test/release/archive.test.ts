import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Entry, tarGz, zip } from "../../scripts/release/archive.ts";
import { checksums } from "../../scripts/release/checksums.ts";
import { finished } from "../../scripts/release/run.ts";
import { needPrograms } from "../../scripts/support/packages.ts";

const EPOCH = 1_700_000_000;
const entries: readonly Entry[] = [
  { name: "auth0-mcp", bytes: Buffer.alloc(70_001, "ab"), executable: true },
  { name: "LICENSE", bytes: Buffer.from("text\n"), executable: false },
  { name: "server/empty", bytes: Buffer.alloc(0), executable: false },
];

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "auth0-mcp-archive-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function expectUnpacked(): void {
  for (const { name, bytes, executable } of entries) {
    const file = join(folder, name);
    expect(readFileSync(file).equals(bytes)).toBe(true);
    expect(statSync(file).mode & 0o777).toBe(executable ? 0o755 : 0o644);
    expect(statSync(file).mtimeMs / 1000).toBe(EPOCH);
  }
}

test("tar reads the .tar.gz, with modes and the time of the commit", async () => {
  writeFileSync(join(folder, "a.tar.gz"), await tarGz(entries, EPOCH));
  finished(["tar", "-xzf", "a.tar.gz"], { cwd: folder });
  expectUnpacked();
  expect(finished(["tar", "-tvzf", "a.tar.gz"], { cwd: folder })).toContain("root/root");
});

describe.skipIf(!needPrograms("zip archives", ["unzip"], ["unzip"]))("zip", () => {
  test("unzip reads it, with modes and the time of the commit", async () => {
    writeFileSync(join(folder, "a.zip"), await zip(entries, EPOCH));
    finished(["unzip", "-tq", "a.zip"], { cwd: folder });
    finished(["unzip", "-q", "a.zip"], { cwd: folder, env: { TZ: "UTC" } });
    expectUnpacked();
  });
});

test("the same entries give the same bytes, and other ones do not", async () => {
  for (const pack of [tarGz, zip]) {
    const first = await pack(entries, EPOCH);
    expect((await pack(entries, EPOCH)).equals(first)).toBe(true);
    expect((await pack(entries.slice(1), EPOCH)).equals(first)).toBe(false);
  }
});

test("a name that an archive cannot hold is refused", async () => {
  const long = { name: "x".repeat(101), bytes: Buffer.alloc(0), executable: false };
  await expect(tarGz([long], EPOCH)).rejects.toThrow("too long");
});

test("sha256sum checks the list of checksums", () => {
  const files = new Map(entries.slice(0, 2).map(({ name, bytes }) => [name, bytes]));
  for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
  writeFileSync(join(folder, "SHA256SUMS"), checksums(files));
  finished(["sha256sum", "--check", "--strict", "SHA256SUMS"], { cwd: folder });
  expect(readdirSync(folder)).toHaveLength(3);
  writeFileSync(join(folder, "LICENSE"), "changed");
  expect(() => finished(["sha256sum", "--check", "SHA256SUMS"], { cwd: folder })).toThrow("LICENSE");
});
