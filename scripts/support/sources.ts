import { dirname, join, relative, resolve } from "node:path";
import { Glob } from "bun";
import { ROOT } from "../build.ts";

export interface SourceFile {
  /** From the top of `src`, with slashes: `policy/budget.ts`. */
  readonly path: string;
  readonly text: string;
  /** Everything it imports, for its types or when it runs: files below `src` by path, packages by name. */
  readonly imports: readonly Import[];
}

export interface Import {
  /** `policy/budget.ts` for a file, `zod` or `@scope/name/deep` for a package, `node:fs` for a built-in. */
  readonly target: string;
  readonly kind: "file" | "package";
}

const transpiler = new Bun.Transpiler({ loader: "ts" });
/** The transpiler tells what runs; what is imported for its types alone stands only in the text. */
const STATEMENT = /^\s*(?:import|export)\b[^;"']*?\bfrom\s+["']([^"']+)["']/gm;

/** Every TypeScript file of the product. */
export async function productFiles(): Promise<SourceFile[]> {
  const top = join(ROOT, "src");
  const paths = [...new Glob("**/*.ts").scanSync(top)].map((path) => path.replaceAll("\\", "/")).sort();
  return Promise.all(
    paths.map(async (path) => {
      const text = await Bun.file(join(top, path)).text();
      return { path, text, imports: importsOf(path, text) };
    }),
  );
}

/** What a file imports, each once. */
export function importsOf(path: string, text: string): Import[] {
  const running = transpiler.scanImports(text.replace(/^#!.*/, "")).map((found) => found.path);
  const stated = [...text.matchAll(STATEMENT)].map(([, specifier = ""]) => specifier);
  return [...new Set([...running, ...stated])].map((specifier) => {
    if (!specifier.startsWith(".")) return { target: specifier, kind: "package" };
    const target = relative("/src", resolve("/src", dirname(path), specifier));
    return { target: target.replaceAll("\\", "/"), kind: "file" };
  });
}
