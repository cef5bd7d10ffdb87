import { existsSync, realpathSync } from "node:fs";
import { PRODUCT } from "../config/product.ts";
import { shellWord } from "../lib/shell.ts";
import { findCommand, type Machine } from "./machine.ts";

/**
 * The words that start this program, an absolute path first. Where the PATH leads to this very executable, through a
 * link perhaps, that path is taken: package managers keep it in place when they install another version.
 */
export function ownCommand(machine: Machine): readonly [string, ...string[]] {
  const executable = process.execPath;
  if (!Bun.isStandaloneExecutable) return [executable, Bun.main];
  return [foundOnPath(machine, executable) ?? executable];
}

/**
 * What a person types to start this program: its name, or its whole path where the name leads nowhere or to another
 * executable, as it does for one that an MCP client has unpacked for itself.
 */
export function typedCommand(machine: Machine): string {
  const executable = process.execPath;
  // Its file is gone where another version was put in its place.
  if (!Bun.isStandaloneExecutable || !existsSync(executable)) return PRODUCT;
  if (foundOnPath(machine, executable) !== undefined) return PRODUCT;
  // The name is a script there, which starts this executable.
  if (/[\\/]node_modules[\\/]/.test(executable) && findCommand(machine, PRODUCT) !== undefined)
    return PRODUCT;
  return machine.platform === "win32" ? `"${executable}"` : shellWord(executable);
}

/** Where the PATH leads to an executable, through a link perhaps; `undefined` where it leads to none or to another. */
function foundOnPath(machine: Machine, executable: string): string | undefined {
  const found = findCommand(machine, PRODUCT);
  return found !== undefined && realpathSync(found) === realpathSync(executable) ? found : undefined;
}
