import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PRODUCT } from "../../src/config/product.ts";
import { asNumber, isObject, type JsonObject, parseJson } from "../../src/lib/json.ts";
import { type Finished, type RunOptions, run } from "./executable.ts";

/** Where a home folder is when it is not simply a temporary one. */
export interface HomePlace {
  readonly folder: string;
  /** Where this process finds it. */
  readonly view: string;
  /** What runs a program where it finds it under its name. */
  readonly through: readonly string[];
}

/** A home folder of its own in which the executable keeps its sign-ins in files. */
export interface Home {
  readonly folder: string;
  readonly env: Record<string, string>;
  /** What runs a program that shall see it; nothing for a folder that everybody sees. */
  readonly through: readonly string[];
  run(words: readonly string[], options?: RunOptions): Promise<Finished>;
  /** What `session --json` says. */
  session(
    more?: readonly string[],
    env?: Record<string, string>,
  ): Promise<{ code: number; data: JsonObject }>;
  /** The file that holds the secrets of a tenant. */
  sessionFile(domain: string): string;
  /** The file that processes lock to change the session of a tenant. */
  lockFile(domain: string): string;
  /** What is kept for a tenant. Throws when that is not whole. */
  record(domain: string): JsonObject;
  /** Lets the tenant's session have begun so many milliseconds earlier. */
  age(domain: string, milliseconds: number): void;
  /** Every file in it, below the home folder. */
  files(): string[];
  remove(): void;
}

export function newHome(place?: HomePlace): Home {
  const folder = place?.folder ?? mkdtempSync(join(tmpdir(), "auth0-mcp-"));
  const view = place?.view ?? folder;
  const through = place?.through ?? [];
  const env = { HOME: folder, AUTH0_MCP_STORE: "file" };
  const config = join(view, ".config", PRODUCT);
  const sessionFile = (domain: string) => join(config, "sessions", `${encodeURIComponent(domain)}.json`);
  const record = (domain: string) => objectOf(readFileSync(sessionFile(domain), "utf8"));
  const runHere = (words: readonly string[], options: RunOptions = {}) =>
    run(words, { through, ...options, env: { ...env, ...options.env } });
  return {
    folder,
    env,
    through,
    run: runHere,
    async session(more = [], extra = {}) {
      const { code, stdout } = await runHere(["session", "--json", ...more], { env: extra });
      return { code, data: objectOf(stdout) };
    },
    sessionFile,
    lockFile: (domain) => join(config, "locks", `${encodeURIComponent(domain)}.lock`),
    record,
    age(domain, milliseconds) {
      const kept = record(domain);
      const earlier = (name: string) => (asNumber(kept[name]) ?? Number.NaN) - milliseconds;
      const aged = { ...kept, obtained_at: earlier("obtained_at"), expires_at: earlier("expires_at") };
      writeFileSync(sessionFile(domain), JSON.stringify(aged));
    },
    files: () =>
      readdirSync(view, { recursive: true })
        .map(String)
        .filter((name) => statSync(join(view, name)).isFile()),
    remove: () => rmSync(view, { recursive: true }),
  };
}

function objectOf(text: string): JsonObject {
  const value = parseJson(text);
  if (!isObject(value)) throw new Error(`no JSON object: ${text}`);
  return value;
}
