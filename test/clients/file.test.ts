import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DocumentError } from "../../src/clients/document.ts";
import {
  changeFile,
  type Decision,
  missingFolder,
  readSnapshot,
  removeEmptyFolders,
  type Snapshot,
} from "../../src/clients/file.ts";
import type { Clock } from "../../src/lib/clock.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "auth0-mcp-file-")));
  file = join(folder, "settings.json");
});
afterEach(() => rmSync(folder, { recursive: true }));

const bytes = (text: string) => new TextEncoder().encode(text);
const textOf = ({ content }: Snapshot) =>
  content === undefined ? undefined : new TextDecoder().decode(content);
const clock: Clock = { now: () => Date.now(), sleep: async () => undefined };
const options = { clock, newMode: 0o600 };

/** Decides to append "+" until the text has one. */
async function append(snapshot: Snapshot): Promise<Decision> {
  const text = textOf(snapshot) ?? "";
  return text.endsWith("+") ? { kind: "leave" } : { kind: "write", content: bytes(`${text}+`), backup: true };
}

describe("a change", () => {
  test("is asked for again until it has lasted", async () => {
    writeFileSync(file, "x");
    const seen: (string | undefined)[] = [];
    await changeFile(
      file,
      (snapshot) => {
        seen.push(textOf(snapshot));
        return append(snapshot);
      },
      options,
    );
    expect(seen).toEqual(["x", "x+"]);
    expect(readFileSync(file, "utf8")).toBe("x+");
  });

  test("is worked out anew when another program wrote meanwhile, and loses nothing of it", async () => {
    writeFileSync(file, "x");
    let round = 0;
    await changeFile(
      file,
      async (snapshot) => {
        const decision = await append(snapshot);
        if (round++ === 0) writeFileSync(file, "theirs");
        return decision;
      },
      options,
    );
    expect(readFileSync(file, "utf8")).toBe("theirs+");
    expect(readFileSync(`${file}.auth0-mcp.bak`, "utf8")).toBe("x");
  });

  test("is made again when another program undid it at once", async () => {
    writeFileSync(file, "x");
    let round = 0;
    await changeFile(
      file,
      async (snapshot) => {
        if (round++ === 1) {
          writeFileSync(file, "their state");
          return append(await readSnapshot(file));
        }
        return append(snapshot);
      },
      options,
    );
    expect(readFileSync(file, "utf8")).toBe("their state+");
  });

  test("is given up when the file never comes to rest", async () => {
    let round = 0;
    const restless = changeFile(
      file,
      async (snapshot) => {
        writeFileSync(file, String(round++));
        return append(snapshot);
      },
      options,
    );
    await expect(restless).rejects.toThrow("keeps being changed by another program");
    expect(round).toBe(20);
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test("does not remove a file that was changed meanwhile", async () => {
    writeFileSync(file, "ours");
    await changeFile(
      file,
      async (snapshot) => {
        if (textOf(snapshot) !== "ours") return { kind: "leave" };
        writeFileSync(file, "ours and theirs");
        return { kind: "remove" };
      },
      options,
    );
    expect(readFileSync(file, "utf8")).toBe("ours and theirs");
  });

  test("makes the folders of a new file, and gives it the mode asked for", async () => {
    const deep = join(folder, "a", "b", "settings.json");
    expect(await missingFolder(deep)).toBe(join(folder, "a"));
    await changeFile(deep, append, { clock, newMode: 0o640 });
    expect(statSync(deep).mode & 0o777).toBe(0o640);
    expect(readdirSync(join(folder, "a", "b"))).toEqual(["settings.json"]);
    expect(await missingFolder(deep)).toBeUndefined();
  });

  test.each([0o600, 0o644, 0o660, 0o755])("keeps the mode %o", async (mode) => {
    writeFileSync(file, "x");
    chmodSync(file, mode);
    await changeFile(file, append, options);
    expect(statSync(file).mode & 0o7777).toBe(mode);
  });
});

describe("links", () => {
  test("a link stays, and what it points to is changed", async () => {
    const target = join(folder, "dotfiles", "settings.json");
    mkdirSync(join(folder, "dotfiles"));
    writeFileSync(target, "x");
    symlinkSync("dotfiles/settings.json", file);
    await changeFile(file, append, options);
    expect(readlinkSync(file)).toBe("dotfiles/settings.json");
    expect(readFileSync(target, "utf8")).toBe("x+");
    expect(readdirSync(join(folder, "dotfiles")).sort()).toEqual([
      "settings.json",
      "settings.json.auth0-mcp.bak",
    ]);
  });

  test("what a link points to is made when it is not there", async () => {
    const target = join(folder, "dotfiles", "settings.json");
    symlinkSync(target, file);
    await changeFile(file, append, options);
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
    expect(readFileSync(target, "utf8")).toBe("+");
  });

  test("a file that is missing below a linked folder has the path that it will have", async () => {
    const target = join(folder, "dotfiles");
    mkdirSync(target);
    symlinkSync("dotfiles", join(folder, "linked"));
    const below = join(folder, "linked", "made", "settings.json");
    expect((await readSnapshot(below)).path).toBe(join(target, "made", "settings.json"));
    const seen = new Set<string>();
    await changeFile(
      below,
      (snapshot) => {
        seen.add(snapshot.path);
        return append(snapshot);
      },
      options,
    );
    expect([...seen]).toEqual([realpathSync(below)]);
    expect(readdirSync(join(target, "made"))).toEqual(["settings.json"]);
  });

  test("a link to a folder that is not there leads to where it will be", async () => {
    symlinkSync("dotfiles/deep", join(folder, "linked"));
    const below = join(folder, "linked", "settings.json");
    expect((await readSnapshot(below)).path).toBe(join(folder, "dotfiles", "deep", "settings.json"));
    await changeFile(below, append, options);
    expect(readFileSync(join(folder, "dotfiles", "deep", "settings.json"), "utf8")).toBe("+");
  });

  test("links in a circle are refused", async () => {
    symlinkSync(join(folder, "b"), join(folder, "a"));
    symlinkSync(join(folder, "a"), join(folder, "b"));
    await expect(readSnapshot(join(folder, "a"))).rejects.toThrow("links go round in a circle");
  });
});

describe("the backup", () => {
  test("keeps what was there before the first change, once", async () => {
    writeFileSync(file, "x");
    await changeFile(file, append, options);
    writeFileSync(file, "y");
    await changeFile(file, append, options);
    expect(readFileSync(`${file}.auth0-mcp.bak`, "utf8")).toBe("x");
  });

  test.each([
    [0o644, 0o600],
    [0o600, 0o600],
    [0o666, 0o600],
  ])("of a file of mode %o has mode %o", async (mode, expected) => {
    writeFileSync(file, "x");
    chmodSync(file, mode);
    await changeFile(file, append, options);
    expect(statSync(`${file}.auth0-mcp.bak`).mode & 0o777).toBe(expected);
  });

  test("does not follow a link that somebody put in its place", async () => {
    writeFileSync(file, "secret");
    const elsewhere = join(folder, "elsewhere");
    symlinkSync(elsewhere, `${file}.auth0-mcp.bak`);
    await changeFile(file, append, options);
    expect(readdirSync(folder)).not.toContain("elsewhere");
  });

  test("is not made of a file that is new", async () => {
    await changeFile(file, append, options);
    expect(readdirSync(folder)).toEqual(["settings.json"]);
  });
});

test("what a killed process left behind is cleared away, once it is old", async () => {
  const [old, fresh, foreign] = [".auth0-mcp-1.tmp", ".auth0-mcp-2.tmp", ".other.tmp"].map((name) =>
    join(folder, name),
  );
  for (const path of [old, fresh, foreign]) writeFileSync(path ?? "", "half");
  const longAgo = new Date(Date.now() - 120_000);
  for (const path of [old, foreign]) utimesSync(path ?? "", longAgo, longAgo);
  await changeFile(file, append, options);
  expect(readdirSync(folder).sort()).toEqual([".auth0-mcp-2.tmp", ".other.tmp", "settings.json"]);
});

describe("what cannot be edited is refused, and nothing is written", () => {
  test("a folder", async () => {
    mkdirSync(file);
    await expect(readSnapshot(file)).rejects.toThrow(new DocumentError("is a folder"));
  });

  test("a pipe, without waiting for who writes to it", async () => {
    Bun.spawnSync(["mkfifo", file]);
    await expect(readSnapshot(file)).rejects.toThrow("is no regular file");
  });

  test("more than 20 MB", async () => {
    writeFileSync(file, "");
    truncateSync(file, 20_000_001);
    await expect(readSnapshot(file)).rejects.toThrow("is larger than 20 MB");
  });

  test("a path below a file", async () => {
    writeFileSync(file, "");
    await expect(readSnapshot(join(file, "x"))).rejects.toMatchObject({
      message: expect.stringContaining("a part of its path is no folder"),
      cause: { code: "ENOTDIR" },
    });
  });
});

test("folders that we made go as far as they are empty", async () => {
  mkdirSync(join(folder, "a", "b", "c"), { recursive: true });
  writeFileSync(join(folder, "a", "kept"), "");
  await removeEmptyFolders(join(folder, "a", "b", "c"), join(folder, "a"));
  expect(readdirSync(join(folder, "a"))).toEqual(["kept"]);
});
