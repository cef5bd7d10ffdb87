// Runs a script with the Bun that package.json pins, on a machine that has only Node and npm.
// Bun and the packages are installed on the first run; later runs only compare two files.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const version = packageManager.replace(/^bun@/, "");
const home = join(root, "node_modules", ".bun-runtime");
const bun = join(home, "node_modules", "bun", "bin", "bun.exe");

function run(command, args, options = {}) {
  const done = spawnSync(command, args, { cwd: root, stdio: "inherit", ...options });
  if (done.error) throw done.error;
  if (done.signal) process.exit(130);
  return done.status ?? 1;
}

function runOrEnd(command, args, options) {
  const status = run(command, args, options);
  if (status !== 0) process.exit(status);
}

/** npm's progress belongs on stderr, so that a script's own output can be piped. */
const quiet = { stdio: ["ignore", 2, 2] };

function installedVersion() {
  if (!existsSync(bun)) return undefined;
  return spawnSync(bun, ["--version"], { encoding: "utf8" }).stdout?.trim();
}

function installBun() {
  mkdirSync(home, { recursive: true });
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const flags = ["--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"];
  runOrEnd(npm, ["install", "--prefix", home, ...flags, `bun@${version}`], {
    ...quiet,
    shell: process.platform === "win32",
  });
  // npm may be set to run no install scripts; this is the one that puts the executable in its place.
  if (installedVersion() !== version) {
    const installer = createRequire(join(home, "x.js"))
      .resolve("bun/package.json")
      .replace("package.json", "install.js");
    runOrEnd(process.execPath, [installer], { ...quiet, cwd: dirname(installer) });
  }
  if (installedVersion() !== version) {
    console.error(`Bun ${version} could not be installed from npm.`);
    process.exit(1);
  }
}

function installPackages() {
  const lock = join(root, "bun.lock");
  const stamp = join(home, "bun.lock");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === readFileSync(lock, "utf8")) return;
  runOrEnd(bun, ["install", "--frozen-lockfile"], quiet);
  cpSync(lock, stamp);
}

if (installedVersion() !== version) installBun();
installPackages();
process.exit(run(bun, process.argv.slice(2)));
