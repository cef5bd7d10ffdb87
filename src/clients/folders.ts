import { applicationData, folderFrom, inHome, join, localData, type Machine, xdgConfig } from "./machine.ts";

export const home =
  (...parts: readonly string[]) =>
  (machine: Machine) => [inHome(machine, ...parts)];

export function codeUser(machine: Machine, ...parts: readonly string[]): string {
  return join(machine, applicationData(machine), "Code", "User", ...parts);
}

export function codeStorage(machine: Machine, extension: string, ...parts: readonly string[]): string {
  return codeUser(machine, "globalStorage", extension, ...parts);
}

/** The packaged build for Windows sees a folder of its own in place of `%APPDATA%`. */
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

export function continueFolder(machine: Machine): string {
  return folderFrom(machine, "CONTINUE_GLOBAL_DIR") ?? inHome(machine, ".continue");
}

/** A config.yaml would hide a config.json that is in use; Continue reads single servers from a folder beside it. */
export function continueFiles(machine: Machine): string[] {
  const folder = continueFolder(machine);
  const main = join(machine, folder, "config.yaml");
  const single = join(machine, folder, "mcpServers", "auth0.yaml");
  const hides = machine.exists(join(machine, folder, "config.json")) && !machine.exists(main);
  return hides ? [single, main] : [main, single];
}

export function gooseFolder(machine: Machine): string {
  const root = folderFrom(machine, "GOOSE_PATH_ROOT");
  if (root !== undefined) return join(machine, root, "config");
  if (machine.platform === "win32")
    return join(machine, applicationData(machine), "Block", "goose", "config");
  return join(machine, xdgConfig(machine), "goose");
}

export function zedFolder(machine: Machine): string {
  if (machine.platform === "darwin") return inHome(machine, ".config", "zed");
  return join(machine, applicationData(machine), machine.platform === "win32" ? "Zed" : "zed");
}

export function codexFolder(machine: Machine): string {
  return folderFrom(machine, "CODEX_HOME") ?? inHome(machine, ".codex");
}

export function geminiFolder(machine: Machine): string {
  return join(machine, folderFrom(machine, "GEMINI_CLI_HOME") ?? machine.home, ".gemini");
}

export function opencodeFolder(machine: Machine): string {
  return join(machine, xdgConfig(machine), "opencode");
}

/** Older installations keep their folder in the cache. */
export function lmStudioFiles(machine: Machine): string[] {
  const folders = [inHome(machine, ".lmstudio"), inHome(machine, ".cache", "lm-studio")];
  const used = folders.filter((folder) => machine.exists(folder));
  return [...new Set([...used, ...folders])].map((folder) => join(machine, folder, "mcp.json"));
}
