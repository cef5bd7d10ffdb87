import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { tarGz, zip } from "../../scripts/release/archive.ts";
import { finished } from "../../scripts/release/run.ts";
import { targets } from "../../scripts/release/targets.ts";
import { needPrograms } from "../../scripts/support/packages.ts";
import {
  BUILD_INFO,
  executableName,
  SIGNATURE,
  SUMS,
  signedComment,
  unpackExecutable,
} from "../../src/upgrade/release-files.ts";
import { readZipFile } from "../../src/upgrade/zip.ts";

const bytes = Buffer.from("the executable ".repeat(1_000));
const entry = (name: string, content = bytes) => ({ name, bytes: content, executable: true });
const refusal = (text: string) => ({
  code: "download_refused",
  exit: 1,
  message: expect.stringContaining(text),
});

test("a release has the names and words that executables out there look for", () => {
  expect([SUMS, SIGNATURE, BUILD_INFO]).toEqual(["SHA256SUMS", "SHA256SUMS.minisig", "build-info.json"]);
  expect(signedComment("1.2.3")).toBe("auth0-mcp 1.2.3");
});

test.each(targets.map((target) => [target.name, target] as const))(
  "the archive of %s is known by what is in it",
  async (name, { executable, platform }) => {
    expect(executable).toBe(platform === "win32" ? "auth0-mcp.exe" : "auth0-mcp");
    const entries = [entry("LICENSE", Buffer.from("x")), entry(executable), entry(`x/${executable}`)];
    const packed = await (platform === "win32" ? zip(entries, 0) : tarGz(entries, 0));
    expect((await unpackExecutable(packed, name)).equals(bytes)).toBe(true);
  },
);

describe.each(["linux-x64", "windows-x64"])("an archive for %s", (target) => {
  const pack = target === "linux-x64" ? tarGz : zip;

  test("without the executable is refused", async () => {
    for (const name of ["LICENSE", `x/${executableName(target)}`, `${executableName(target)}x`]) {
      const archive = await pack([entry(name)], 0);
      await expect(unpackExecutable(archive, target)).rejects.toMatchObject(refusal("holds no auth0-mcp"));
    }
    const empty = await pack([entry(executableName(target), Buffer.alloc(0))], 0);
    await expect(unpackExecutable(empty, target)).rejects.toMatchObject(refusal("holds no auth0-mcp"));
  });

  test("that is damaged is refused, wherever it was cut", async () => {
    const archive = await pack([entry(executableName(target))], 0);
    for (let length = 0; length < archive.length - 4; length++) {
      const cut = unpackExecutable(archive.subarray(0, length), target);
      await expect(cut).rejects.toMatchObject(refusal("cannot be unpacked"));
    }
  });

  test("is no archive", async () => {
    for (const text of ["", "no archive", "PK\u0005\u0006", "<!doctype html>".repeat(100)]) {
      const refused = unpackExecutable(Buffer.from(text), target);
      await expect(refused).rejects.toMatchObject({ code: "download_refused" });
    }
  });
});

test("a tar file whose end is missing is refused", async () => {
  const tar = gunzipSync(await tarGz([entry("auth0-mcp")], 0));
  const refused = unpackExecutable(gzipSync(tar.subarray(0, 2_000)), "linux-x64");
  await expect(refused).rejects.toMatchObject(refusal("cannot be unpacked"));
});

describe("a zip file", () => {
  test("whose bytes do not fit their CRC or size is refused", async () => {
    const archive = await zip([entry("a")], 0);
    const directory = archive.indexOf(Buffer.from("PK\x01\x02", "latin1"));
    const changes = [
      [16, 1],
      [20, -1],
      [24, 1],
      [24, -1],
    ] as const;
    for (const [at, more] of changes) {
      const damaged = Buffer.from(archive);
      damaged.writeUInt32LE(damaged.readUInt32LE(directory + at) + more, directory + at);
      await expect(readZipFile(damaged, "a")).rejects.toThrow();
    }
  });

  test("that is encrypted, or packed in another way, is refused", async () => {
    const archive = await zip([entry("a")], 0);
    const directory = archive.indexOf(Buffer.from("PK\x01\x02", "latin1"));
    for (const [at, value] of [
      [8, 1],
      [10, 93],
    ] as const) {
      const other = Buffer.from(archive);
      other.writeUInt16LE(value, directory + at);
      await expect(readZipFile(other, "a")).rejects.toThrow("cannot be read here");
    }
  });
});

describe.skipIf(!needPrograms("archives of Info-ZIP", ["zip"], ["zip"]))("an archive made by zip", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "auth0-mcp-zip-"));
    mkdirSync(join(folder, "deep"));
    for (const name of ["a", "deep/a", "auth0-mcp.exe", "ünï"])
      writeFileSync(join(folder, name), name + bytes);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each([
    ["stored", ["-0"]],
    ["deflated", ["-9"]],
    ["with a comment", ["-z"]],
  ])("%s, is read", async (_, flags) => {
    const file = join(folder, `${crypto.randomUUID()}.zip`);
    finished(["zip", "-q", "-r", ...flags, file, "a", "deep", "auth0-mcp.exe", "ünï"], {
      cwd: folder,
      stdin: "a comment\n",
    });
    const archive = readFileSync(file);
    for (const name of ["a", "deep/a", "auth0-mcp.exe"])
      expect((await readZipFile(archive, name))?.toString()).toBe(name + bytes);
    expect(await readZipFile(archive, "b")).toBeUndefined();
  });

  test("on the way, with sizes behind the files, is read", async () => {
    const file = join(folder, "streamed.zip");
    finished(["sh", "-c", 'cat a | zip -q - - > "$0"', file], { cwd: folder });
    expect((await readZipFile(readFileSync(file), "-"))?.toString()).toBe(`a${bytes}`);
  });
});
