import { describe, expect, test } from "bun:test";
import manifest from "../../package.json" with { type: "json" };
import { importsOf, productFiles } from "../../scripts/support/sources.ts";

const files = await productFiles();

/** From top to bottom: each may import what stands below it. */
const LAYERS = ["cli", "mcp", "policy", "tools", "management", "auth", "config", "lib"];
/** Used by the first, using only the second. */
const LEAVES = {
  names: ["analytics", "clients", "project", "sandbox", "upgrade"],
  usedBy: ["cli", "tools"],
  use: ["config", "lib"],
};
/** Outside `src`: the one file that knows the version. */
const OUTSIDE = ["../package.json"];

function folderOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.indexOf("/")) : path;
}

/** Why a file in one folder must not import one in another; `undefined` when it may. */
function objection(from: string, to: string): string | undefined {
  if (from === to) return undefined;
  if (from === "main.ts")
    return to === "cli" || to === "config" ? undefined : "main.ts loads cli and config only";
  if (LEAVES.names.includes(to))
    return LEAVES.usedBy.includes(from) ? undefined : `${to} is for ${LEAVES.usedBy.join(" and ")} only`;
  if (LEAVES.names.includes(from))
    return LEAVES.use.includes(to) ? undefined : `${from} may use ${LEAVES.use.join(" and ")} only`;
  if (!LAYERS.includes(from) || !LAYERS.includes(to))
    return `design.md knows no folder ${LAYERS.includes(from) ? to : from}`;
  return LAYERS.indexOf(from) < LAYERS.indexOf(to) ? undefined : `${to} stands above ${from}`;
}

describe("the arrows of the plan", () => {
  test("imports point down", () => {
    const wrong = files.flatMap(({ path, imports }) =>
      imports
        .filter(({ kind, target }) => kind === "file" && !OUTSIDE.includes(target))
        .map(({ target }) => ({ target, why: objection(folderOf(path), folderOf(target)) }))
        .filter(({ why }) => why !== undefined)
        .map(({ target, why }) => `${path} imports ${target}: ${why}`),
    );
    expect(wrong).toEqual([]);
  });

  test("no file imports itself, however far round", () => {
    const importsByPath = new Map(
      files.map(({ path, imports }) => [
        path,
        imports.flatMap(({ kind, target }) => (kind === "file" ? [target] : [])),
      ]),
    );
    expect(circles(importsByPath)).toEqual([]);
  });

  test("every file that is imported exists", () => {
    const known = new Set([...files.map(({ path }) => path), ...OUTSIDE]);
    const missing = files.flatMap(({ path, imports }) =>
      imports
        .filter(({ kind, target }) => kind === "file" && !known.has(target))
        .map(({ target }) => `${path} → ${target}`),
    );
    expect(missing).toEqual([]);
  });
});

describe("one importer each", () => {
  test.each([
    ["@modelcontextprotocol/sdk", /^mcp\//],
    ["picomatch", /^lib\/globs\.ts$/],
    ["@napi-rs/keyring", /^auth\/store\/keyring\.ts$/],
    ["citty", /^cli\//],
    ["consola", /^cli\//],
  ])("%s", (name, allowed) => {
    expect(importersOf(name).filter((path) => !allowed.test(path))).toEqual([]);
  });

  test("only declared packages are imported", () => {
    const declared = Object.keys(manifest.dependencies);
    const unknown = files.flatMap(({ path, imports }) =>
      imports
        .filter(({ kind, target }) => kind === "package" && !/^(node:|bun$|bun:)/.test(target))
        .filter(({ target }) => !declared.some((name) => target === name || target.startsWith(`${name}/`)))
        .map(({ target }) => `${path} → ${target}`),
    );
    expect(unknown).toEqual([]);
  });
});

describe("what the product does not do", () => {
  const using = (pattern: RegExp) =>
    files.filter(({ text }) => pattern.test(withoutComments(text))).map(({ path }) => path);

  test("write to the console", () => {
    expect(using(/\bconsole\s*[.[]/)).toEqual([]);
  });

  test("end the process anywhere but at the entry", () => {
    expect(
      using(/\bprocess\s*\.\s*exit\b/).filter((path) => path !== "main.ts" && path !== "cli/start.ts"),
    ).toEqual([]);
    expect(using(/\bprocess\s*\.\s*(abort|kill|reallyExit)\b/)).toEqual([]);
  });

  test("read the environment anywhere but in the command line", () => {
    expect(using(/\b(process|Bun)\s*\.\s*env\b/).filter((path) => !path.startsWith("cli/"))).toEqual([]);
  });

  test("build code from text", () => {
    expect(using(/\beval\s*\(|\bnew\s+Function\b/)).toEqual([]);
  });
});

describe("these rules can fail", () => {
  test("every kind of import is seen", () => {
    const text = `
      import a from "./a.ts";
      import type { B } from "../lib/b.ts";
      import { type C, c } from "zod";
      export { d } from "./d.ts";
      export type { E } from "./e.ts";
      const f = await import("./f.ts");
      import "./g.ts";
      a(c, f);
    `;
    expect(
      importsOf("cli/x.ts", text)
        .map(({ target }) => target)
        .sort(),
    ).toEqual(["cli/a.ts", "cli/d.ts", "cli/e.ts", "cli/f.ts", "cli/g.ts", "lib/b.ts", "zod"].sort());
  });

  test.each([
    ["lib", "cli", true],
    ["tools", "policy", true],
    ["sandbox", "management", true],
    ["management", "sandbox", true],
    ["nowhere", "lib", true],
    ["cli", "lib", false],
    ["tools", "project", false],
    ["sandbox", "lib", false],
  ])("%s to %s is refused: %p", (from, to, refused) => {
    expect(objection(from, to) !== undefined).toBe(refused);
  });

  test("a circle is found", () => {
    expect(
      circles(
        new Map([
          ["a", ["b"]],
          ["b", ["c"]],
          ["c", ["b"]],
        ]),
      ),
    ).toEqual(["b → c → b"]);
  });
});

function importersOf(name: string): string[] {
  return files
    .filter(({ imports }) => imports.some(({ target }) => target === name || target.startsWith(`${name}/`)))
    .map(({ path }) => path);
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "");
}

/** Every way from a file back to itself that a search meets, each once. */
function circles(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, way: readonly string[]): void => {
    const at = way.indexOf(path);
    if (at !== -1) found.push([...way.slice(at), path].join(" → "));
    if (at !== -1 || done.has(path)) return;
    for (const target of imports.get(path) ?? []) visit(target, [...way, path]);
    done.add(path);
  };
  for (const path of imports.keys()) visit(path, []);
  return found;
}
