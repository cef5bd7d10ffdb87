import { afterEach, beforeEach, describe, expect, spyOn, test } from "bun:test";
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stageFile } from "../../src/lib/atomic-file.ts";
import { OWNER_LOST } from "../../src/lib/system-error.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "auth0-mcp-atomic-"));
  file = join(folder, "settings.json");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What all open files have in common. */
async function handlePrototype(): Promise<FileHandle> {
  const handle = await open(import.meta.path);
  await handle.close();
  return Object.getPrototypeOf(handle);
}

const bytes = (text: string) => new TextEncoder().encode(text);

describe("a staged file", () => {
  test("takes the name's place at once, and leaves nothing else", async () => {
    writeFileSync(file, "old");
    const staged = await stageFile(file, bytes("new"), { mode: 0o644 });
    expect(readFileSync(file, "utf8")).toBe("old");
    await staged.commit();
    expect(readFileSync(file, "utf8")).toBe("new");
    expect(readdirSync(folder)).toEqual(["settings.json"]);
  });

  test("stands under another name each time, beside the file, for its owner alone until it is whole", async () => {
    const names = new Set<string>();
    for (let round = 0; round < 5; round++) {
      const staged = await stageFile(file, bytes("x"), { mode: 0o600 }, ".mine-");
      const [name = ""] = readdirSync(folder);
      expect(name).toMatch(/^\.mine-[0-9a-f-]{36}\.tmp$/);
      names.add(name);
      await staged.discard();
    }
    expect(names.size).toBe(5);
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each([0o600, 0o644, 0o640, 0o755, 0o400])("gets the mode %o whatever the umask", async (mode) => {
    const before = process.umask(0o077);
    try {
      await (await stageFile(file, bytes("x"), { mode })).commit();
    } finally {
      process.umask(before);
    }
    expect(statSync(file).mode & 0o7777).toBe(mode);
  });

  test.if(process.getuid?.() === 0)("gets the owner", async () => {
    await (await stageFile(file, bytes("x"), { mode: 0o640, owner: { uid: 1234, gid: 4321 } })).commit();
    const { uid, gid, mode } = statSync(file);
    expect({ uid, gid, mode: mode & 0o777 }).toEqual({ uid: 1234, gid: 4321, mode: 0o640 });
  });

  test("says so where an owner cannot be given", async () => {
    const refusal = Object.assign(new Error("no"), { code: "EPERM" });
    const giving = spyOn(await handlePrototype(), "chown").mockRejectedValue(refusal);
    try {
      const work = stageFile(file, bytes("x"), { mode: 0o600, owner: { uid: 1234, gid: 4321 } });
      await expect(work).rejects.toMatchObject({ code: OWNER_LOST, cause: refusal });
    } finally {
      giving.mockRestore();
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each(["EINVAL", "ENOTSUP", "EIO"])(
    "is in place also where its folder is not flushed: %s",
    async (code) => {
      const staged = await stageFile(file, bytes("new"), { mode: 0o600 });
      const flushing = spyOn(await handlePrototype(), "sync").mockRejectedValue(
        Object.assign(new Error("no"), { code }),
      );
      try {
        await staged.commit();
        expect(flushing).toHaveBeenCalledTimes(1);
      } finally {
        flushing.mockRestore();
      }
      expect(readFileSync(file, "utf8")).toBe("new");
    },
  );

  test("replaces a link rather than what it points to", async () => {
    const target = join(folder, "target");
    writeFileSync(target, "kept");
    symlinkSync(target, file);
    await (await stageFile(file, bytes("new"), { mode: 0o600 })).commit();
    expect(lstatSync(file).isSymbolicLink()).toBe(false);
    expect(readFileSync(target, "utf8")).toBe("kept");
  });

  test("is never written over what has its name", async () => {
    const taken = "11111111-1111-4111-8111-111111111111";
    const naming = spyOn(crypto, "randomUUID").mockReturnValue(taken);
    try {
      symlinkSync(file, join(folder, `.${taken}.tmp`));
      await expect(stageFile(file, bytes("x"), { mode: 0o600 })).rejects.toMatchObject({ code: "EEXIST" });
    } finally {
      naming.mockRestore();
    }
    expect(readdirSync(folder)).toEqual([`.${taken}.tmp`]);
  });

  test("is gone again when it cannot be put in place", async () => {
    mkdirSync(join(file, "inner"), { recursive: true });
    const staged = await stageFile(file, bytes("new"), { mode: 0o600 });
    await expect(staged.commit()).rejects.toMatchObject({ code: "EISDIR" });
    expect(readdirSync(folder)).toEqual(["settings.json"]);
  });

  test("is known by its path, and a program for Windows keeps its ending", async () => {
    const listeners = process.listenerCount("exit");
    for (const [name, ending] of [
      ["settings.json", /\/\.[0-9a-f-]{36}\.tmp$/],
      ["program.exe", /\/\.[0-9a-f-]{36}\.tmp\.exe$/],
    ] as const) {
      const staged = await stageFile(join(folder, name), bytes("new"), { mode: 0o600 });
      expect(staged.path).toMatch(ending);
      expect(readFileSync(staged.path, "utf8")).toBe("new");
      await staged.discard();
      await (await stageFile(join(folder, name), bytes("new"), { mode: 0o600 })).commit();
    }
    await expect(stageFile(join(folder, "a", "b"), bytes("x"), { mode: 0o600 })).rejects.toThrow();
    expect(process.listenerCount("exit")).toBe(listeners);
  });

  test("is removed by a process that exits before the end, and what is in its place is not", async () => {
    const module = join(import.meta.dir, "../../src/lib/atomic-file.ts");
    const code = `
      const { stageFile } = await import(${JSON.stringify(module)});
      const stage = (name) => stageFile(name, Buffer.from("new"), { mode: 0o600 });
      await (await stage("done")).commit();
      await stage("undone");
      process.exit(7);
    `;
    const child = Bun.spawnSync([process.execPath, "-e", code], { cwd: folder });
    expect([child.exitCode, child.stderr.toString()]).toEqual([7, ""]);
    expect(readdirSync(folder)).toEqual(["done"]);
  });

  test("is not begun in a folder that is not there", async () => {
    const missing = join(folder, "none", "x");
    await expect(stageFile(missing, bytes("x"), { mode: 0o600 })).rejects.toMatchObject({ code: "ENOENT" });
    expect(readdirSync(folder)).toEqual([]);
  });
});
