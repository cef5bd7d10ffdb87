import { productFiles } from "../support/sources.ts";

/** A folder right below `src`, or a file that stands there by itself. */
export interface Folder {
  readonly name: string;
  /** What of `src` it imports. */
  readonly imports: readonly string[];
  /** Packages it imports, by the names that package.json has. */
  readonly packages: readonly string[];
}

/** What each folder of `src` imports, types included, by name. */
export async function folderGraph(): Promise<Folder[]> {
  const files = await productFiles();
  const names = [...new Set(files.map(({ path }) => topOf(path)))].sort();
  return names.map((name) => {
    const imports = files.filter(({ path }) => topOf(path) === name).flatMap((file) => file.imports);
    const targets = (kind: "file" | "package") =>
      imports.filter((found) => found.kind === kind).map(({ target }) => target);
    return {
      name,
      imports: unique(targets("file").map(topOf)).filter((other) => other !== name && names.includes(other)),
      packages: unique(
        targets("package")
          .filter((target) => !/^(node:|bun(:|$))/.test(target))
          .map(packageOf),
      ),
    };
  });
}

function topOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.indexOf("/")) : path;
}

function packageOf(target: string): string {
  return target
    .split("/")
    .slice(0, target.startsWith("@") ? 2 : 1)
    .join("/");
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}

/** A graph as the diagram shows it. */
export interface Layered {
  /** The longest way from import to import: each imports the next. */
  readonly spine: readonly string[];
  /** Everything beside it. */
  readonly side: readonly string[];
  /** Imports that follow from no others: what is left out goes the same way through others. */
  readonly arrows: readonly (readonly [from: string, to: string])[];
}

/** @throws Error when the imports go round in a circle */
export function layered(graph: readonly Folder[]): Layered {
  const importsOf = new Map(graph.map(({ name, imports }) => [name, imports]));
  const longest = (name: string, way: readonly string[] = []): readonly string[] => {
    if (way.includes(name)) throw new Error(`imports go round: ${[...way, name].join(" → ")}`);
    const ways = (importsOf.get(name) ?? []).map((next) => longest(next, [...way, name]));
    return [name, ...longestOf(ways)];
  };
  const spine = longestOf(graph.map(({ name }) => longest(name)));
  const reaches = (from: string, to: string): boolean =>
    (importsOf.get(from) ?? []).some((next) => next === to || reaches(next, to));
  const arrows = graph.flatMap(({ name, imports }) =>
    imports
      .filter((to) => !imports.some((other) => other !== to && reaches(other, to)))
      .map((to) => [name, to] as const),
  );
  return { spine, side: graph.map(({ name }) => name).filter((name) => !spine.includes(name)), arrows };
}

function longestOf(ways: readonly (readonly string[])[]): readonly string[] {
  return ways.reduce((best, way) => (way.length > best.length ? way : best), []);
}
