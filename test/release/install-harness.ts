import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../../scripts/build.ts";
import { tarGz } from "../../scripts/release/archive.ts";
import { finishedOf } from "../../scripts/support/finished.ts";
import { needPrograms } from "../../scripts/support/packages.ts";
import type { Finished } from "../support/executable.ts";

export const INSTALLER = readFileSync(join(ROOT, "install.sh"), "utf8");
/** The shells install.sh must work in, and how each is started. */
export const SHELLS: Readonly<Record<string, readonly string[]>> = {
  dash: ["dash"],
  bash: ["bash"],
  busybox: ["busybox", "sh"],
};
const TARGETS = ["linux-x64", "linux-x64-musl", "linux-arm64", "darwin-x64", "darwin-arm64"];

/** Everything the script calls, besides something to download with. */
export const TOOLS: readonly string[] =
  "uname mkdir mktemp rm mv cp cat chmod tar gzip grep sha256sum tr dirname ldd getconf".split(" ");

export function haveShells(): boolean {
  const programs = ["dash", "bash", "busybox", "curl", "wget"];
  return needPrograms("install.sh", programs, programs);
}

export interface Install {
  readonly shell?: string;
  readonly args?: readonly string[];
  readonly env?: Record<string, string>;
  /** What is piped into the shell; the script in the repository by default. */
  readonly script?: string;
}

/** A certificate and its key, as PEM texts. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

/** A program that only tells its version. */
export const program = (version: string) => Buffer.from(`#!/bin/sh\necho ${version}\n`);

/** A server with a release on it, and a home folder to install into. */
export class Downloads {
  readonly home = mkdtempSync(join(tmpdir(), "auth0-mcp-install-"));
  /** What the server holds, by path. */
  readonly files = new Map<string, Buffer>();
  /** The paths that were asked for. */
  readonly asked: string[] = [];
  /** Answers for some paths in another way than with the file. */
  answer: (path: string, request: Request) => Response | undefined = () => undefined;
  readonly #respond: (request: Request) => Response;
  readonly #server: Bun.Server<undefined>;
  readonly #protocol: "http" | "https";

  private constructor(identity: Identity | undefined) {
    this.#protocol = identity === undefined ? "http" : "https";
    this.#respond = (request) => {
      const name = new URL(request.url).pathname.slice(1);
      this.asked.push(name);
      const answer = this.answer(name, request);
      if (answer !== undefined) return answer;
      const bytes = this.files.get(name);
      return bytes === undefined ? new Response("not here", { status: 404 }) : new Response(bytes);
    };
    this.#server = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      ...(identity === undefined ? {} : { tls: identity }),
      fetch: this.#respond,
    });
  }

  /** The same at the IPv6 address of this machine, until it is disposed of. */
  alsoAtIpv6(): Disposable & { readonly address: string } {
    const server = Bun.serve({ hostname: "::1", port: 0, fetch: this.#respond });
    return { address: `http://[::1]:${server.port}`, [Symbol.dispose]: () => void server.stop(true) };
  }

  /** Starts the server with a release of a program that only tells its version. */
  static async start(version: string, identity?: Identity): Promise<Downloads> {
    const downloads = new Downloads(identity);
    await downloads.publish(program(version));
    return downloads;
  }

  get address(): string {
    return `${this.#protocol}://127.0.0.1:${this.#server.port}`;
  }

  get folder(): string {
    return join(this.home, ".local", "bin");
  }

  /** The files in the folder that is installed to. */
  get installed(): string[] {
    return existsSync(this.folder) ? readdirSync(this.folder) : [];
  }

  /** Puts archives with a program on the server, and their checksums into the list. */
  async publish(bytes: Buffer, ...targets: string[]): Promise<void> {
    for (const target of targets.length === 0 ? TARGETS : targets) {
      const archive = await tarGz([{ name: "auth0-mcp", bytes, executable: true }], 0, 1);
      this.files.set(`auth0-mcp-${target}.tar.gz`, archive);
    }
    this.listChecksums();
  }

  /** Changes every archive, and nothing else. */
  changeArchives(change: (bytes: Buffer) => Buffer | undefined): void {
    for (const [name, bytes] of [...this.files]) {
      if (!name.endsWith(".tar.gz")) continue;
      const changed = change(bytes);
      if (changed === undefined) this.files.delete(name);
      else this.files.set(name, changed);
    }
  }

  listChecksums(): void {
    const archives = [...this.files].filter(([name]) => name.endsWith(".tar.gz"));
    const sum = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
    const lines = archives.map(([name, bytes]) => `${sum(bytes)}  ${name}\n`);
    this.files.set("SHA256SUMS", Buffer.from(lines.join("")));
  }

  /** Runs the installer the way `curl … | sh` does. */
  install({ shell = "dash", args = [], env = {}, script = INSTALLER }: Install = {}): Promise<Finished> {
    const [name = shell, ...flags] = SHELLS[shell] ?? [];
    const command = [Bun.which(name) ?? name, ...flags, "-s", "--", ...args];
    return collect(command, script, { ...this.environment, ...env }, this.home);
  }

  /** What the installer is run with. */
  get environment(): Record<string, string> {
    return { PATH: "/usr/bin:/bin", HOME: this.home, AUTH0_MCP_DOWNLOAD_URL: this.address };
  }

  /** A folder for the PATH: some of this machine's programs, and some that are written for the test. */
  toolbox(names: readonly string[], scripts: Readonly<Record<string, string>> = {}): string {
    const folder = mkdtempSync(join(this.home, "tools-"));
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

  /** A folder for the PATH with all that busybox has, and nothing else. */
  busyboxTools(): string {
    const busybox = Bun.which("busybox") ?? "";
    return this.toolbox(
      [],
      Object.fromEntries(applets().map((name) => [name, `exec ${busybox} ${name} "$@"`])),
    );
  }

  async stop(): Promise<void> {
    await this.#server.stop(true);
    rmSync(this.home, { recursive: true, force: true });
  }
}

/** Names of everything a busybox can be; of this machine's one by default. */
export function applets(busybox = "busybox"): string[] {
  return Bun.spawnSync([busybox, "--list"]).stdout.toString().trim().split("\n");
}

/** Runs a program to its end without blocking this process, which is its server. */
export async function collect(
  command: string[],
  stdin: string,
  env: Record<string, string>,
  cwd = "/",
): Promise<Finished> {
  const child = Bun.spawn(command, { env, cwd, stdin: Buffer.from(stdin), stdout: "pipe", stderr: "pipe" });
  return finishedOf(child);
}
