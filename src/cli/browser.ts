import { existsSync } from "node:fs";
import { delimiter } from "node:path";
import type { Environment } from "../config/environment.ts";
import { options, secretVariables } from "../config/options.ts";

/** Variables that a browser has no business with. */
const WITHHELD = [...secretVariables, options.privateKey.variable];

/**
 * The program, with its arguments, that shows a web page; `undefined` where there is no screen to show it on, or the
 * address is not http or https. `BROWSER` names another one, `%s` in it the address.
 */
export function browserCommand(
  address: string,
  environment: Environment,
  platform: NodeJS.Platform = process.platform,
): string[] | undefined {
  if (!/^https?:\/\//.test(address)) return undefined;
  const wanted = environment["BROWSER"]?.trim();
  if (wanted) return wantedBrowser(wanted, address);
  if (platform === "darwin") return ["open", address];
  if (platform === "win32") return ["rundll32", "url.dll,FileProtocolHandler", address];
  return environment["DISPLAY"] || environment["WAYLAND_DISPLAY"] ? ["xdg-open", address] : undefined;
}

/** `BROWSER` is one program, or a list of commands of which the first is taken; blanks separate its arguments. */
function wantedBrowser(wanted: string, address: string): string[] {
  if (existsSync(wanted)) return [wanted, address];
  const [first = wanted] = wanted.split(delimiter).filter((command) => command.trim() !== "");
  const words = first.trim().split(/\s+/);
  return words.some((word) => word.includes("%s"))
    ? words.map((word) => word.replaceAll("%s", address))
    : [...words, address];
}

/** Starts the browser and leaves it alone. `false` when it could not be started. */
export function openBrowser(command: readonly string[], environment: Environment): boolean {
  const env = Object.fromEntries(Object.entries(environment).filter(([name]) => !WITHHELD.includes(name)));
  try {
    const child = Bun.spawn([...command], { env, stdin: "ignore", stdout: "ignore", stderr: "ignore" });
    child.unref();
    return true;
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}
