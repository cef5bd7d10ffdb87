// Builds the executable for this machine: `npm run build` → dist/auth0-mcp.
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";

export const ROOT = join(import.meta.dir, "..");
const EXTENSION = process.platform === "win32" ? ".exe" : "";
export const EXECUTABLE = join(ROOT, "dist", `auth0-mcp${EXTENSION}`);

/**
 * The flags of every build, benchmarks included. Without the two `--no-compile-autoload-…` the executable would run
 * the `preload` of a bunfig.toml, and read the .env, of whatever folder it is started in. `--splitting` keeps what a
 * command does not use from being loaded: `--version` takes half the time.
 */
export const BUILD_FLAGS = [
  "--compile",
  "--minify",
  "--bytecode",
  "--format=esm",
  "--no-compile-autoload-dotenv",
  "--no-compile-autoload-bunfig",
  "--splitting",
  "--sourcemap=external",
] as const;

export interface CompileOptions {
  /** The folder whose packages and configuration count; this repository by default. */
  readonly cwd?: string;
  /** Further flags. They come after `BUILD_FLAGS`, and the last of two that contradict each other wins. */
  readonly flags?: readonly string[];
  /** The compiler's whole environment; this process's own by default. */
  readonly env?: Record<string, string>;
}

/**
 * Compiles an entry point to a standalone executable, with its source maps beside it: `<outfile>.map`, and in
 * `<outfile>.maps` one for every chunk that is loaded on demand.
 *
 * @throws Error with the compiler's own words when it fails
 */
export async function compile(entry: string, outfile: string, options: CompileOptions = {}): Promise<void> {
  const folder = dirname(outfile);
  mkdirSync(folder, { recursive: true });
  const building = mkdtempSync(join(folder, ".building-"));
  try {
    const built = join(building, basename(outfile));
    const flags = [...BUILD_FLAGS, ...(options.flags ?? [])];
    const done = Bun.spawnSync([process.execPath, "build", ...flags, entry, "--outfile", built], {
      cwd: options.cwd ?? ROOT,
      ...(options.env === undefined ? {} : { env: options.env }),
    });
    if (!done.success) throw new Error(`The build of ${entry} failed:\n${done.stderr.toString()}`);
    const maps = `${outfile}.maps`;
    rmSync(maps, { recursive: true, force: true });
    mkdirSync(maps);
    // Renamed into place, so that a server that runs the former build is not disturbed.
    for (const file of readdirSync(building)) {
      renameSync(join(building, file), join(file.endsWith(".js.map") ? maps : folder, file));
    }
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  await compile(join(ROOT, "src", "main.ts"), EXECUTABLE);
  const megabytes = (statSync(EXECUTABLE).size / 1e6).toFixed(1);
  console.error(`Built dist/auth0-mcp${EXTENSION} (${megabytes} MB)`);
}
