import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../../scripts/build.ts";
import { tarGz } from "../../scripts/release/archive.ts";
import { VERSION } from "../../src/config/product.ts";
import { executable } from "../support/executable.ts";
import { needPrograms } from "../support/packages.ts";

const INSTALLER = join(ROOT, "install.sh");
const SHELLS: Readonly<Record<string, readonly string[]>> = {
  dash: ["dash"],
  bash: ["bash", "--posix"],
  busybox: ["busybox", "sh"],
};
const available = needPrograms(
  "install.sh in three shells",
  ["dash", "bash", "busybox", "curl", "wget"],
  ["dash", "bash", "busybox", "curl", "wget"],
);
/** Everything the script calls, besides something to download with. */
const TOOLS = [
  "uname",
  "mkdir",
  "mktemp",
  "rm",
  "mv",
  "cp",
  "chmod",
  "tar",
  "gzip",
  "sha256sum",
  "dirname",
  "ldd",
  "getconf",
];

/** What the server holds, by name; a test changes it at will. */
const files = new Map<string, Buffer>();
let cutAt: number | undefined;
let asked: string[] = [];
let server: Bun.Server<undefined>;
beforeAll(() => {
  server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch(request) {
      const name = new URL(request.url).pathname.slice(1);
      asked.push(name);
      const bytes = files.get(name);
      if (bytes === undefined) return new Response("not here", { status: 404 });
      return new Response(cutAt === undefined || name === "SHA256SUMS" ? bytes : bytes.subarray(0, cutAt));
    },
  });
});
afterAll(() => server.stop(true));

let home = "";
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "auth0-mcp-install-"));
  files.clear();
  asked = [];
  cutAt = undefined;
  for (const target of ["linux-x64", "linux-x64-musl", "linux-arm64", "darwin-x64", "darwin-arm64"])
    publish(target, fake("1.2.3"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const fake = (version: string) => Buffer.from(`#!/bin/sh\necho ${version}\n`);

/** Puts an archive on the server and its checksum into the list. */
function publish(target: string, program: Buffer): void {
  const name = `auth0-mcp-${target}.tar.gz`;
  files.set(name, tarGz([{ name: "auth0-mcp", bytes: program, executable: true }], 0));
  listChecksums();
}

function listChecksums(): void {
  const names = [...files.keys()].filter((name) => name.endsWith(".tar.gz"));
  const sum = (name: string) =>
    createHash("sha256")
      .update(files.get(name) ?? "")
      .digest("hex");
  files.set("SHA256SUMS", Buffer.from(names.map((name) => `${sum(name)}  ${name}\n`).join("")));
}

interface Install {
  readonly shell?: string;
  readonly args?: readonly string[];
  readonly env?: Record<string, string>;
  /** What is piped into the shell; the script by default. */
  readonly script?: string;
}

/** Runs the installer the way `curl … | sh` does. */
async function install({ shell = "dash", args = [], env = {}, script }: Install = {}) {
  const child = Bun.spawn([...(SHELLS[shell] ?? []), "-s", "--", ...args], {
    cwd: home,
    env: {
      PATH: "/usr/bin:/bin",
      HOME: home,
      AUTH0_MCP_DOWNLOAD_URL: `http://127.0.0.1:${server.port}`,
      ...env,
    },
    stdin: Buffer.from(script ?? readFileSync(INSTALLER, "utf8")),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [stdout, stderr, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { code, stdout, stderr };
}

const bin = () => join(home, ".local", "bin");
const installed = () => (existsSync(bin()) ? readdirSync(bin()) : []);

/** A folder of programs to stand on the PATH: some of this machine's, and some written for the test. */
function toolbox(names: readonly string[], scripts: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(home, "tools-"));
  for (const name of names) {
    const found = Bun.which(name, { PATH: "/usr/bin:/bin:/usr/sbin:/sbin" });
    if (found !== null && scripts[name] === undefined) symlinkSync(found, join(folder, name));
  }
  for (const [name, text] of Object.entries(scripts)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

describe.skipIf(!available).each(Object.keys(SHELLS))("install.sh in %s", (shell) => {
  test("installs for the user alone, leaves nothing else, and says how to mend the PATH", async () => {
    const { code, stdout, stderr } = await install({ shell });
    expect({ code, stdout, stderr }).toMatchObject({ code: 0 });
    expect(stdout).toContain(`Installed auth0-mcp 1.2.3 in ${bin()}`);
    expect(stdout).toContain(`export PATH="${bin()}:$PATH"`);
    expect(installed()).toEqual(["auth0-mcp"]);
    expect(statSync(join(bin(), "auth0-mcp")).mode & 0o777).toBe(0o755);
  });

  test("a second run replaces the file, and a running program keeps the old one", async () => {
    await install({ shell });
    const before = statSync(join(bin(), "auth0-mcp")).ino;
    publish("linux-x64", fake("1.2.4"));
    publish("linux-arm64", fake("1.2.4"));
    expect((await install({ shell })).stdout).toContain("1.2.4");
    expect(statSync(join(bin(), "auth0-mcp")).ino).not.toBe(before);
    expect(installed()).toEqual(["auth0-mcp"]);
  });

  test("--dir, --version with and without its v, and --uninstall", async () => {
    const dir = join(home, "with space", "bin");
    expect((await install({ shell, args: ["--dir", "with space/bin", "--version", "v1.2.3"] })).code).toBe(0);
    expect(readdirSync(dir)).toEqual(["auth0-mcp"]);
    const other = await install({ shell, args: ["--dir", dir, "--version", "9.9.9"] });
    expect(other).toMatchObject({ code: 1, stdout: "" });
    expect(other.stderr).toContain("version 1.2.3, not 9.9.9");
    expect(readdirSync(dir)).toEqual(["auth0-mcp"]);
    expect((await install({ shell, args: ["--uninstall", "--dir", dir] })).stdout).toContain("Removed");
    expect(readdirSync(dir)).toEqual([]);
    const again = await install({ shell, args: ["--uninstall", "--dir", dir] });
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining("no auth0-mcp") });
  });

  test.each([
    ["a corrupted archive", () => corrupt(), "is not what SHA256SUMS says"],
    ["an archive cut in the middle", () => void (cutAt = 60), "is not what SHA256SUMS says"],
    ["an empty archive", () => void (cutAt = 0), "is not what SHA256SUMS says"],
    ["a missing archive", () => only("SHA256SUMS"), "could not be downloaded"],
    [
      "a missing list of checksums",
      () => void files.delete("SHA256SUMS"),
      "SHA256SUMS could not be downloaded",
    ],
    ["an empty list of checksums", () => void files.set("SHA256SUMS", Buffer.alloc(0)), "does not list"],
    ["a list cut before the name", () => cutList(), "does not list"],
    [
      "no archive behind a right checksum",
      () => publishBytes(Buffer.from("no archive")),
      "cannot be unpacked",
    ],
    ["a program that does not start", () => publishAll(Buffer.from("#!/nowhere\n")), "does not start"],
  ])("%s: the old program stays", async (_, spoil, message) => {
    await install({ shell });
    spoil();
    const { code, stdout, stderr } = await install({ shell });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(message);
    expect(installed()).toEqual(["auth0-mcp"]);
    expect(readFileSync(join(bin(), "auth0-mcp"))).toEqual(fake("1.2.3"));
  });

  test("a script that was cut off anywhere does nothing", async () => {
    const text = readFileSync(INSTALLER, "utf8").trimEnd();
    const lines = text.split("\n");
    const cuts = [
      ...lines.map((_, line) => lines.slice(0, line).join("\n")),
      ...Array.from({ length: 16 }, (_, left) => text.slice(0, text.length - left - 1)),
    ];
    const results = await inBatches(cuts, (script) => install({ shell, script }));
    expect(results.filter(({ stdout }) => stdout !== "")).toEqual([]);
    expect(asked).toEqual([]);
    expect(installed()).toEqual([]);
  });

  test.each([
    [["--dir"], "--dir needs a value"],
    [["--version", ""], "--version needs a value"],
    [["--version", "1;reboot"], "is no version"],
    [["--prefix", "/x"], "unknown argument: --prefix"],
    [["--dir", "/proc/nowhere"], "cannot be made"],
  ])("%p is refused", async (args, message) => {
    expect(await install({ shell, args })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(message),
    });
    expect(asked).toEqual([]);
  });
});

function corrupt(): void {
  for (const [name, bytes] of files) {
    if (name.endsWith(".gz")) files.set(name, Buffer.concat([bytes.subarray(0, -1), Buffer.from([1])]));
  }
}

function only(name: string): void {
  for (const other of [...files.keys()]) if (other !== name) files.delete(other);
}

function cutList(): void {
  files.set("SHA256SUMS", (files.get("SHA256SUMS") ?? Buffer.alloc(0)).subarray(0, 60));
}

function publishBytes(bytes: Buffer): void {
  for (const name of [...files.keys()].filter((each) => each.endsWith(".gz"))) files.set(name, bytes);
  listChecksums();
}

function publishAll(program: Buffer): void {
  for (const name of [...files.keys()].filter((each) => each.endsWith(".gz"))) {
    publish(name.slice("auth0-mcp-".length, -".tar.gz".length), program);
  }
}

async function inBatches<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>) {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += 16) {
    results.push(...(await Promise.all(items.slice(start, start + 16).map(work))));
  }
  return results;
}

describe.skipIf(!available)("what install.sh finds out about the machine", () => {
  const system = (name: string, cpu: string) => `[ "$1" = -s ] && echo ${name} || echo ${cpu}`;

  test.each([
    ["linux-x64", { uname: system("Linux", "x86_64"), ldd: "echo 'ldd (Debian GLIBC 2.36) 2.36'" }],
    ["linux-x64-musl", { uname: system("Linux", "x86_64"), ldd: "echo 'musl libc (x86_64)' >&2; exit 1" }],
    ["linux-arm64", { uname: system("Linux", "aarch64"), ldd: "echo 'ldd (GNU libc) 2.31'" }],
    ["darwin-arm64", { uname: system("Darwin", "arm64"), sysctl: "exit 1" }],
    ["darwin-x64", { uname: system("Darwin", "x86_64"), sysctl: "echo 0" }],
    ["darwin-arm64", { uname: system("Darwin", "x86_64"), sysctl: "echo 1" }],
  ])("%s", async (target, scripts) => {
    const { code } = await install({ env: { PATH: toolbox([...TOOLS, "curl"], scripts) } });
    expect({ code, asked }).toEqual({ code: 0, asked: ["SHA256SUMS", `auth0-mcp-${target}.tar.gz`] });
  });

  test.each([
    [{ uname: system("Linux", "riscv64") }, "no build for the processor riscv64"],
    [{ uname: system("Linux", "aarch64"), getconf: "echo 32" }, "32-bit"],
    [{ uname: system("FreeBSD", "amd64") }, "no build for FreeBSD"],
    [{ uname: system("MINGW64_NT-10.0", "x86_64") }, "auth0-mcp-windows-x64.zip"],
  ])("%p is refused", async (scripts, message) => {
    const { code, stderr } = await install({ env: { PATH: toolbox([...TOOLS, "curl"], scripts) } });
    expect({ code, asked }).toEqual({ code: 1, asked: [] });
    expect(stderr).toContain(message);
  });

  test.each([
    ["wget", toolboxWith("wget")],
    ["what busybox has, and nothing else", () => busyboxOnly()],
  ])("downloads with %s", async (_, tools) => {
    const { code, stderr } = await install({ shell: "busybox", env: { PATH: tools() } });
    expect({ code, stderr: stderr.split("\n").length }).toEqual({ code: 0, stderr: 2 });
    expect(installed()).toEqual(["auth0-mcp"]);
    corrupt();
    expect((await install({ shell: "busybox", env: { PATH: tools() } })).code).toBe(1);
  });

  test.each([
    ["curl nor wget", TOOLS, "neither curl nor wget"],
    ["sha256sum", [...TOOLS.filter((name) => name !== "sha256sum"), "curl"], "cannot be checked"],
  ])("stops without %s", async (_, tools, message) => {
    const { code, stderr } = await install({ env: { PATH: toolbox(tools) } });
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining(message) });
    expect(installed()).toEqual([]);
  });

  test("the PATH: silence when it is right, a word about another copy, and each shell's own way", async () => {
    const other = toolbox([], { "auth0-mcp": "echo 0.0.1" });
    const right = await install({ env: { PATH: `${bin()}:/usr/bin:/bin` } });
    expect(right.stdout.trim().split("\n")).toHaveLength(1);
    const shadowed = await install({ env: { PATH: `${other}:/usr/bin:/bin:${bin()}` } });
    expect(shadowed.stderr).toContain(`comes first on your PATH: ${other}/auth0-mcp`);
    const wayOf = async (name: string) => (await install({ env: { SHELL: `/bin/${name}` } })).stdout;
    expect(await wayOf("zsh")).toContain("~/.zshrc");
    expect(await wayOf("bash")).toContain("~/.bashrc");
    expect(await wayOf("fish")).toContain("fish_add_path");
  });
});

function toolboxWith(...names: string[]): () => string {
  return () => toolbox([...TOOLS, ...names]);
}

function busyboxOnly(): string {
  const applets = Bun.spawnSync(["busybox", "--list"]).stdout.toString().trim().split("\n");
  const folder = mkdtempSync(join(home, "tools-"));
  for (const applet of applets) symlinkSync(Bun.which("busybox") ?? "", join(folder, applet));
  return folder;
}

describe.skipIf(!available)("where install.sh downloads from", () => {
  const filled = (repository: string) =>
    readFileSync(INSTALLER, "utf8").replace("REPOSITORY=''", `REPOSITORY='${repository}'`);

  test("the file in the repository knows no place, and says what to set", async () => {
    const { code, stderr } = await install({ env: { AUTH0_MCP_DOWNLOAD_URL: "" } });
    expect({ code, asked }).toEqual({ code: 1, asked: [] });
    expect(stderr).toContain("AUTH0_MCP_DOWNLOAD_URL");
    expect(stderr).toContain("--from-source");
  });

  test("that of a release takes the latest one, or the one that was asked for", async () => {
    for (const [name, bytes] of [...files]) {
      files.set(`releases/latest/download/${name}`, bytes);
      files.set(`releases/download/v1.2.3/${name}`, bytes);
    }
    const script = filled(`http://127.0.0.1:${server.port}`);
    const env = { AUTH0_MCP_DOWNLOAD_URL: "" };
    expect((await install({ script, env })).code).toBe(0);
    expect((await install({ script, env, args: ["--version", "1.2.3"] })).code).toBe(0);
    expect(asked.map((path) => path.replace(/[^/]*$/, ""))).toEqual([
      "releases/latest/download/",
      "releases/latest/download/",
      "releases/download/v1.2.3/",
      "releases/download/v1.2.3/",
    ]);
  });

  test.each(["http://mirror.example/x", "ftp://127.0.0.1/", "file:///tmp", "http://127.0.0.1.evil.example/"])(
    "%s is refused",
    async (address) => {
      const { code, stderr } = await install({ env: { AUTH0_MCP_DOWNLOAD_URL: address } });
      expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining("only https") });
    },
  );
});

describe.skipIf(!available || !needPrograms("signatures", ["minisign"], ["minisign"]))("signatures", () => {
  /** A key pair, the list signed with it, and the script that knows the public key. */
  function signed(): string {
    const at = (name: string) => join(home, name);
    writeFileSync(at("SHA256SUMS"), files.get("SHA256SUMS") ?? "");
    Bun.spawnSync(["minisign", "-G", "-W", "-f", "-p", at("public"), "-s", at("secret")]);
    Bun.spawnSync(["minisign", "-S", "-s", at("secret"), "-m", at("SHA256SUMS")]);
    files.set("SHA256SUMS.minisig", readFileSync(at("SHA256SUMS.minisig")));
    const key = readFileSync(at("public"), "utf8").trim().split("\n").at(-1) ?? "";
    return readFileSync(INSTALLER, "utf8").replace("PUBLIC_KEY=''", `PUBLIC_KEY='${key}'`);
  }

  test("a right one passes; one of another key, a changed list and none at all are refused", async () => {
    const script = signed();
    expect(await install({ script })).toMatchObject({ code: 0 });
    signed();
    const foreign = await install({ script });
    expect(foreign).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("the signature of SHA256SUMS is wrong"),
    });
    const changed = signed();
    publish("linux-x64", fake("6.6.6"));
    publish("linux-arm64", fake("6.6.6"));
    expect(await install({ script: changed })).toMatchObject({ code: 1, stdout: "" });
    files.delete("SHA256SUMS.minisig");
    expect(await install({ script: changed })).toMatchObject({ code: 1, stdout: "" });
  });

  test("without minisign it is said that only the checksum is checked", async () => {
    const { code, stderr } = await install({ script: signed(), env: { PATH: toolbox([...TOOLS, "curl"]) } });
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining("not checked") });
  });
});

const chroot =
  needPrograms("a bare root", ["busybox", "chroot"], ["busybox", "coreutils"]) && process.getuid?.() === 0;

describe.skipIf(!available)("with the real executable", () => {
  test("from a pipe to a listed tool", async () => {
    publish(`linux-${process.arch}`, readFileSync(await executable()));
    expect(await install({ args: ["--version", VERSION] })).toMatchObject({ code: 0 });
    expect(readFileSync(join(bin(), "auth0-mcp")).equals(readFileSync(await executable()))).toBe(true);
  });

  test.skipIf(!chroot || process.platform !== "linux")(
    "in a root that holds the C library and busybox only",
    async () => {
      publish(`linux-${process.arch}`, readFileSync(await executable()));
      const root = bareRoot();
      const enter = (script: string, stdin = "") =>
        collect(["chroot", root, "/bin/sh", "-c", script], stdin, {
          PATH: "/bin",
          HOME: "/root",
          AUTH0_MCP_DOWNLOAD_URL: `http://127.0.0.1:${server.port}`,
        });
      const done = await enter("sh", readFileSync(INSTALLER, "utf8"));
      expect(done).toMatchObject({ code: 0, stdout: expect.stringContaining("/root/.local/bin") });
      const listed = await enter("/root/.local/bin/auth0-mcp tools list --sandbox");
      expect(listed).toMatchObject({ code: 0, stdout: expect.stringContaining("auth0_list_applications") });
      const { stdout } = await enter(
        "/root/.local/bin/auth0-mcp tools call auth0_list_applications --sandbox --args '{\"per_page\":1}'",
      );
      expect(stdout).toContain('"applications"');
    },
  );

  /** The libraries the executable and busybox name, busybox, and empty folders. */
  function bareRoot(): string {
    const root = join(home, "root");
    for (const folder of ["bin", "tmp", "root", "dev"]) mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, "dev", "null"), "");
    const busybox = Bun.which("busybox") ?? "";
    for (const program of [busybox, process.execPath]) {
      const libraries = Bun.spawnSync(["ldd", program])
        .stdout.toString()
        .matchAll(/(\/\S+) \(0x/g);
      for (const [, library = ""] of libraries) {
        mkdirSync(join(root, library, ".."), { recursive: true });
        writeFileSync(join(root, library), readFileSync(library), { mode: 0o755 });
      }
    }
    writeFileSync(join(root, "bin", "busybox"), readFileSync(busybox), { mode: 0o755 });
    for (const applet of Bun.spawnSync([busybox, "--list"]).stdout.toString().trim().split("\n")) {
      if (applet !== "busybox") symlinkSync("busybox", join(root, "bin", applet));
    }
    return root;
  }
});

async function collect(command: string[], stdin: string, env: Record<string, string>) {
  const child = Bun.spawn(command, { env, stdin: Buffer.from(stdin), stdout: "pipe", stderr: "pipe" });
  const [stdout, stderr, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { code, stdout, stderr };
}
