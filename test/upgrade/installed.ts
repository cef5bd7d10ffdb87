import { expect } from "bun:test";
import { chmodSync, linkSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compile, ROOT } from "../../scripts/build.ts";
import { hostTarget } from "../../scripts/release/targets.ts";
import type { BuildFacts } from "../../src/config/build-facts.ts";
import { collect } from "../release/install-harness.ts";
import { bareEnvironment, type Finished } from "../support/executable.ts";
import { haveMinisign, makeKey, ReleaseServer, type SigningKey } from "./release-server.ts";

/** The archive of a release for this machine. */
export const { archive, name: target } = hostTarget();

/** An executable as a release builds it, installed anew for each test, and a server with what it may upgrade to. */
export class Installed {
  readonly server = new ReleaseServer();
  readonly key: SigningKey | undefined = haveMinisign() ? makeKey() : undefined;
  /** A folder for the test file. */
  readonly top = mkdtempSync(join(tmpdir(), "auth0-mcp-upgrade-"));
  /** The executable, as it came from the compiler. */
  readonly released = join(this.top, "auth0-mcp");
  /** Where it is installed. */
  folder = "";
  file = "";

  /** What the compiler is told in a release that this server publishes. */
  get flags(): string[] {
    const signed = this.key === undefined ? {} : { publicKey: this.key.publicKey };
    const facts: BuildFacts = { target, repository: this.server.repository, ...signed };
    return ["--sourcemap=none", "--define", `AUTH0_MCP_BUILD=${JSON.stringify(facts)}`];
  }

  async compile(): Promise<void> {
    chmodSync(this.top, 0o755);
    await compile(join(ROOT, "src", "main.ts"), this.released, { flags: this.flags });
  }

  install(): void {
    this.folder = mkdtempSync(join(this.top, "installed-"));
    chmodSync(this.folder, 0o755);
    this.file = join(this.folder, "auth0-mcp");
    // Another name of the same file takes no time, and shows whether it is touched.
    linkSync(this.released, this.file);
    this.server.routes.clear();
    this.server.asked.length = 0;
  }

  uninstall(): void {
    rmSync(this.folder, { recursive: true });
  }

  async stop(): Promise<void> {
    await this.server.stop();
    rmSync(this.top, { recursive: true });
  }

  publish(bytes: Buffer, version = "9.9.9"): Promise<void> {
    return this.server.publish(version, bytes, this.key, target);
  }

  /** The path of a file of the release on the server. */
  path(name: string): string {
    return `${this.server.folder("9.9.9")}/${name}`;
  }

  upgrade(words: readonly string[] = [], env: Record<string, string> = {}): Promise<Finished> {
    return collect([this.file, "upgrade", ...words], "", bareEnvironment(env));
  }

  /** Nothing has changed where it is installed. */
  expectUntouched(): void {
    expect(readdirSync(this.folder)).toEqual(["auth0-mcp"]);
    expect(statSync(this.file).ino).toBe(statSync(this.released).ino);
    expect(statSync(this.file).size).toBe(statSync(this.released).size);
  }

  /** Whether an archive was asked for. */
  get downloaded(): boolean {
    return this.server.asked.some((line) => line.endsWith(archive));
  }
}
