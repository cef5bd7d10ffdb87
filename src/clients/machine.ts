import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { posix, win32 } from "node:path";
import type { Environment } from "../config/environment.ts";

/** What the table of clients asks of a machine; tests hand in another system than the one they run on. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly environment: Environment;
  readonly home: string;
  exists(path: string): boolean;
  /** Names in a folder; none when there is no such folder, or it cannot be read. */
  entries(folder: string): readonly string[];
}

/** The machine this process runs on. */
export function thisMachine(environment: Environment, platform: NodeJS.Platform = process.platform): Machine {
  return {
    platform,
    environment,
    home: environment[platform === "win32" ? "USERPROFILE" : "HOME"] || homedir(),
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

/** Paths as the machine's system writes them. */
export function pathsOf({ platform }: Machine): typeof posix {
  return platform === "win32" ? win32 : posix;
}

export function join(machine: Machine, ...parts: readonly string[]): string {
  return pathsOf(machine).join(...parts);
}

/** A path below the home folder. */
export function inHome(machine: Machine, ...parts: readonly string[]): string {
  return join(machine, machine.home, ...parts);
}

/** The folder a variable names; `undefined` unless it is an absolute path. */
export function folderFrom(machine: Machine, variable: string): string | undefined {
  const value = machine.environment[variable];
  return value !== undefined && pathsOf(machine).isAbsolute(value) ? value : undefined;
}

/** `XDG_CONFIG_HOME`, or `~/.config`. */
export function xdgConfig(machine: Machine): string {
  return folderFrom(machine, "XDG_CONFIG_HOME") ?? inHome(machine, ".config");
}

/** Where applications keep their configuration: `~/.config`, `~/Library/Application Support` or `%APPDATA%`. */
export function applicationData(machine: Machine): string {
  if (machine.platform === "darwin") return inHome(machine, "Library", "Application Support");
  if (machine.platform !== "win32") return xdgConfig(machine);
  return folderFrom(machine, "APPDATA") ?? inHome(machine, "AppData", "Roaming");
}

/** `%LOCALAPPDATA%`. */
export function localData(machine: Machine): string {
  return folderFrom(machine, "LOCALAPPDATA") ?? inHome(machine, "AppData", "Local");
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
