import { applicationData, folderFrom, localData, STORAGE_NAME } from "../config/paths.ts";
import { Journal } from "./journal.ts";
import { inHome, join, type Machine } from "./machine.ts";

/**
 * This program's folder for what it remembers: below `XDG_STATE_HOME` or `~/.local/state`,
 * `~/Library/Application Support`, or `%LOCALAPPDATA%`.
 */
export function stateFolder(machine: Machine): string {
  return join(machine, stateBase(machine), STORAGE_NAME);
}

function stateBase(machine: Machine): string {
  if (machine.platform === "win32") return localData(machine);
  if (machine.platform === "darwin") return applicationData(machine);
  return folderFrom(machine, "XDG_STATE_HOME") ?? inHome(machine, ".local", "state");
}

/** What we remember of the entries that we added on this machine. */
export function openJournal(machine: Machine): Promise<Journal> {
  return Journal.open(join(machine, stateFolder(machine), "clients.json"));
}

/** The lock that keeps our own processes from editing at once. */
export function lockFile(machine: Machine): string {
  return join(machine, stateFolder(machine), "clients.lock");
}
