import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { askVersion, runningExecutable } from "../../src/upgrade/program.ts";
import { checkReplaceable, type Replacement, replaceExecutable } from "../../src/upgrade/replace.ts";
import { program } from "./release-server.ts";

let folder: string;
let file: string;
let interrupt: AbortController;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "auth0-mcp-replace-"));
  file = join(folder, "auth0-mcp");
  writeFileSync(file, program("0.1.0"), { mode: 0o755 });
  interrupt = new AbortController();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const trial = () => ({ environment: { PATH: "/usr/bin:/bin" }, signal: interrupt.signal });
const replace = (change: Partial<Replacement> = {}) =>
  replaceExecutable({ file, bytes: program("1.2.3"), version: "1.2.3", ...trial(), ...change });
const script = (text: string) => Buffer.from(`#!/bin/sh\n${text}\n`);
const unchanged = () => {
  expect(readdirSync(folder)).toEqual(["auth0-mcp"]);
  expect(readFileSync(file)).toEqual(program("0.1.0"));
};

describe.each(["linux", "win32"] as const)("an executable on %s", (platform) => {
  test("is replaced by another file with its mode, and nothing else is left", async () => {
    chmodSync(file, 0o710);
    const before = statSync(file).ino;
    await replace({ platform });
    expect(readFileSync(file)).toEqual(program("1.2.3"));
    expect(statSync(file).mode & 0o777).toBe(0o710);
    expect(statSync(file).ino).not.toBe(before);
    expect(readdirSync(folder)).toEqual(["auth0-mcp"]);
  });

  test.each([
    ["tells another version", program("1.2.2"), "is version 1.2.2, not 1.2.3"],
    ["tells none", script("echo hello"), "tells no version"],
    ["tells it in another way", script("echo v1.2.3"), "tells no version"],
    ["tells more than its version", script("echo 1.2.3; echo more"), "tells no version"],
    [
      "fails",
      script("echo 1.2.3; echo broken >&2; exit 3"),
      "does not start on this machine (exit code 3): broken",
    ],
    ["is killed", script("kill -9 $$"), "did not tell its version"],
    ["is no program", Buffer.from("no program"), "does not start on this machine"],
    ["needs what is not here", Buffer.from("#!/nowhere\n"), "does not start on this machine"],
  ])("stays when the new one %s", async (_, bytes, message) => {
    await expect(replace({ bytes, platform })).rejects.toMatchObject({
      code: "download_refused",
      exit: 1,
      message: expect.stringContaining(message),
    });
    unchanged();
  });

  test("stays when the last step fails", async () => {
    // The new one takes itself away once it has told its version.
    const bytes = script('rm "$0"; echo 1.2.3');
    await expect(replace({ bytes, platform })).rejects.toMatchObject({
      code: "file_not_written",
      exit: 1,
      message: expect.stringContaining(`${file} cannot be replaced`),
    });
    unchanged();
  });

  test("stays when the person gives up before the last step", async () => {
    const bytes = script("exec sleep 60");
    setTimeout(() => interrupt.abort(), 100);
    await expect(replace({ bytes, platform })).rejects.toMatchObject({ code: "cancelled", exit: 130 });
    unchanged();
  });
});

test.if(process.getuid?.() === 0)("the new one gets the owner of the old one", async () => {
  chownSync(file, 1234, 4321);
  await replace();
  expect(statSync(file)).toMatchObject({ uid: 1234, gid: 4321 });
});

describe("what earlier upgrades left", () => {
  const id = crypto.randomUUID();
  const aged = (name: string, minutes: number) => {
    writeFileSync(join(folder, name), "");
    const seconds = Date.now() / 1_000 - 60 * minutes;
    utimesSync(join(folder, name), seconds, seconds);
  };

  test("is removed: files that were moved aside, and old ones of a crash", async () => {
    for (const name of [`auth0-mcp.${id}.old`, `.auth0-mcp-${id}.tmp`, `.auth0-mcp-${id}.tmp.exe`])
      aged(name, 90);
    await replace();
    expect(readdirSync(folder)).toEqual(["auth0-mcp"]);
  });

  test("is told from what may be in use, and from what is somebody else's", async () => {
    const others = ["auth0-mcp.old", `auth0-mcp-x.${id}.old`, `.other-${id}.tmp`, ".auth0-mcp-notes.tmp"];
    for (const name of others) aged(name, 90);
    aged(`.auth0-mcp-${id}.tmp`, 1);
    await replace();
    expect(readdirSync(folder).sort()).toEqual(["auth0-mcp", `.auth0-mcp-${id}.tmp`, ...others].sort());
  });
});

describe("whether it can be replaced is known before a download", () => {
  test("where it can", async () => {
    await checkReplaceable(file, trial());
    unchanged();
  });

  test("a loader or an emulator that runs the executable is not this program", async () => {
    const loader = join(folder, "ld.so");
    for (const text of ["echo ld.so 2.41", "exit 127"]) {
      writeFileSync(loader, script(text), { mode: 0o755 });
      await expect(checkReplaceable(loader, trial())).rejects.toMatchObject({
        code: "not_this_program",
        exit: 1,
        message: expect.stringContaining(loader),
      });
    }
  });

  test("a folder that is not there", async () => {
    const gone = join(folder, "gone", "auth0-mcp");
    await expect(checkReplaceable(gone, trial())).rejects.toMatchObject({
      code: "file_not_written",
      exit: 1,
    });
    mkdirSync(join(folder, "gone"));
    await expect(replace({ file: gone })).rejects.toMatchObject({ code: "file_not_written" });
  });
});

describe("the running executable", () => {
  test("is the file behind its links", () => {
    symlinkSync(file, join(folder, "link"));
    expect(runningExecutable(join(folder, "link"))).toBe(realpathSync(file));
  });

  test("is still known once another one has taken its place, and missed once it is gone", () => {
    expect(runningExecutable(`${file} (deleted)`)).toBe(realpathSync(file));
    const gone = expect.objectContaining({
      code: "no_executable",
      exit: 1,
      message: `${file}x is no longer there.`,
    });
    expect(() => runningExecutable(`${file}x (deleted)`)).toThrow(gone);
    writeFileSync(`${file} (deleted)`, "");
    expect(runningExecutable(`${file} (deleted)`)).toBe(`${realpathSync(file)} (deleted)`);
  });
});

describe("asking a version", () => {
  test("an executable sees the environment it is given, and stands in its own folder", async () => {
    writeFileSync(file, script('[ "$GIVEN" = yes ] && [ "$PWD" = "$WHERE" ] && echo "$1" >&2 && echo 1.2.3'));
    const environment = { PATH: "/usr/bin:/bin", GIVEN: "yes", WHERE: folder };
    expect(await askVersion(file, { ...trial(), environment })).toEqual({ version: "1.2.3" });
  });

  test("is not done once the person has given up", async () => {
    interrupt.abort();
    await expect(askVersion(file, trial())).rejects.toMatchObject({ code: "cancelled" });
  });
});
