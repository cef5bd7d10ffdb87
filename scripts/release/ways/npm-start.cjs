#!/usr/bin/env node
// Starts the executable that npm installed for this machine, in this process's place where Node can do that.
const { spawn } = require("node:child_process");
const { constants } = require("node:os");

const PREFIX = "auth0-mcp";
const args = process.argv.slice(2);

function libc() {
  if (process.platform !== "linux") return "";
  return process.report.getReport().header.glibcVersionRuntime === undefined ? "-musl" : "";
}

function find() {
  const os = process.platform === "win32" ? "windows" : process.platform;
  const name = `${PREFIX}-${os}-${process.arch}${libc()}`;
  const file = process.platform === "win32" ? "auth0-mcp.exe" : "auth0-mcp";
  try {
    return require.resolve(`${name}/${file}`);
  } catch {
    console.error(
      `auth0-mcp: the package ${name} is not installed. There may be no build for this machine, or npm`,
    );
    console.error("was told to leave optional dependencies out; installing again without that mends it.");
    process.exit(1);
  }
}

const program = find();
if (typeof process.execve === "function" && process.platform !== "win32") {
  process.execve(program, [program, ...args], process.env);
}
// A terminal's signals reach the child as well; this process only has to outlive it. Listened for before there is a
// child, or a signal that comes while it starts would end this process alone.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
const child = spawn(program, args, { stdio: "inherit" });
child.on("error", (cause) => {
  console.error(`auth0-mcp: ${program} cannot be started: ${cause.message}`);
  process.exit(1);
});
child.on("exit", (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
