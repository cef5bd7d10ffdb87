import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BuildFacts } from "../../src/config/build-facts.ts";
import { PRODUCT } from "../../src/config/product.ts";
import { asObject } from "../../src/lib/json.ts";
import { compile, ROOT } from "../build.ts";
import { verifyExecutable } from "./binary.ts";
import { signAdHoc, verifySignature } from "./mach-o-signature.ts";
import { linkCpp } from "./musl/link-cpp.ts";
import { type BundledPackage, bundledPackages } from "./packages.ts";
import { finished } from "./run.ts";
import type { Target } from "./targets.ts";

/**
 * What a released executable is compiled with. Source maps would be embedded, with the whole source; bytecode of what
 * stands deeper than two functions takes 0.5 MB and saves nothing at the start.
 */
export function releaseFlags(target: Target, facts: Omit<BuildFacts, "target">): string[] {
  const known: BuildFacts = { target: target.name, ...facts };
  const define = `AUTH0_MCP_BUILD=${JSON.stringify(known)}`;
  return ["--sourcemap=none", "--bytecode-depth=2", `--target=${target.runtime}`, "--define", define];
}

export interface BuiltExecutable {
  readonly target: Target;
  /** The flags it was compiled with, besides those of every build. */
  readonly flags: readonly string[];
  readonly bytes: Buffer;
  /** Its size as a multiple of an empty program's for the same target. */
  readonly sizeRatio: number;
  /** The npm packages that are in it. */
  readonly packages: readonly BundledPackage[];
}

/**
 * Builds the executable for a target, in a folder of its own outside the repository, where only that target's keyring
 * module is installed: nothing of this machine's own packages can get into it.
 *
 * @param source a folder with what `copySource` copies
 * @param facts what the executable is to know of its release
 * @throws Error when the keyring module is missing, or when the executable is not what it should be
 */
export async function buildTarget(
  target: Target,
  source: string,
  facts: Omit<BuildFacts, "target"> = {},
): Promise<BuiltExecutable> {
  const folder = mkdtempSync(join(tmpdir(), `auth0-mcp-release-`));
  try {
    cpSync(source, folder, { recursive: true });
    const env = bareEnvironment();
    finished(installCommand(target), { cwd: folder, env });
    const module = readModule(target, folder);
    nameModule(target, folder);

    const outfile = join(folder, "out", target.executable);
    const flags = releaseFlags(target, facts);
    await compile(join("src", "main.ts"), outfile, {
      cwd: folder,
      env,
      flags: [...flags, `--metafile=${join(folder, "metafile.json")}`],
    });
    const built = readFileSync(outfile);
    const bytes = finish(target, built);
    verifyExecutable(target, bytes, module);
    if (target.platform === "darwin") verifySignature(bytes);

    const empty = join(folder, "empty", target.executable);
    await compile(join(ROOT, "scripts", "bench", "empty.ts"), empty, {
      cwd: folder,
      env,
      flags,
    });
    const sizeRatio = bytes.length / Bun.file(empty).size;
    const metafile = asObject(JSON.parse(readFileSync(join(folder, "metafile.json"), "utf8"))) ?? {};
    return { target, flags, bytes, sizeRatio, packages: bundledPackages(folder, metafile) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the compiler leaves to be done for a system. */
function finish(target: Target, built: Buffer): Buffer {
  if (target.platform === "darwin") return signAdHoc(built, PRODUCT);
  return target.libc === "musl" ? linkCpp(target, built) : built;
}

/** The compiler sees no variable that could change what it makes. */
function bareEnvironment(): Record<string, string> {
  const kept = ["PATH", "HOME", "USERPROFILE", "TMPDIR", "TEMP", "SystemRoot"];
  return Object.fromEntries(kept.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

function installCommand({ platform, arch, libc }: Target): string[] {
  const flags = [
    "--frozen-lockfile",
    "--production",
    "--ignore-scripts",
    `--os=${platform}`,
    `--cpu=${arch}`,
  ];
  return [process.execPath, "install", ...flags, ...(libc === undefined ? [] : [`--libc=${libc}`])];
}

/**
 * Lets the keyring package load the target's module by its name. Its own loader asks the machine which C library it
 * has, by way of `ldd`, and would look for the other module where that answer is wrong or there is none.
 */
function nameModule({ binding }: Target, folder: string): void {
  const loader = join(folder, "node_modules", "@napi-rs", "keyring", "index.js");
  const names = readFileSync(loader, "utf8").match(/^module\.exports\.\w+ = nativeBinding\.\w+$/gm);
  if (names === null) throw new Error("the loader of @napi-rs/keyring is not the one that is known here");
  // Removed first: the file may be shared with the package manager's cache.
  rmSync(loader);
  const lines = [`const nativeBinding = require("${binding}")`, "module.exports = nativeBinding", ...names];
  writeFileSync(loader, `${lines.join("\n")}\n`);
}

/** @throws Error when the module is missing, or when another platform's is there too */
export function readModule({ name, binding }: Target, folder: string): Buffer {
  const [scope = "", own = ""] = binding.split("/");
  const scoped = join(folder, "node_modules", scope);
  const others = readdirSync(scoped).filter((each) => each.startsWith("keyring-") && each !== own);
  if (others.length > 0)
    throw new Error(`${name}: other keyring modules are installed as well: ${others.join(", ")}`);
  const files = readdirSync(join(scoped, own)).filter((file) => file.endsWith(".node"));
  const [file] = files;
  if (file === undefined || files.length !== 1)
    throw new Error(`${name}: ${binding} holds ${files.length} modules`);
  return readFileSync(join(scoped, own, file));
}
