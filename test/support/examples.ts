import { expect } from "bun:test";
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
import { finishedOf } from "../../scripts/support/finished.ts";
import { type ServedTenant, serveTenant } from "../../scripts/support/tenants.ts";
import { PRODUCT } from "../../src/config/product.ts";
import { executable, type Finished } from "./executable.ts";
import { addKeyApplication, type KeyApplication } from "./key-application.ts";

/** Stand-ins in examples, which a test replaces by something real. */
const TENANTS = ["acme.eu.auth0.com", "acme-dev.eu.auth0.com"] as const;
const SECRET_FILE = "secret";
const KEY_FILE = "key.pem";

/** A machine of its own for examples as help and documents give them: a home, the program on the PATH, two tenants. */
export class ExamplePlace {
  readonly home = realpathSync(mkdtempSync(join(tmpdir(), "auth0-mcp-examples-")));
  readonly #tenants: readonly ServedTenant[];
  readonly #keyApplication: KeyApplication;

  private constructor(tenants: readonly ServedTenant[], keyApplication: KeyApplication) {
    this.#tenants = tenants;
    this.#keyApplication = keyApplication;
  }

  static async open(): Promise<ExamplePlace> {
    const serve = () => serveTenant({ rateLimit: 0, signIn: { decision: "approve" } });
    const [first, ...others] = await Promise.all([serve(), ...TENANTS.slice(1).map(serve)]);
    const keyApplication = await addKeyApplication(first.tenant);
    const place = new ExamplePlace([first, ...others], keyApplication);
    const inHome = (path: string) => join(place.home, path);
    for (const folder of ["bin", ".cursor"]) mkdirSync(inHome(folder));
    symlinkSync(realpathSync(await executable()), inHome(`bin/${PRODUCT}`));
    writeFileSync(inHome(SECRET_FILE), first.tenant.clientSecret);
    writeFileSync(inHome(KEY_FILE), keyApplication.pem);
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
    return finishedOf(child);
  }

  /** The environment of everything that runs here. */
  get env(): Record<string, string> {
    return {
      HOME: this.home,
      PATH: `${join(this.home, "bin")}:/usr/bin:/bin`,
      AUTH0_MCP_STORE: "file",
      AUTH0_MCP_LOGIN_DOMAIN: this.#tenants[0]?.tenant.domain ?? "",
    };
  }

  start(line: string, extra: Record<string, string> = {}): Bun.Subprocess<"ignore", "pipe", "pipe"> {
    // In the shell's place, so that a signal reaches it.
    const taking = this.#real(line).replace(/^(.* && )?/, "$1exec ");
    return Bun.spawn(["sh", "-c", taking], {
      env: { ...this.env, ...extra },
      ...{ cwd: this.home, stdin: "ignore", stdout: "pipe", stderr: "pipe" },
    });
  }

  #real(line: string): string {
    const [first] = this.#tenants;
    const tenants = TENANTS.map(
      (name, index) => [name, this.#tenants[index]?.tenant.domain ?? name] as const,
    );
    const replaced = tenants.reduce((text, [name, domain]) => text.replaceAll(name, domain), line);
    const clientId = line.includes(KEY_FILE) ? this.#keyApplication.clientId : first?.tenant.clientId;
    return replaced.replace("<id>", clientId ?? "").replace("--port 4000", "--port 0");
  }

  async close(): Promise<void> {
    await Promise.all(this.#tenants.map((tenant) => tenant.stop()));
    rmSync(this.home, { recursive: true });
  }
}

/** What cannot end with 0 here, and what it says instead: nobody can be asked, and this is no released executable. */
const REFUSED: readonly (readonly [RegExp, number, string])[] = [
  [/ init$/, 2, "--client"],
  [/ login$/, 2, "--scopes"],
  [/ upgrade --check/, 1, "published"],
  [/ upgrade/, 1, "built from source"],
];
/** Serves until it is ended. */
const SERVING = / sandbox\b/;

/** Expects that a line, the program's name included, does what it promises. */
export async function expectToWork(place: ExamplePlace, line: string): Promise<void> {
  if (SERVING.test(line)) return expectToServe(place, line);
  const { code, stderr } = await place.run(line);
  const [, refusal = 0, said = ""] = REFUSED.find(([lines]) => lines.test(line)) ?? [];
  expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({
    code: refusal,
    stderr: refusal === 0 ? "" : expect.stringContaining(said),
  });
}

async function expectToServe(place: ExamplePlace, line: string): Promise<void> {
  const child = place.start(line);
  const { value } = await child.stdout.pipeThrough(new TextDecoderStream()).getReader().read();
  expect(value).toContain("127.0.0.1");
  child.kill("SIGTERM");
  expect(await child.exited).toBe(143);
}
