import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { needPrograms } from "../../scripts/support/packages.ts";
import { Downloads, haveShells, INSTALLER, program, SHELLS, TOOLS } from "./install-harness.ts";

const available = haveShells();
let downloads: Downloads;
beforeEach(async () => {
  downloads = await Downloads.start("1.2.3");
});
afterEach(() => downloads.stop());

describe.skipIf(!available)("what install.sh finds out about the machine", () => {
  const system = (name: string, cpu: string) => `[ "$1" = -s ] && echo ${name} || echo ${cpu}`;
  const installOn = (scripts: Record<string, string>) =>
    downloads.install({ env: { PATH: downloads.toolbox([...TOOLS, "curl"], scripts) } });

  test.each([
    ["linux-x64", { uname: system("Linux", "x86_64"), ldd: "echo 'ldd (Debian GLIBC 2.36) 2.36'" }],
    ["linux-x64-musl", { uname: system("Linux", "x86_64"), ldd: "echo 'musl libc (x86_64)' >&2; exit 1" }],
    ["linux-arm64", { uname: system("Linux", "aarch64"), ldd: "echo 'ldd (GNU libc) 2.31'" }],
    ["darwin-arm64", { uname: system("Darwin", "arm64"), sysctl: "exit 1" }],
    ["darwin-x64", { uname: system("Darwin", "x86_64"), sysctl: "echo 0" }],
    ["darwin-arm64", { uname: system("Darwin", "x86_64"), sysctl: "echo 1" }],
  ])("%s", async (target, scripts) => {
    const { code } = await installOn(scripts);
    const { asked } = downloads;
    expect({ code, asked }).toEqual({ code: 0, asked: ["SHA256SUMS", `auth0-mcp-${target}.tar.gz`] });
  });

  test.each([
    ["another processor", { uname: system("Linux", "riscv64") }, "no build for the processor riscv64"],
    ["a 32-bit system", { uname: system("Linux", "aarch64"), getconf: "echo 32" }, "32-bit"],
    ["another system", { uname: system("FreeBSD", "amd64") }, "no build for FreeBSD"],
    ["Windows", { uname: system("MINGW64_NT-10.0", "x86_64") }, "auth0-mcp-windows-x64.zip"],
  ])("%s is refused", async (_, scripts, message) => {
    const { code, stderr } = await installOn(scripts);
    expect({ code, asked: downloads.asked }).toEqual({ code: 1, asked: [] });
    expect(stderr).toContain(message);
  });

  test.each([
    ["wget", () => downloads.toolbox([...TOOLS, "wget"])],
    ["what busybox has, and nothing else", () => downloads.busyboxTools()],
  ])("downloads with %s", async (_, tools) => {
    const install = () => downloads.install({ shell: "busybox", env: { PATH: tools() } });
    const { code, stderr } = await install();
    expect({ code, lines: stderr.trim().split("\n") }).toMatchObject({ code: 0, lines: { length: 1 } });
    expect(downloads.installed).toEqual(["auth0-mcp"]);
    downloads.changeArchives(() => undefined);
    expect(await install()).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("could not be downloaded"),
    });
  });

  test.each([
    ["curl and wget", [...TOOLS], "neither curl nor wget"],
    ["sha256sum", [...TOOLS.filter((name) => name !== "sha256sum"), "curl"], "cannot be checked"],
  ])("stops without %s", async (_, tools, message) => {
    const { code, stderr } = await downloads.install({ env: { PATH: downloads.toolbox(tools) } });
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining(message) });
    expect(downloads.installed).toEqual([]);
  });

  test("on a system that lacks libstdc++ it names the package", async () => {
    const words = "echo 'Error loading shared library libstdc++.so.6: No such file' >&2; exit 127";
    await downloads.publish(Buffer.from(`#!/bin/sh\n${words}\n`));
    const { code, stderr } = await downloads.install();
    expect({ code, lines: stderr.trim().split("\n").slice(1) }).toEqual({
      code: 1,
      lines: [
        "install.sh: the executable needs libstdc++ (Alpine: apk add libstdc++); nothing was installed",
      ],
    });
  });

  test("the PATH: silence when it is right, a word about another copy, and each shell's own way", async () => {
    const other = downloads.toolbox([], { "auth0-mcp": "echo 0.0.1" });
    const right = await downloads.install({ env: { PATH: `${downloads.folder}:/usr/bin:/bin` } });
    expect(right.stdout.trim().split("\n")).toHaveLength(1);
    const shadowed = await downloads.install({ env: { PATH: `${other}:/usr/bin:/bin:${downloads.folder}` } });
    expect(shadowed.stderr).toContain(`comes first on your PATH: ${other}/auth0-mcp`);
    const wayOf = async (name: string) =>
      (await downloads.install({ env: { SHELL: `/bin/${name}` } })).stdout;
    expect(await wayOf("zsh")).toContain(`"\${ZDOTDIR:-$HOME}/.zshrc"`);
    expect(await wayOf("bash")).toContain("~/.bashrc");
    expect(await wayOf("fish")).toContain("fish_add_path");
  });

  test.each(Object.keys(SHELLS))(
    "a slash at the end of a folder in the PATH means nothing to %s",
    async (shell) => {
      const env = { PATH: `${downloads.folder}/:/usr/bin:/bin` };
      const { stdout, stderr } = await downloads.install({ shell, env });
      expect(stdout).toBe(`Installed auth0-mcp 1.2.3 in ${downloads.folder}\n`);
      expect(stderr).not.toContain("Another");
    },
  );

  test.each([
    [[], "~/.bash_profile"],
    [[".profile"], "~/.profile"],
    [[".profile", ".bash_profile"], "~/.bash_profile"],
  ])("bash on macOS with %p reads %s", async (files, expected) => {
    for (const file of files) writeFileSync(join(downloads.home, file), "");
    const tools = downloads.toolbox([...TOOLS, "curl"], {
      uname: system("Darwin", "arm64"),
      sysctl: "echo 0",
    });
    const { stdout } = await downloads.install({ env: { PATH: tools, SHELL: "/bin/bash" } });
    expect(stdout.trimEnd().split(" >>").at(-1)).toBe(expected);
  });
});

describe.skipIf(!available)("where install.sh downloads from", () => {
  test("the file in the repository knows no place, and says what to set", async () => {
    const { code, stderr } = await downloads.install({ env: { AUTH0_MCP_DOWNLOAD_URL: "" } });
    expect({ code, asked: downloads.asked }).toEqual({ code: 1, asked: [] });
    expect(stderr).toContain("AUTH0_MCP_DOWNLOAD_URL");
    expect(stderr).toContain("--from-source");
  });

  test("that of a release takes the latest one, or the one that was asked for", async () => {
    for (const [name, bytes] of [...downloads.files]) {
      downloads.files.set(`releases/latest/download/${name}`, bytes);
      downloads.files.set(`releases/download/v1.2.3/${name}`, bytes);
    }
    const script = INSTALLER.replace("REPOSITORY=''", `REPOSITORY='${downloads.address}'`);
    const env = { AUTH0_MCP_DOWNLOAD_URL: "" };
    expect((await downloads.install({ script, env })).code).toBe(0);
    expect((await downloads.install({ script, env, args: ["--version", "1.2.3"] })).code).toBe(0);
    expect([...new Set(downloads.asked.map((path) => path.replace(/[^/]*$/, "")))]).toEqual([
      "releases/latest/download/",
      "releases/download/v1.2.3/",
    ]);
  });

  test.each(["curl", "wget"])(
    "another address of this machine is downloaded from with %s, as upgrade does",
    async (program) => {
      const env = { PATH: downloads.toolbox([...TOOLS, program]) };
      using other = downloads.alsoAtIpv6();
      expect((await downloads.install({ env: { ...env, AUTH0_MCP_DOWNLOAD_URL: other.address } })).code).toBe(
        0,
      );
      const named = downloads.address.replace("//", "//some.one:pa%20ss@");
      const { code, stderr } = await downloads.install({ env: { ...env, AUTH0_MCP_DOWNLOAD_URL: named } });
      expect({ code, stderr }).toEqual({
        code: 0,
        stderr: expect.stringContaining(`Downloading ${downloads.address}/`),
      });
    },
  );

  test.each([
    ["http://mirror.example/x", "http://mirror.example/x"],
    ["http://someone:pa55word@mirror.example/x/", "http://mirror.example/x"],
    ["ftp://127.0.0.1/", "ftp://127.0.0.1"],
    ["file:///tmp", "file:///tmp"],
    ["downloads", "downloads"],
    ["http://127.0.0.1.evil.example/", "http://127.0.0.1.evil.example"],
    ["http://127.0.0.1:80@evil.example/", "http://evil.example"],
    ["http://evil.example#@127.0.0.1/", "http://127.0.0.1"],
    ["http://evil.example?@127.0.0.1/", "http://127.0.0.1"],
    ["http://evil.example;@127.0.0.1/", "http://127.0.0.1"],
    ["http://evil.example@x@127.0.0.1/", "http://127.0.0.1"],
    ["http://[::1].evil.example/", "http://[::1].evil.example"],
    ["http://[::1]:80.evil.example/", "http://[::1]:80.evil.example"],
    ["http://localhost:80\\@evil.example/", "http://evil.example"],
  ])("%s is refused", async (address, shown) => {
    const { code, stderr } = await downloads.install({ env: { AUTH0_MCP_DOWNLOAD_URL: address } });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `install.sh: only https is downloaded from, not ${shown}\n`,
    });
  });
});

describe.skipIf(!available || !needPrograms("signatures", ["minisign"], ["minisign"]))("signatures", () => {
  /** Makes a key pair and signs the list with it; the script that knows the public key. */
  function signed(): string {
    const at = (name: string) => join(downloads.home, name);
    writeFileSync(at("SHA256SUMS"), downloads.files.get("SHA256SUMS") ?? "");
    Bun.spawnSync(["minisign", "-G", "-W", "-f", "-p", at("public"), "-s", at("secret")]);
    Bun.spawnSync(["minisign", "-S", "-s", at("secret"), "-m", at("SHA256SUMS")]);
    downloads.files.set("SHA256SUMS.minisig", readFileSync(at("SHA256SUMS.minisig")));
    const key = readFileSync(at("public"), "utf8").trim().split("\n").at(-1) ?? "";
    return INSTALLER.replace("PUBLIC_KEY=''", `PUBLIC_KEY='${key}'`);
  }

  test("the right one passes; another key's, one of a changed list, and none are refused", async () => {
    const script = signed();
    expect(await downloads.install({ script })).toMatchObject({ code: 0 });
    const own = signed();
    const wrong = {
      code: 1,
      stdout: "",
      stderr: expect.stringContaining("the signature of SHA256SUMS is wrong"),
    };
    expect(await downloads.install({ script })).toMatchObject(wrong);
    await downloads.publish(program("6.6.6"));
    expect(await downloads.install({ script: own })).toMatchObject(wrong);
    downloads.files.delete("SHA256SUMS.minisig");
    expect(await downloads.install({ script: own })).toMatchObject({ code: 1, stdout: "" });
  });

  test("without minisign it is said that only the checksum is checked", async () => {
    const script = signed();
    const { code, stderr } = await downloads.install({
      script,
      env: { PATH: downloads.toolbox([...TOOLS, "curl"]) },
    });
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining("not checked") });
  });
});
