import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { collect, Downloads, haveShells, INSTALLER, program, SHELLS } from "./install-harness.ts";
import { canEnterRoots } from "./install-roots.ts";

let downloads: Downloads;
beforeEach(async () => {
  downloads = await Downloads.start("1.2.3");
});
afterEach(() => downloads.stop());
const installedFile = () => join(downloads.folder, "auth0-mcp");

describe.skipIf(!haveShells()).each(Object.keys(SHELLS))("surroundings of install.sh in %s", (shell) => {
  test.each(["000", "002", "077"])("umask %s: the program is its owner's to change", async (umask) => {
    const look = 'stat -c "%a" "$HOME"/.local/bin/.auth0-mcp.* >&2; exec /usr/bin/tar "$@"';
    const env = { PATH: `${downloads.toolbox([], { tar: look })}:/usr/bin:/bin` };
    const { code, stderr } = await downloads.install({ shell, env, script: `umask ${umask}\n${INSTALLER}` });
    expect({ code, modeWhileUnpacking: stderr.trim().split("\n").at(-1) }).toEqual({
      code: 0,
      modeWhileUnpacking: "600",
    });
    expect(statSync(installedFile()).mode & 0o777).toBe(0o755);
  });

  test.each(["plain", "with space", 'it\'s "quoted" $(touch gone) `x` \\n é'])(
    "in a home folder named %s, what it advises can be pasted",
    async (name) => {
      const home = join(downloads.home, name);
      const env = { HOME: home, SHELL: "/bin/sh" };
      const { code, stdout } = await downloads.install({ shell, env });
      expect({ code, stdout }).toMatchObject({
        code: 0,
        stdout: expect.stringContaining(`in ${home}/.local`),
      });
      expect(existsSync(join(home, ".local", "bin", "auth0-mcp"))).toBe(true);
      const advice = stdout.trimEnd().split("\n").slice(3);
      expect(advice).toEqual([`  echo 'export PATH="$HOME/.local/bin:$PATH"' >>~/.profile`]);
      const run = (script: string) =>
        collect(["/bin/dash", "-c", script], "", { PATH: "/usr/bin:/bin", ...env });
      await run(advice.join("\n"));
      const { stdout: found } = await run(". ~/.profile; command -v auth0-mcp");
      expect(found.trimEnd()).toBe(join(home, ".local", "bin", "auth0-mcp"));
    },
  );

  test("a folder whose name a shell could misread is told, and no line to copy", async () => {
    const dir = join(downloads.home, 'a "b" $(touch gone) \\c');
    const { code, stdout } = await downloads.install({ shell, args: ["--dir", dir] });
    expect({ code, lines: stdout.trimEnd().split("\n") }).toEqual({
      code: 0,
      lines: [`Installed auth0-mcp 1.2.3 in ${dir}`, `${dir} is not on your PATH.`],
    });
  });

  test("a link in the program's place is replaced, and what it leads to stays", async () => {
    mkdirSync(downloads.folder, { recursive: true });
    const other = join(downloads.home, "other");
    writeFileSync(other, "other");
    symlinkSync(other, installedFile());
    expect(await downloads.install({ shell })).toMatchObject({ code: 0 });
    expect(lstatSync(installedFile()).isFile()).toBe(true);
    expect(readFileSync(other, "utf8")).toBe("other");
  });

  test("a link to a folder in the program's place is refused; a link to nothing is uninstalled", async () => {
    mkdirSync(downloads.folder, { recursive: true });
    mkdirSync(join(downloads.home, "elsewhere"));
    symlinkSync(join(downloads.home, "elsewhere"), installedFile());
    const refused = await downloads.install({ shell });
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("is a folder") });
    await downloads.install({ shell, args: ["--uninstall"] });
    expect(downloads.installed).toEqual([]);
    symlinkSync(join(downloads.home, "nothing"), installedFile());
    expect(await downloads.install({ shell, args: ["--uninstall"] })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("Removed"),
    });
    expect(downloads.installed).toEqual([]);
  });

  test("several at once do not disturb each other", async () => {
    const all = await Promise.all(Array.from({ length: 5 }, () => downloads.install({ shell })));
    expect(all.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
    expect(downloads.installed).toEqual(["auth0-mcp"]);
    expect(readFileSync(installedFile())).toEqual(program("1.2.3"));
  });

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const)("%s while it downloads leaves nothing", async (signal, code) => {
    await downloads.install({ shell });
    await downloads.publish(program("2.0.0"));
    const temporary = mkdtempSync(join(downloads.home, "tmp-"));
    const begun = Promise.withResolvers<void>();
    downloads.answer = (path) => {
      if (!path.endsWith(".tar.gz")) return undefined;
      const body = new ReadableStream({
        type: "direct",
        async pull(controller) {
          controller.write("some of it");
          await controller.flush();
          begun.resolve();
          await Promise.withResolvers().promise;
        },
      });
      return new Response(body);
    };
    const child = Bun.spawn([...(SHELLS[shell] ?? []), "-s"], {
      env: { ...downloads.environment, TMPDIR: temporary },
      stdin: Buffer.from(INSTALLER),
      stdout: "pipe",
      stderr: "ignore",
      detached: true,
    });
    await begun.promise;
    process.kill(-child.pid, signal);
    expect(await child.exited).toBe(code);
    expect(await new Response(child.stdout).text()).toBe("");
    expect({ installed: downloads.installed, left: readdirSync(temporary) }).toEqual({
      installed: ["auth0-mcp"],
      left: [],
    });
    expect(readFileSync(installedFile())).toEqual(program("1.2.3"));
  });

  test("temporary files may lie in a folder with any name", async () => {
    const temporary = mkdtempSync(join(downloads.home, 'it\'s \\a\\ "tmp" '));
    expect(await downloads.install({ shell, env: { TMPDIR: temporary } })).toMatchObject({ code: 0 });
    expect(readdirSync(temporary)).toEqual([]);
  });

  test("a proxy is not asked for what comes from this machine", async () => {
    const dead = "http://127.0.0.1:1";
    const env = { http_proxy: dead, HTTP_PROXY: dead, all_proxy: dead, ALL_PROXY: dead };
    expect(await downloads.install({ shell, env })).toMatchObject({ code: 0 });
  });

  test.each(["echo '\u001b[2J'", "echo 1.2.3; echo 1.2.4", ":", "echo 1.2.3 >&2"])(
    "a program that answers --version with %j is not installed",
    async (answer) => {
      await downloads.publish(Buffer.from(`#!/bin/sh\n${answer}\n`));
      const { code, stdout, stderr } = await downloads.install({ shell });
      expect({ code, stdout, stderr }).toMatchObject({
        code: 1,
        stdout: "",
        stderr: expect.stringContaining("does not tell its version; nothing was installed"),
      });
      expect(downloads.installed).toEqual([]);
    },
  );

  test("what a program complains of beside its version does not count", async () => {
    await downloads.publish(Buffer.from("#!/bin/sh\necho careful >&2\necho 1.2.3\n"));
    const { stdout } = await downloads.install({ shell, args: ["--version", "1.2.3"] });
    expect(stdout).toContain("Installed auth0-mcp 1.2.3 in");
  });

  test.skipIf(!canEnterRoots)(
    "temporary files may lie where nothing may be run, the program may not",
    async () => {
      const closed = realpathSync(mkdtempSync(join(downloads.home, "noexec-")));
      const mounted = 'mount -t tmpfs -o noexec none "$0" && exec "$@"';
      const install = (env: Record<string, string>, ...args: string[]) =>
        collect(
          ["unshare", "--mount", "sh", "-c", mounted, closed, ...(SHELLS[shell] ?? []), "-s", "--", ...args],
          INSTALLER,
          { ...downloads.environment, ...env },
        );
      expect(await install({}, "--dir", closed)).toMatchObject({
        code: 1,
        stdout: "",
        stderr: expect.stringContaining(`${closed} is a place where no program may be run`),
      });
      expect(await install({ TMPDIR: closed })).toMatchObject({ code: 0 });
    },
  );
});
