import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { collect, Downloads, haveShells, INSTALLER, program, SHELLS } from "../release/install-harness.ts";

const available = haveShells();
let downloads: Downloads;
beforeEach(async () => {
  downloads = await Downloads.start("1.2.3");
});
afterEach(() => downloads.stop());

describe.skipIf(!available).each(Object.keys(SHELLS))("install.sh in %s", (shell) => {
  test("installs for the user alone, leaves nothing else, and says how to mend the PATH", async () => {
    const { code, stdout, stderr } = await downloads.install({ shell });
    expect({ code, stdout, stderr }).toMatchObject({ code: 0 });
    expect(stdout).toContain(`Installed auth0-mcp 1.2.3 in ${downloads.folder}`);
    expect(stdout).toContain('export PATH="$HOME/.local/bin:$PATH"');
    expect(downloads.installed).toEqual(["auth0-mcp"]);
    expect(statSync(join(downloads.folder, "auth0-mcp")).mode & 0o777).toBe(0o755);
  });

  test("a second run puts a new file in place, so that a running program keeps its own", async () => {
    await downloads.install({ shell });
    const before = statSync(join(downloads.folder, "auth0-mcp")).ino;
    await downloads.publish(program("1.2.4"));
    expect((await downloads.install({ shell })).stdout).toContain("1.2.4");
    expect(statSync(join(downloads.folder, "auth0-mcp")).ino).not.toBe(before);
    expect(downloads.installed).toEqual(["auth0-mcp"]);
  });

  test("--dir, --version with its v, and --uninstall", async () => {
    const dir = join(downloads.home, "with space", "bin");
    const args = ["--dir", "with space/bin", "--version", "v1.2.3"];
    expect((await downloads.install({ shell, args })).code).toBe(0);
    expect(readdirSync(dir)).toEqual(["auth0-mcp"]);
    const other = await downloads.install({ shell, args: ["--dir", dir, "--version", "9.9.9"] });
    expect(other).toMatchObject({ code: 1, stdout: "" });
    expect(other.stderr).toContain("version 1.2.3, not 9.9.9");
    expect(readdirSync(dir)).toEqual(["auth0-mcp"]);
    const remove = () => downloads.install({ shell, args: ["--uninstall", "--dir", dir] });
    const killed = [`.auth0-mcp-${crypto.randomUUID()}.tmp`, ".auth0-mcp.Ab3x9Z"];
    for (const name of [...killed, ".auth0-mcp-notes.tmp"]) writeFileSync(join(dir, name), "");
    const { code, stdout } = await remove();
    expect(code).toBe(0);
    for (const words of ["Removed", "auth0-mcp logout --all", "auth0-mcp clients remove"])
      expect(stdout).toContain(words);
    expect(readdirSync(dir)).toEqual([".auth0-mcp-notes.tmp"]);
    expect(await remove()).toMatchObject({ code: 0, stdout: expect.stringContaining("no auth0-mcp") });
  });

  test("a list of checksums with capitals, other line ends and no last one is read", async () => {
    const text = downloads.files.get("SHA256SUMS")?.toString() ?? "";
    const [first = "", ...others] = text
      .trimEnd()
      .split("\n")
      .map((line) => line.replace(/^\S+/, (sum) => sum.toUpperCase()));
    for (const lines of [
      [...others, first],
      [first, ...others, first],
    ]) {
      downloads.files.set("SHA256SUMS", Buffer.from(lines.join("\r\n")));
      expect(await downloads.install({ shell })).toMatchObject({ code: 0 });
    }
  });

  test("one that lists an archive with two sums is refused", async () => {
    const text = downloads.files.get("SHA256SUMS")?.toString() ?? "";
    downloads.files.set("SHA256SUMS", Buffer.from(text + text.replaceAll(/^\S+/gm, "0".repeat(64))));
    expect(await downloads.install({ shell })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("several sums"),
    });
  });

  test("nothing stays in the temporary folder when nobody reads what it tells", async () => {
    const temporary = mkdtempSync(join(downloads.home, "tmp-"));
    const line = `exec 3>&1; { ${SHELLS[shell]?.join(" ")} -s; echo $? >&3; } | :`;
    const env = { ...downloads.environment, TMPDIR: temporary };
    const slow = INSTALLER.replace("main() {", "main() {\n  sleep 0.3");
    const { stdout } = await collect(["dash", "-c", line], slow, env);
    expect({ code: stdout.trim(), left: readdirSync(temporary) }).toEqual({ code: "141", left: [] });
    expect(downloads.installed).toEqual(["auth0-mcp"]);
  });

  const cut = (length: number) => () => downloads.changeArchives((bytes) => bytes.subarray(0, length));
  const list = (change: (bytes: Buffer) => Buffer) => () =>
    void downloads.files.set("SHA256SUMS", change(downloads.files.get("SHA256SUMS") ?? Buffer.alloc(0)));
  test.each([
    ["a corrupted archive", () => downloads.changeArchives(flipLast), "is not what SHA256SUMS says"],
    ["an archive cut in the middle", cut(60), "is not what SHA256SUMS says"],
    ["an empty archive", cut(0), "is not what SHA256SUMS says"],
    ["a missing archive", () => downloads.changeArchives(() => undefined), "could not be downloaded"],
    [
      "a missing list of checksums",
      () => void downloads.files.delete("SHA256SUMS"),
      "SHA256SUMS could not be downloaded",
    ],
    ["an empty list of checksums", list(() => Buffer.alloc(0)), "does not list"],
    ["a list cut before the name", list((bytes) => bytes.subarray(0, 60)), "does not list"],
    [
      "no archive behind a right checksum",
      () => {
        downloads.changeArchives(() => Buffer.from("no archive"));
        downloads.listChecksums();
      },
      "cannot be unpacked",
    ],
    [
      "a program that does not start",
      () => downloads.publish(Buffer.from("#!/nowhere\n")),
      "does not start on this machine",
    ],
  ])("%s: the old program stays", async (_, spoil, message) => {
    await downloads.install({ shell });
    await spoil();
    const { code, stdout, stderr } = await downloads.install({ shell });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(message);
    expect(downloads.installed).toEqual(["auth0-mcp"]);
    expect(readFileSync(join(downloads.folder, "auth0-mcp"))).toEqual(program("1.2.3"));
  });

  test("a script that was cut off anywhere does nothing", async () => {
    const text = INSTALLER.trimEnd();
    const lengths = new Set([...text].flatMap((_, at) => (at % 41 === 0 || text[at] === "\n" ? [at] : [])));
    for (let left = 1; left <= 16; left++) lengths.add(text.length - left);
    const cuts = [...lengths].map((length) => text.slice(0, length));
    const results = await inBatches(cuts, (script) => downloads.install({ shell, script }));
    expect(results.filter(({ stdout }) => stdout !== "")).toEqual([]);
    const whole = INSTALLER.indexOf("\n{\n") + 1;
    expect(results.filter(({ code }, at) => (code === 0) === (cuts[at] ?? "").length > whole)).toEqual([]);
    expect(downloads.asked).toEqual([]);
    expect(downloads.installed).toEqual([]);
  });

  test("--help says what there is, and does nothing", async () => {
    const { code, stdout } = await downloads.install({ shell, args: ["--help"] });
    expect(code).toBe(0);
    for (const flag of ["--version", "--dir", "--uninstall", "--from-source"]) expect(stdout).toContain(flag);
    expect(downloads.asked).toEqual([]);
  });

  test.each([
    [["--dir"], "--dir needs a value"],
    [["--version", ""], "--version needs a value"],
    [["--version", "1;reboot"], "is no version"],
    [["--version", "v"], "is no version"],
    [["--prefix", "/x"], "unknown argument: --prefix"],
    [["--dir", "/proc/nowhere"], "cannot be made"],
  ])("%p is refused", async (args, message) => {
    const refused = await downloads.install({ shell, args });
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining(message) });
    expect(downloads.asked).toEqual([]);
  });
});

function flipLast(bytes: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, -1), Buffer.from([(bytes.at(-1) ?? 0) ^ 1])]);
}

async function inBatches<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>) {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += 16) {
    results.push(...(await Promise.all(items.slice(start, start + 16).map(work))));
  }
  return results;
}
