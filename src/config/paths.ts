import { homedir } from "node:os";
import { posix, win32 } from "node:path";
import type { Environment } from "./environment.ts";
import { PRODUCT } from "./product.ts";

/**
 * The name under which this program keeps things. Run from its source it uses another one, so that trying a change
 * never touches the sessions of the installed executable.
 */
export const STORAGE_NAME = Bun.isStandaloneExecutable ? PRODUCT : `${PRODUCT}-dev`;

/** What the platform's folders depend on. */
export interface System {
  readonly platform: NodeJS.Platform;
  readonly environment: Environment;
  readonly home: string;
}

/** The system of a process with this environment. */
export function systemOf(environment: Environment, platform: NodeJS.Platform): System {
  const home = environment[platform === "win32" ? "USERPROFILE" : "HOME"] || homedir();
  return { platform, environment, home };
}

/** Paths as the system writes them. */
export function pathsOf({ platform }: Pick<System, "platform">): typeof posix {
  return platform === "win32" ? win32 : posix;
}

/** A path as people write it, with `~` for their home folder. */
export function shortPath(path: string, system: System): string {
  const { home } = system;
  return home !== "" && path.startsWith(home + pathsOf(system).sep) ? `~${path.slice(home.length)}` : path;
}

/** The folder a variable names; `undefined` unless it is an absolute path, as the XDG specification asks. */
export function folderFrom(system: System, variable: string): string | undefined {
  const value = system.environment[variable];
  return value !== undefined && pathsOf(system).isAbsolute(value) ? value : undefined;
}

/** `XDG_CONFIG_HOME`, or `~/.config`. */
export function xdgConfig(system: System): string {
  return folderFrom(system, "XDG_CONFIG_HOME") ?? pathsOf(system).join(system.home, ".config");
}

/**
 * Where applications keep their configuration: `XDG_CONFIG_HOME` or `~/.config`, `~/Library/Application Support`, or
 * `%APPDATA%`.
 */
export function applicationData(system: System): string {
  const { join } = pathsOf(system);
  if (system.platform === "darwin") return join(system.home, "Library", "Application Support");
  if (system.platform !== "win32") return xdgConfig(system);
  return folderFrom(system, "APPDATA") ?? join(system.home, "AppData", "Roaming");
}

/** `%LOCALAPPDATA%`, where applications on Windows keep what does not follow their user to other machines. */
export function localData(system: System): string {
  return folderFrom(system, "LOCALAPPDATA") ?? pathsOf(system).join(system.home, "AppData", "Local");
}

/** This program's folder among those where applications keep their configuration. */
export function configFolder(
  environment: Environment,
  platform: NodeJS.Platform = process.platform,
  name: string = STORAGE_NAME,
): string {
  const system = systemOf(environment, platform);
  return pathsOf(system).join(applicationData(system), name);
}
