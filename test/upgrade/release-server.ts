import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tarGz } from "../../scripts/release/archive.ts";
import { buildInfo } from "../../scripts/release/build-info.ts";
import { checksums } from "../../scripts/release/checksums.ts";
import { finished } from "../../scripts/release/run.ts";
import { SIGNING_KEY, sign } from "../../scripts/release/signing.ts";
import { targetNamed } from "../../scripts/release/targets.ts";
import { needPrograms } from "../../scripts/support/packages.ts";

export const TARGET = "linux-x64";
export const ARCHIVE = targetNamed(TARGET).archive;

/** What the server answers to a path: a file, or anything else. */
type Route = Buffer | ((request: Request) => Response | Promise<Response>);

/** A server on this machine with the releases of a repository, `example/auth0-mcp`. */
export class ReleaseServer {
  readonly routes = new Map<string, Route>();
  /** What was asked for, as `GET /path`. */
  readonly asked: string[] = [];
  readonly #server: Bun.Server<undefined>;

  constructor() {
    this.#server = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      idleTimeout: 0,
      fetch: (request) => {
        const { pathname } = new URL(request.url);
        this.asked.push(`${request.method} ${pathname}`);
        const route = this.routes.get(pathname);
        if (route === undefined) return new Response("not here", { status: 404 });
        return typeof route === "function" ? route(request) : new Response(route);
      },
    });
  }

  get address(): string {
    return `http://127.0.0.1:${this.#server.port}`;
  }

  get repository(): string {
    return `${this.address}/example/auth0-mcp`;
  }

  /** The path of a release's folder. */
  folder(version: string): string {
    return `/example/auth0-mcp/releases/download/v${version}`;
  }

  /** Publishes a version as the newest one: its archive, checksums, build info and, with a key, a signature. */
  async publish(version: string, executable: Buffer, key?: SigningKey, target = TARGET): Promise<void> {
    const { archive, executable: name } = targetNamed(target);
    const papers = { name: "LICENSE", bytes: Buffer.from("as you like"), executable: false };
    const packed = await tarGz([{ name, bytes: executable, executable: true }, papers], 0, 1);
    const folder = this.folder(version);
    const source = { version, commit: "0".repeat(40), changed: false, epoch: 0 };
    this.routes.set(`${folder}/${archive}`, packed);
    this.routes.set(`${folder}/build-info.json`, Buffer.from(JSON.stringify(buildInfo(source, []))));
    this.list(version, checksums(new Map([[archive, packed]])), key);
    this.redirect("/example/auth0-mcp/releases/latest", `/example/auth0-mcp/releases/tag/v${version}`);
  }

  /** Sets the list of checksums, signed for a version where there is a key. */
  list(version: string, sums: string, key?: SigningKey, comment = `auth0-mcp ${version}`): void {
    const bytes = Buffer.from(sums);
    this.routes.set(`${this.folder(version)}/SHA256SUMS`, bytes);
    const signature = key === undefined ? undefined : sign(bytes, comment, key.environment);
    if (signature !== undefined) this.routes.set(`${this.folder(version)}/SHA256SUMS.minisig`, signature);
  }

  redirect(path: string, location: string): void {
    this.routes.set(path, () => new Response(null, { status: 302, headers: { location } }));
  }

  file(path: string): Buffer {
    const route = this.routes.get(path);
    if (!Buffer.isBuffer(route)) throw new Error(`${path} is no file of the server`);
    return route;
  }

  async stop(): Promise<void> {
    await this.#server.stop(true);
  }
}

export function haveMinisign(): boolean {
  return needPrograms("signed releases", ["minisign"], ["minisign"]);
}

export interface SigningKey {
  /** As `minisign -P` takes it. */
  readonly publicKey: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** A new key pair, made by minisign itself. */
export function makeKey(): SigningKey {
  const folder = mkdtempSync(join(tmpdir(), "auth0-mcp-key-"));
  try {
    const [secret, open] = [join(folder, "secret"), join(folder, "public")];
    finished(["minisign", "-G", "-W", "-s", secret, "-p", open]);
    const publicKey = readFileSync(open, "utf8").trim().split("\n").at(-1) ?? "";
    return { publicKey, environment: { [SIGNING_KEY]: readFileSync(secret, "utf8") } };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A program that only tells its version. */
export const program = (version: string) => Buffer.from(`#!/bin/sh\necho ${version}\n`);
