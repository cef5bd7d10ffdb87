import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileStore } from "../../src/auth/store/file.ts";
import { Exit } from "../../src/lib/errors.ts";
import { rejection } from "../support/rejection.ts";

const DOMAIN = "127.0.0.1:4000";
let home: string;
let folder: string;
let file: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "auth0-mcp-"));
  folder = join(home, "config", "sessions");
  file = join(folder, "127.0.0.1%3A4000.json");
});
afterEach(() => rmSync(home, { recursive: true }));

const store = () => fileStore(join(home, "config"));

test("a secret comes back, in a file and a folder that only the owner may enter", async () => {
  await store().write(DOMAIN, "first");
  await store().write(DOMAIN, "second");
  expect(await store().read(DOMAIN)).toBe("second");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(readdirSync(folder)).toEqual(["127.0.0.1%3A4000.json"]);
});

test("nothing is nothing, and removing tells whether there was something", async () => {
  expect(await store().read(DOMAIN)).toBeUndefined();
  expect(await store().remove(DOMAIN)).toBe(false);
  await store().write(DOMAIN, "secret");
  expect(await store().remove(DOMAIN)).toBe(true);
  expect(await store().read(DOMAIN)).toBeUndefined();
});

test("a file that a sign-in would refuse is found by the check, where the tenant is known", async () => {
  await store().write(DOMAIN, "secret");
  await store().check(DOMAIN);
  chmodSync(file, 0o644);
  await store().check(DOMAIN);
  renameSync(file, join(home, "elsewhere"));
  symlinkSync(join(home, "elsewhere"), file);
  expect(await rejection(store().check(DOMAIN))).toMatchObject({ code: "unsafe_file", exit: Exit.failed });
  await store().check("another.auth0.com");
  await store().check();
});

test("where the configuration folder is none, there is nothing, and nothing can be kept", async () => {
  writeFileSync(join(home, "config"), "");
  expect(await store().read(DOMAIN)).toBeUndefined();
  expect(await store().remove(DOMAIN)).toBe(false);
  expect(await store().domains?.()).toEqual([]);
  for (const attempt of [() => store().check(), () => store().write(DOMAIN, "secret")]) {
    expect(await rejection(attempt())).toMatchObject({
      code: "file_not_written",
      message: expect.stringContaining("a part of its path is no folder"),
    });
  }
});

describe("what others could have read or changed is not trusted: exit 1 with the remedy", () => {
  beforeEach(() => store().write(DOMAIN, "secret"));

  const cases: readonly (readonly [string, () => void, string])[] = [
    ["a file others may read", () => chmodSync(file, 0o644), "chmod 600"],
    ["a folder others may enter", () => chmodSync(folder, 0o755), "chmod 700"],
    [
      "a link in place of the file",
      () => {
        renameSync(file, join(home, "elsewhere"));
        symlinkSync(join(home, "elsewhere"), file);
      },
      "Remove",
    ],
    [
      "a link in place of the folder",
      () => {
        renameSync(folder, join(home, "elsewhere"));
        symlinkSync(join(home, "elsewhere"), folder);
      },
      "Remove",
    ],
    [
      "a folder in place of the file",
      () => {
        rmSync(file);
        mkdirSync(file);
      },
      "Remove",
    ],
  ];
  for (const [name, change, remedy] of cases) {
    test(name, async () => {
      change();
      const error = await rejection(store().read(DOMAIN));
      expect(error).toMatchObject({ code: "unsafe_file", exit: Exit.failed });
      expect(error.hint).toContain(remedy);
      expect(error.message).not.toContain("secret\n");
    });
  }
});

describe("a folder that others may enter is told before anybody signs in, and not written to", () => {
  const cases: readonly (readonly [string, () => void, string])[] = [
    ["by its mode", () => chmodSync(folder, 0o755), "chmod 700"],
    [
      "through a link",
      () => {
        renameSync(folder, join(home, "elsewhere"));
        symlinkSync(join(home, "elsewhere"), folder);
      },
      "Remove",
    ],
  ];
  for (const [name, open, remedy] of cases) {
    test(name, async () => {
      await store().write(DOMAIN, "old");
      open();
      for (const attempt of [() => store().check(), () => store().write(DOMAIN, "new")]) {
        const error = await rejection(attempt());
        expect(error).toMatchObject({ code: "unsafe_file", exit: Exit.failed });
        expect(error.hint).toContain(remedy);
      }
      expect(readFileSync(file, "utf8")).toBe("old");
    });
  }

  test.skipIf(process.getuid?.() !== 0)("of another user", async () => {
    await store().write(DOMAIN, "old");
    chownSync(folder, 12_345, 12_345);
    for (const attempt of [() => store().check(), () => store().write(DOMAIN, "new")]) {
      expect((await rejection(attempt())).message).toContain("belongs to another user");
    }
    expect(readFileSync(file, "utf8")).toBe("old");
  });
});

test("what others could have read is read for revoking it, unless it is a link", async () => {
  await store().write(DOMAIN, "secret");
  chmodSync(file, 0o644);
  chmodSync(folder, 0o755);
  expect(await store().readExposed?.(DOMAIN)).toBe("secret");
  renameSync(file, join(home, "elsewhere"));
  symlinkSync(join(home, "elsewhere"), file);
  expect((await rejection(store().readExposed?.(DOMAIN) ?? Promise.resolve())).code).toBe("unsafe_file");
  expect(await store().remove(DOMAIN)).toBe(true);
  expect(readFileSync(join(home, "elsewhere"), "utf8")).toBe("secret");
});

test("it tells for which tenants it holds something, whole or half", async () => {
  expect(await store().domains?.()).toEqual([]);
  await store().write(DOMAIN, "secret");
  writeFileSync(join(folder, ".acme.eu.auth0.com.json.0b5f.tmp"), "half a sec");
  writeFileSync(join(folder, "notes.txt"), "");
  expect(await store().domains?.()).toEqual([DOMAIN, "acme.eu.auth0.com"]);
  expect(await store().remove("acme.eu.auth0.com")).toBe(true);
  expect(await store().domains?.()).toEqual([DOMAIN]);
});

test("a folder that cannot be written is told before anybody signs in, and nothing is created", async () => {
  writeFileSync(join(home, "config"), "a file where the folder should be");
  const error = await rejection(store().check());
  expect(error).toMatchObject({ code: "file_not_written", exit: Exit.failed });
  expect(readdirSync(home)).toEqual(["config"]);
});

test("what a killed process left half-written goes with the next write, or with the secret; other tenants' stays", async () => {
  const left = ".127.0.0.1%3A4000.json.0b5f.tmp";
  const others = ".127.0.0.1%3A40001.json.0b5f.tmp";
  await store().write(DOMAIN, "secret");
  for (const change of [() => store().write(DOMAIN, "newer"), () => store().remove(DOMAIN)]) {
    for (const name of [left, others]) writeFileSync(join(folder, name), "half a sec");
    await change();
    expect(readdirSync(folder)).not.toContain(left);
    expect(readdirSync(folder)).toContain(others);
  }
});

test("a write that fails leaves the old secret and no temporary file", async () => {
  await store().write(DOMAIN, "old");
  rmSync(file);
  mkdirSync(join(file, "x"), { recursive: true });
  expect((await rejection(store().write(DOMAIN, "new"))).code).toBe("file_not_written");
  expect(readdirSync(folder)).toEqual(["127.0.0.1%3A4000.json"]);
});
