import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PRODUCT } from "../../src/config/product.ts";
import { executable, type Finished } from "./executable.ts";
import { type ServedTenant, serveTenant } from "./tenants.ts";

/** Stand-ins in examples, which a test replaces by something real. */
const TENANTS = ["acme.eu.auth0.com", "acme-dev.eu.auth0.com"] as const;
const PLACES_OF_SCRIPTS = [".local/share/bash-completion/completions", ".zfunc", ".config/fish/completions"];

/** A machine of its own for examples as help and documents give them: a home, the program on the PATH, two tenants. */
export class ExamplePlace {
  readonly home = realpathSync(mkdtempSync(join(tmpdir(), "auth0-mcp-examples-")));
  readonly #tenants: readonly ServedTenant[];

  private constructor(tenants: readonly ServedTenant[]) {
    this.#tenants = tenants;
  }

  static async open(): Promise<ExamplePlace> {
    const serve = () => serveTenant({ rateLimit: 0, signIn: { decision: "approve" } });
    const place = new ExamplePlace(await Promise.all(TENANTS.map(serve)));
    const inHome = (path: string) => join(place.home, path);
    for (const folder of ["bin", ".cursor", ...PLACES_OF_SCRIPTS])
      mkdirSync(inHome(folder), { recursive: true });
    symlinkSync(realpathSync(await executable()), inHome(`bin/${PRODUCT}`));
    writeFileSync(inHome("secret"), place.#tenants[0]?.tenant.clientSecret ?? "");
    return place;
  }

  /** Signs in to both tenants, the first of which is the current one. Later calls bring that state back. */
  async signIn(): Promise<void> {
    const [config, kept] = [join(this.home, ".config"), join(this.home, "kept")];
    if (existsSync(kept)) {
      rmSync(config, { recursive: true, force: true });
      cpSync(kept, config, { recursive: true });
      return;
    }
    for (const { tenant } of this.#tenants.toReversed()) {
      const words = `${PRODUCT} login --tenant ${tenant.domain} --scopes '*'`;
      const done = await this.run(words, { AUTH0_MCP_LOGIN_DOMAIN: tenant.domain });
      if (done.code !== 0) throw new Error(`no sign-in: ${done.stderr}`);
    }
    cpSync(config, kept, { recursive: true });
  }

  /** Runs a line as a person would type it, with stand-ins replaced, its input empty. */
  async run(line: string, extra: Record<string, string> = {}): Promise<Finished> {
    const child = this.start(line, extra);
    const [stdout, stderr, code] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
      child.exited,
    ]);
    return { code, stdout, stderr };
  }

  start(line: string, extra: Record<string, string> = {}): Bun.Subprocess<"ignore", "pipe", "pipe"> {
    const [first] = this.#tenants;
    return Bun.spawn(["sh", "-c", `exec ${this.#real(line)}`], {
      env: {
        HOME: this.home,
        PATH: `${join(this.home, "bin")}:/usr/bin:/bin`,
        AUTH0_MCP_STORE: "file",
        AUTH0_MCP_LOGIN_DOMAIN: first?.tenant.domain ?? "",
        ...extra,
      },
      ...{ cwd: this.home, stdin: "ignore", stdout: "pipe", stderr: "pipe" },
    });
  }

  #real(line: string): string {
    const [first] = this.#tenants;
    const tenants = TENANTS.map(
      (name, index) => [name, this.#tenants[index]?.tenant.domain ?? name] as const,
    );
    const replaced = tenants.reduce((text, [name, domain]) => text.replaceAll(name, domain), line);
    return replaced.replace("<id>", first?.tenant.clientId ?? "").replace("--port 4000", "--port 0");
  }

  async close(): Promise<void> {
    await Promise.all(this.#tenants.map((tenant) => tenant.stop()));
    rmSync(this.home, { recursive: true });
  }
}
