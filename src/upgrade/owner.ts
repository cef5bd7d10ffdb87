import { readFileSync, statSync } from "node:fs";
import { posix } from "node:path";
import type { BuildFacts } from "../config/build-facts.ts";
import type { Environment } from "../config/environment.ts";
import { PRODUCT } from "../config/product.ts";
import { asObject, asString, parseJson } from "../lib/json.ts";

/** Who put an executable where it is, and alone may put another one there. */
export interface Owner {
  readonly id: "source" | "homebrew" | "scoop" | "winget" | "npm" | "bundle" | "gemini" | "image";
  /** How the executable came here, in words that follow its name. */
  readonly how: string;
  /** What installs the newest version, where that is a command. */
  readonly command?: string;
  /** The same in words, where it is none. */
  readonly advice?: string;
}

export interface Place {
  /** The executable's real path. */
  readonly file: string;
  readonly build: BuildFacts;
  readonly environment: Environment;
  /** The text of a file; `undefined` when there is none. */
  readonly read?: (path: string) => string | undefined;
}

/** An executable that may replace itself, for it belongs to nobody, and what it was built for; or its owner. */
export type Ownership = { readonly owner: Owner } | { readonly owner: undefined; readonly target: string };

const SOURCE: Owner = {
  id: "source",
  how: "was built from source",
  command: "git pull && ./install.sh --from-source",
};

export function ownershipOf({ file, build, environment, read = readText }: Place): Ownership {
  const { target } = build;
  if (target === undefined) return { owner: SOURCE };
  // Package managers name folders alike on every system, but for the slashes; Windows takes these as well.
  const path = file.replaceAll("\\", "/");
  const owner =
    homebrew(path) ??
    scoop(path, environment) ??
    winget(path) ??
    npm(path, target) ??
    gemini(path, read) ??
    bundle(path, build, read) ??
    image(path, read);
  return owner === undefined ? { owner, target } : { owner };
}

/** `<prefix>/Cellar/<formula>/<version>/bin`. */
function homebrew(path: string): Owner | undefined {
  const [, formula] = /\/Cellar\/([^/]+)\/[^/]+\//.exec(path) ?? [];
  return formula === undefined
    ? undefined
    : { id: "homebrew", how: "was installed by Homebrew", command: `brew upgrade ${formula}` };
}

/** `<root>\apps\<app>\<version>`; the root can be moved, and there is another one for all users. */
function scoop(path: string, environment: Environment): Owner | undefined {
  const within = (root: string | undefined) =>
    root !== undefined && root !== "" && path.startsWith(`${root.replaceAll("\\", "/")}/apps/`);
  const everybody = within(environment["SCOOP_GLOBAL"]) || /\/ProgramData\/scoop\/apps\//i.test(path);
  if (!everybody && !within(environment["SCOOP"]) && !/\/scoop\/apps\//i.test(path)) return undefined;
  const flag = everybody ? "--global " : "";
  return { id: "scoop", how: "was installed by Scoop", command: `scoop update ${flag}${PRODUCT}` };
}

/** `…\WinGet\Packages\<identifier>_<source>`. */
function winget(path: string): Owner | undefined {
  const [, identifier] = /\/WinGet\/Packages\/([^/_]+)_/i.exec(path) ?? [];
  return identifier === undefined
    ? undefined
    : { id: "winget", how: "was installed by WinGet", command: `winget upgrade --id ${identifier}` };
}

/** What installs the npm package anew, by a part of the path; the first that fits. */
const NPM_COMMANDS: readonly (readonly [RegExp, string])[] = [
  [/\/_npx\//, `npx ${PRODUCT}@latest`],
  [/\/pnpm\/global\//, `pnpm add --global ${PRODUCT}@latest`],
  [/\/\.bun\/install\/global\//, `bun add --global ${PRODUCT}@latest`],
  [/\/(lib|npm|nodejs)\/node_modules\//, `npm install --global ${PRODUCT}@latest`],
  [/\/\.pnpm\//, `pnpm add ${PRODUCT}@latest`],
  [/\/\.yarn\//, `yarn add ${PRODUCT}@latest`],
  [/\/\.bun\//, `bun add ${PRODUCT}@latest`],
  [/\/node_modules\//, `npm install ${PRODUCT}@latest`],
];

/** The package of one target, which the package that people name depends on. */
function npm(path: string, target: string): Owner | undefined {
  if (!path.includes(`/node_modules/${PRODUCT}-${target}/`)) return undefined;
  const command = NPM_COMMANDS.find(([part]) => part.test(path))?.[1];
  return { id: "npm", how: "is part of an npm package", ...(command === undefined ? {} : { command }) };
}

type Read = (path: string) => string | undefined;

/** The manifest of a Gemini extension stands beside the executable. */
function gemini(path: string, read: Read): Owner | undefined {
  return isManifest(read(posix.join(posix.dirname(path), "gemini-extension.json")))
    ? {
        id: "gemini",
        how: "is part of a Gemini CLI extension",
        command: `gemini extensions update ${PRODUCT}`,
      }
    : undefined;
}

/** The manifest of an MCP bundle stands above the folder of the executable. */
function bundle(path: string, { repository, target }: BuildFacts, read: Read): Owner | undefined {
  if (!isManifest(read(posix.join(posix.dirname(path), "..", "manifest.json")))) return undefined;
  const name = `${PRODUCT}-${target}.mcpb`;
  const from = repository === undefined ? name : `${repository}/releases/latest/download/${name}`;
  return {
    id: "bundle",
    how: "is part of an MCP bundle",
    advice: `Open the new bundle in its client: ${from}`,
  };
}

function isManifest(text: string | undefined): boolean {
  return text !== undefined && asString(asObject(parseJson(text))?.["name"]) === PRODUCT;
}

/** Our image keeps the executable and its papers here. In a container that is none of ours it may be anybody's. */
function image(path: string, read: Read): Owner | undefined {
  return path === `/usr/local/bin/${PRODUCT}` && read(`/usr/share/doc/${PRODUCT}/LICENSE`) !== undefined
    ? { id: "image", how: "is part of a container image", advice: "Pull or build the new image." }
    : undefined;
}

function readText(path: string): string | undefined {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
    ? readFileSync(path, "utf8")
    : undefined;
}
