import { applicationData, folderFrom, localData, xdgConfig } from "../config/paths.ts";
import { inHome, join, type Machine } from "./machine.ts";

/** One path below the home folder, as a row of the table takes it. */
export const home =
  (...parts: readonly string[]) =>
  (machine: Machine) => [inHome(machine, ...parts)];

/** A path below VS Code's folder for its user. */
export function codeUser(machine: Machine, ...parts: readonly string[]): string {
  return join(machine, applicationData(machine), "Code", "User", ...parts);
}

/** A path below the folder that VS Code gives an extension. */
export function codeStorage(machine: Machine, extension: string, ...parts: readonly string[]): string {
  return codeUser(machine, "globalStorage", extension, ...parts);
}

/** Claude Desktop's folders. The packaged build for Windows sees a folder of its own in place of `%APPDATA%`. */
export function claudeFolders(machine: Machine): string[] {
  const ordinary = join(machine, applicationData(machine), "Claude");
  if (machine.platform !== "win32") return [ordinary];
  const packages = join(machine, localData(machine), "Packages");
  const packaged = machine.entries(packages).filter((name) => name.startsWith("Claude_"));
  return [
    ...packaged.map((name) => join(machine, packages, name, "LocalCache", "Roaming", "Claude")),
    ordinary,
  ];
}

/** Claude Code's own folder and the file of its state, which lies beside it unless a variable names the folder. */
export function claudeCodePaths(machine: Machine): { readonly file: string; readonly folder: string } {
  const named = folderFrom(machine, "CLAUDE_CONFIG_DIR");
  return {
    file: join(machine, named ?? machine.home, ".claude.json"),
    folder: named ?? inHome(machine, ".claude"),
  };
}

/** Cline's files: the one that its variables lead to, else that of all its editions, else the older one in VS Code. */
export function clineFiles(machine: Machine): string[] {
  const file = "cline_mcp_settings.json";
  const named = folderFrom(machine, "CLINE_MCP_SETTINGS_PATH");
  if (named !== undefined) return [named];
  const data = folderFrom(machine, "CLINE_DATA_DIR");
  const base = folderFrom(machine, "CLINE_DIR");
  if (data !== undefined) return [join(machine, data, "settings", file)];
  if (base !== undefined) return [join(machine, base, "data", "settings", file)];
  return [
    inHome(machine, ".cline", "data", "settings", file),
    codeStorage(machine, "saoudrizwan.claude-dev", "settings", file),
  ];
}

/** Continue's folder. */
export function continueFolder(machine: Machine): string {
  return folderFrom(machine, "CONTINUE_GLOBAL_DIR") ?? inHome(machine, ".continue");
}

/** Continue's files. A config.yaml would hide a config.json that is in use; Continue reads single servers from a folder beside it. */
export function continueFiles(machine: Machine): string[] {
  const folder = continueFolder(machine);
  const main = join(machine, folder, "config.yaml");
  const single = join(machine, folder, "mcpServers", "auth0.yaml");
  const hides = machine.exists(join(machine, folder, "config.json")) && !machine.exists(main);
  return hides ? [single, main] : [main, single];
}

/** The folder of goose's configuration. */
export function gooseFolder(machine: Machine): string {
  const root = folderFrom(machine, "GOOSE_PATH_ROOT");
  if (root !== undefined) return join(machine, root, "config");
  if (machine.platform === "win32")
    return join(machine, applicationData(machine), "Block", "goose", "config");
  return join(machine, xdgConfig(machine), "goose");
}

/** The folder of Zed's settings, which on macOS stays below `~/.config`. */
export function zedFolder(machine: Machine): string {
  if (machine.platform === "darwin") return inHome(machine, ".config", "zed");
  return join(machine, applicationData(machine), machine.platform === "win32" ? "Zed" : "zed");
}

/** Codex's folder. */
export function codexFolder(machine: Machine): string {
  return folderFrom(machine, "CODEX_HOME") ?? inHome(machine, ".codex");
}

/** Gemini CLI's folder, which its variable moves together with the home it stands for. */
export function geminiFolder(machine: Machine): string {
  return join(machine, folderFrom(machine, "GEMINI_CLI_HOME") ?? machine.home, ".gemini");
}

/** opencode's folder, the same on every system. */
export function opencodeFolder(machine: Machine): string {
  return join(machine, xdgConfig(machine), "opencode");
}

/** LM Studio's files, that of a folder in use first. Older installations keep theirs in the cache. */
export function lmStudioFiles(machine: Machine): string[] {
  const folders = [inHome(machine, ".lmstudio"), inHome(machine, ".cache", "lm-studio")];
  const used = folders.filter((folder) => machine.exists(folder));
  return [...new Set([...used, ...folders])].map((folder) => join(machine, folder, "mcp.json"));
}
