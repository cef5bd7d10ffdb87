import { realpathSync } from "node:fs";
import { PRODUCT } from "../config/product.ts";
import { findCommand, type Machine } from "./machine.ts";

/**
 * The words that start this program, an absolute path first. Where the PATH leads to this very executable, through a
 * link perhaps, that path is taken: package managers keep it in place when they install another version.
 */
export function ownCommand(machine: Machine): readonly [string, ...string[]] {
  const executable = process.execPath;
  if (!Bun.isStandaloneExecutable) return [executable, Bun.main];
  const found = findCommand(machine, PRODUCT);
  return [found !== undefined && realpathSync(found) === realpathSync(executable) ? found : executable];
}
