import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { checksums } from "../../scripts/release/checksums.ts";
import { collect } from "../release/install-harness.ts";
import type { Finished } from "../support/executable.ts";
import type { Script, Variables } from "./pipelines.ts";

/** What every Debian image has, as far as scripts here ask for it. */
const BASE =
  "bash cat chmod cp cut dirname env getconf gzip ldd mkdir mktemp mv rm sed sh sha256sum tar tr uname".split(
    " ",
  );

/** A runner's machine: an empty home and workspace, and programs that stand in for what must not happen here. */
export class Machine {
  readonly home = mkdtempSync(join(tmpdir(), "auth0-mcp-runner-"));
  readonly workspace = join(this.home, "work");
  readonly #programs = join(this.home, "programs");
  /** The file through which a step of a GitHub workflow adds to the PATH of those after it. */
  readonly #path = join(this.home, "path");

  readonly #base: readonly string[];

  /**
   * @param has programs it has besides those of a bare image, so that a script must install all others. Everything of
   *   the machine underneath when not given
   */
  constructor(has?: readonly string[]) {
    mkdirSync(this.workspace);
    mkdirSync(this.#programs);
    // What scripts install is on the machine underneath, or the test is left out: it is only brought to light.
    const link = `[ -x "/usr/bin/$name" ] && /bin/ln -sf "/usr/bin/$name" '${this.#programs}'`;
    this.program("apt-get", `[ "$1" = install ] || exit 0\nfor name; do ${link}; done\nexit 0`);
    this.program("sudo", 'exec "$@"');
    this.#base = has === undefined ? ["/usr/bin", "/bin"] : [join(this.home, "bin")];
    if (has === undefined) return;
    mkdirSync(join(this.home, "bin"));
    for (const name of [...BASE, ...has]) symlinkSync(Bun.which(name) ?? name, join(this.home, "bin", name));
  }

  /** Puts a shell script in front of the PATH. */
  program(name: string, text: string): void {
    const path = join(this.#programs, name);
    writeFileSync(path, `#!/bin/bash\n${text}\n`);
    chmodSync(path, 0o755);
  }

  /** Puts a program in front of the PATH that notes its arguments, one call a line, before it does what a text says. */
  noting(name: string, text: string): () => string[] {
    const calls = join(this.home, `${name}.calls`);
    this.program(name, `printf '%s\\n' "$*" >>'${calls}'\n${text}`);
    return () => (existsSync(calls) ? readFileSync(calls, "utf8").trim().split("\n") : []);
  }

  /** Writes files into the workspace. */
  put(files: Readonly<Record<string, string | Buffer>>): void {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.workspace, name)), { recursive: true });
      writeFileSync(join(this.workspace, name), content);
    }
  }

  /** Writes a release into a folder of the workspace, as `npm run release` leaves it; the names of what people download. */
  putRelease(folder: string, more: Readonly<Record<string, string>> = {}): string[] {
    const names = ["auth0-mcp-linux-x64.tar.gz", "auth0-mcp.cdx.json", "install.sh"];
    const downloads = new Map(names.map((name) => [name, Buffer.from(name)]));
    const files: Record<string, string | Buffer> = {
      SHA256SUMS: checksums(downloads),
      Dockerfile: "",
      ...more,
    };
    for (const [name, content] of [...downloads, ...Object.entries(files)])
      this.put({ [`${folder}/${name}`]: content });
    return names;
  }

  /** A file in the workspace. */
  file(name: string): string {
    const path = join(this.workspace, name);
    return existsSync(path) ? readFileSync(path, "utf8") : "";
  }

  /**
   * Runs a script as its runner does.
   *
   * @param given what the project's settings hold: the values of expressions such as `secrets.NAME`, and variables
   * @throws Error when the script's file gives it an expression that is not among them
   */
  async run(script: Script, given: Variables): Promise<Finished> {
    const value = (_: string, expression: string) => {
      const found = given[expression];
      if (found === undefined) throw new Error(`${script.name} wants ${expression}`);
      return found;
    };
    const own = Object.entries(script.variables).map(([name, text]) => [
      name,
      text.replace(/\$\{\{\s*(.*?)\s*\}\}/g, value),
    ]);
    const variables = Object.entries(given).filter(([name]) => /^\w+$/.test(name));
    const added = existsSync(this.#path) ? readFileSync(this.#path, "utf8").trim().split("\n").reverse() : [];
    const env: Record<string, string> = {
      HOME: this.home,
      GITHUB_PATH: this.#path,
      ...Object.fromEntries(own),
      ...Object.fromEntries(variables),
      PATH: [this.#programs, ...added, ...this.#base].join(":"),
    };
    const file = join(this.home, "script");
    writeFileSync(file, script.text);
    const [shell = "bash", ...flags] = script.shell;
    return collect([Bun.which(shell) ?? shell, ...flags, file], "", env, join(this.workspace, script.folder));
  }

  stop(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}
