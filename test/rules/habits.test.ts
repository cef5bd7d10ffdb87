import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import manifest from "../../package.json" with { type: "json" };
import { ROOT } from "../../scripts/build.ts";
import { productFiles } from "../../scripts/support/sources.ts";
import { PRODUCT } from "../../src/config/product.ts";

const files = await productFiles();
const texts = new Map(files.map(({ path, text }) => [path, withoutComments(text)]));
const using = (pattern: RegExp) => [...texts].filter(([, text]) => pattern.test(text)).map(([path]) => path);

/** The sandbox is the other side: it answers, and its seed shows what a real tenant's records hold. */
const ours = (path: string) => !path.startsWith("sandbox/");

describe("every effect takes the same way", () => {
  test("a tool is imported by the list of its toolset alone, never by another tool", () => {
    const tools = new Set(using(/\bdefineTool\(\{/));
    expect(tools.size).toBeGreaterThan(20);
    const importers = files.flatMap(({ path, imports }) =>
      imports.filter(({ target }) => tools.has(target)).map(({ target }) => ({ path, target })),
    );
    const wrong = importers.filter(({ path, target }) => path !== target.replace(/[^/]+$/, "index.ts"));
    expect(wrong).toEqual([]);
    expect(importers.length).toBe(tools.size);
  });

  test("a tool knows neither tokens nor sign-in", () => {
    const wrong = files
      .filter(({ path, imports }) => path.startsWith("tools/") && imports.some(isSignIn))
      .map(({ path }) => path);
    expect(wrong).toEqual([]);
  });

  test("requests leave in four places only: to the Management API, to sign in, about usage, and to upgrade", () => {
    const calling = using(/(?<![.\w])fetch\(/).filter(ours);
    expect(calling).toEqual([
      "analytics/sender.ts",
      "auth/oauth.ts",
      "management/client.ts",
      "upgrade/download.ts",
    ]);
    expect(using(/\b(WebSocket|XMLHttpRequest|EventSource|sendBeacon)\b|Bun\.connect/)).toEqual([]);
    const network = /^(node:)?(https?|http2|net|tls|dgram)$/;
    const importing = files.filter(({ imports }) => imports.some(({ target }) => network.test(target)));
    expect(importing.map(({ path }) => path)).toEqual([]);
  });

  test("no address is built in but the authority's, and none of a dashboard", () => {
    const hosts = [...texts]
      .filter(([path]) => ours(path))
      .flatMap(([path, text]) =>
        [...text.matchAll(/https?:\/\/([\w*-]+(?:\.[\w*-]+)+)/g)].map(([, host = ""]) => ({ path, host })),
      );
    const known = /^(\*\.auth0\.com|127\.[\d.]*|acme\.eu\.auth0\.com|[\w.-]*example(\.com)?)$/;
    expect(hosts.filter(({ host }) => !known.test(host))).toEqual([]);
    expect(using(/manage\.auth0\.com/).filter(ours)).toEqual([]);
  });
});

function isSignIn({ target }: { readonly target: string }): boolean {
  return target.startsWith("auth/");
}

test("a terminal's mode is switched in one place, which looks for a terminal and restores it", () => {
  const [place, ...others] = using(/\bsetRawMode\b/);
  expect(others).toEqual([]);
  const text = texts.get(place ?? "") ?? "";
  expect(text).toMatch(/isTTY/);
  expect(text).toMatch(/setRawMode\(false\)/);
  expect(text).toMatch(/\bfinally\b/);
});

describe("what a start loads", () => {
  const running = (from: string) => [...closure(from)].sort();

  test("--version loads nothing but the version", () => {
    expect(running("main.ts")).toEqual(["../package.json", "config/product.ts", "main.ts"]);
  });

  test("run loads no keyring, no sandbox, no schema library and no code of any tool", () => {
    const loaded = [
      ...running("cli/start.ts"),
      ...running("cli/commands/run.ts"),
      ...running("mcp/serve.ts"),
    ];
    const heavy = /^(@napi-rs|zod|consola|sandbox\/|clients\/|tools\/[a-z]+\/|auth\/store\/keyring)/;
    expect(loaded.filter((target) => heavy.test(target))).toEqual([]);
    expect(loaded).toContain("tools/catalogue.ts");
  });

  test("nothing loads analytics before it is known that there is an address", () => {
    const commands = ["session", "completion", "run"].map((name) => `cli/commands/${name}.ts`);
    const loaded = ["cli/start.ts", "mcp/serve.ts", ...commands].flatMap(running);
    expect(loaded.filter((target) => /^(analytics\/|cli\/usage)/.test(target))).toEqual([]);
    expect(loaded).toContain("config/analytics-address.ts");
    expect(running("cli/usage.ts")).toContain("analytics/sender.ts");
  });

  test("upgrade loads no schema library, and what it needs only when it runs", () => {
    expect(running("cli/commands/upgrade.ts").filter((target) => /^(zod|upgrade\/)/.test(target))).toEqual(
      [],
    );
    const loaded = running("upgrade/upgrade.ts");
    expect(
      loaded.filter((target) => !/^(node:|config\/|lib\/|upgrade\/|\.\.\/package\.json)/.test(target)),
    ).toEqual([]);
    expect(loaded).toContain("upgrade/replace.ts");
  });

  test("the protocol is loaded by run alone", () => {
    expect(running("cli/start.ts").filter((target) => target.startsWith("@modelcontextprotocol"))).toEqual(
      [],
    );
    const loaded = [...running("cli/commands/tools-call.ts"), ...running("cli/commands/tools-list.ts")];
    expect(loaded.filter((target) => target.startsWith("@modelcontextprotocol"))).toEqual([]);
  });
});

describe("one name, one version", () => {
  const documents = ["README.md", "install.sh", ".ci/run"].map((file) => ({
    path: file,
    text: readFileSync(join(ROOT, file), "utf8"),
  }));
  const all = [...files.map(({ path, text }) => ({ path, text })), ...documents];

  test("the program is called the same everywhere", () => {
    expect(PRODUCT).toBe(manifest.name);
    const spelt = all.flatMap(({ path, text }) =>
      [...text.matchAll(/auth0[-_. ]?mcp/gi)].map(([name]) => ({ path, name })),
    );
    expect(spelt.length).toBeGreaterThan(20);
    expect(spelt.filter(({ name }) => name !== PRODUCT && name !== "AUTH0_MCP")).toEqual([]);
  });

  test("the version stands in package.json alone", () => {
    const version = new RegExp(`(?<![\\d.])${manifest.version.replaceAll(".", "\\.")}(?![\\d.])`);
    expect(all.filter(({ text }) => version.test(text)).map(({ path }) => path)).toEqual([]);
  });
});

describe("the tests themselves", () => {
  const top = join(ROOT, "test");
  const tests = readdirSync(top, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => ({ file, text: withoutComments(readFileSync(join(top, file), "utf8")) }));
  const files = (pattern: RegExp) => tests.filter(({ text }) => pattern.test(text)).map(({ file }) => file);

  test("none is switched off, or left for later", () => {
    expect(files(/\b(test|describe|it)\.(only|todo|failing|skip)\b/)).toEqual([]);
    expect(files(/\bx(test|describe|it)\(/)).toEqual([]);
  });

  test("what is missing is skipped aloud: no test passes by returning at its beginning", () => {
    const early = /\btest\([^;]*?=>\s*\{\s*if \([^)]*\)\s*(\{\s*)?return\b/;
    expect(files(early)).toEqual([]);
    expect(early.test('test("x", async () => {\n  if (!available) return;\n')).toBe(true);
  });
});

/** Every file and package that is loaded with a file, without what it loads later. */
function closure(from: string, seen = new Set<string>()): Set<string> {
  if (seen.has(from)) return seen;
  seen.add(from);
  const file = files.find(({ path }) => path === from);
  if (file === undefined) return seen;
  for (const target of runningImports(file.path, file.text)) closure(target, seen);
  return seen;
}

/** What a file imports to run, not for its types, and not to be run by the compiler. */
function runningImports(path: string, text: string): string[] {
  const compiled = new Set(
    [...text.matchAll(/from "([^"]+)" with \{ type: "macro" \}/g)].map(([, specifier]) => specifier),
  );
  return new Bun.Transpiler({ loader: "ts" })
    .scanImports(text.replace(/^#!.*/, ""))
    .filter(({ kind, path: specifier }) => kind === "import-statement" && !compiled.has(specifier))
    .map(({ path: specifier }) => (specifier.startsWith(".") ? join(path, "..", specifier) : specifier));
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "");
}
