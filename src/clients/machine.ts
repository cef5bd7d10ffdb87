import { existsSync, readdirSync } from "node:fs";
import type { Environment } from "../config/environment.ts";
import { pathsOf, type System, systemOf } from "../config/paths.ts";

/** What the table of clients asks of a machine; tests hand in another system than the one they run on. */
export interface Machine extends System {
  /** The number of the user; `undefined` where users have none, as on Windows. */
  readonly user: number | undefined;
  exists(path: string): boolean;
  /** Names in a folder; none when there is no such folder, or it cannot be read. */
  entries(folder: string): readonly string[];
}

/** The machine this process runs on. */
export function thisMachine(environment: Environment, platform: NodeJS.Platform = process.platform): Machine {
  return {
    ...systemOf(environment, platform),
    user: process.getuid?.(),
    exists: existsSync,
    entries: (folder) => (existsSync(folder) ? readable(folder) : []),
  };
}

function readable(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (error instanceof Error && "code" in error) return [];
    throw error;
  }
}

/** A path as the machine's system writes it. */
export function join(machine: Machine, ...parts: readonly string[]): string {
  return pathsOf(machine).join(...parts);
}

/** A path below the home folder. */
export function inHome(machine: Machine, ...parts: readonly string[]): string {
  return join(machine, machine.home, ...parts);
}

/** The path at which a command stands on the PATH, as it is written there; `undefined` when it is not found. */
export function findCommand(machine: Machine, command: string): string | undefined {
  const { platform, environment, exists } = machine;
  const { join, isAbsolute, delimiter } = pathsOf(machine);
  const variable = environment["PATH"] ?? environment["Path"] ?? "";
  const endings = platform === "win32" ? [".exe", ".cmd", ".bat"] : [""];
  for (const folder of variable.split(delimiter)) {
    if (!isAbsolute(folder)) continue;
    const found = endings.map((ending) => join(folder, command + ending)).find(exists);
    if (found !== undefined) return found;
  }
  return undefined;
}
