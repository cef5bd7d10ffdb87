import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import type { Environment } from "./environment.ts";
import { PRODUCT } from "./product.ts";

/**
 * The name under which this program keeps things. Run from its source it uses another one, so that trying a change
 * never touches the sessions of the installed executable.
 */
export const STORAGE_NAME = Bun.isStandaloneExecutable ? PRODUCT : `${PRODUCT}-dev`;

/**
 * This program's folder among the platform's configuration folders: below `XDG_CONFIG_HOME` or `~/.config`,
 * `~/Library/Application Support`, or `%APPDATA%`. A relative `XDG_CONFIG_HOME` is ignored, as its specification asks.
 */
export function configFolder(
  environment: Environment,
  platform: NodeJS.Platform = process.platform,
  name: string = STORAGE_NAME,
): string {
  if (platform === "win32") {
    return join(
      environment["APPDATA"] || join(homeFolder(environment, platform), "AppData", "Roaming"),
      name,
    );
  }
  const home = homeFolder(environment, platform);
  if (platform === "darwin") return join(home, "Library", "Application Support", name);
  const base = environment["XDG_CONFIG_HOME"] ?? "";
  return join(isAbsolute(base) ? base : join(home, ".config"), name);
}

function homeFolder(environment: Environment, platform: NodeJS.Platform): string {
  return environment[platform === "win32" ? "USERPROFILE" : "HOME"] || homedir();
}
