import type { McpClient } from "../../src/clients/client.ts";
import type { Machine } from "../../src/clients/machine.ts";
import { clients } from "../../src/clients/table.ts";
import { code, table } from "./markdown.ts";

/** One row a client: what it is called, its files, and what a person does once an entry is there. */
export function clientTable(): string {
  return table(["client", "its files", "what to do next"], clients.map(row));
}

function row(client: McpClient): string[] {
  const { id, alias, name, next, nextInProject } = client;
  const ids = [id, ...(alias === undefined ? [] : [alias])].map(code).join(" or ");
  return [
    `${ids}<br>${name}`,
    fileLines(client).join("<br>"),
    [next, ...(nextInProject === undefined ? [] : [`In a project: ${nextInProject}`])].join("<br>"),
  ];
}

function fileLines({ files }: McpClient): string[] {
  const user = userFiles(files.user);
  return [
    ...user.lines,
    ...(user.variables.length === 0 ? [] : [`moved by ${user.variables.map(code).join(", ")}`]),
    ...(files.project === undefined ? [] : [`project: ${either(files.project)}`]),
  ];
}

/** The files of a client, each system once that has its own, and the client's variables that lead elsewhere. */
function userFiles(filesOn: McpClient["files"]["user"]): { lines: string[]; variables: string[] } {
  const asked = new Set<string>();
  const on = (platform: NodeJS.Platform) => either(filesOn(machineOf(platform, asked)).map(shortened));
  const [linux, macOs, windows] = [on("linux"), on("darwin"), on("win32")];
  const variables = [...asked].filter((name) => !SYSTEM_VARIABLES.has(name));
  const sameOnWindows = windows.replaceAll("\\", "/") === linux;
  if (linux === macOs && sameOnWindows) return { lines: [linux], variables };
  return {
    lines: [...(linux === macOs ? [linux] : [`Linux: ${linux}`, `macOS: ${macOs}`]), `Windows: ${windows}`],
    variables,
  };
}

/** The text of the page tells of them. */
const SYSTEM_VARIABLES = new Set(["XDG_CONFIG_HOME", "APPDATA", "LOCALAPPDATA"]);

/** A machine without anything on it, that notes which variables it is asked for. */
function machineOf(platform: NodeJS.Platform, asked: Set<string>): Machine {
  const environment = new Proxy<Record<string, undefined>>(
    {},
    {
      get(_, name) {
        if (typeof name === "string") asked.add(name);
        return undefined;
      },
    },
  );
  // A packaged program for Windows has a folder whose name ends with its publisher's id.
  const entries = () => ["Claude_…"];
  return { platform, environment, home: "~", user: undefined, exists: () => false, entries };
}

function shortened(path: string): string {
  return path
    .replace(/^~\\AppData\\Roaming(?=\\)/, "%APPDATA%")
    .replace(/^~\\AppData\\Local(?=\\)/, "%LOCALAPPDATA%");
}

function either(paths: readonly string[]): string {
  return paths.map(code).join(" or ");
}
