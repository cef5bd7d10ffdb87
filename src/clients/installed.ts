import { errorCode } from "../lib/system-error.ts";
import type { McpClient } from "./client.ts";
import { DocumentError } from "./document.ts";
import { resolveLinks } from "./file.ts";
import { findCommand, type Machine } from "./machine.ts";
import { isOurDoing } from "./ours-alone.ts";
import { openJournal } from "./state.ts";

/** Whether there are traces of the client on the machine, other than those that adding our entry left. */
export async function isInstalled({ traces }: McpClient, machine: Machine): Promise<boolean> {
  const { paths, commands } = traces;
  if (commands.some((command) => findCommand(machine, command) !== undefined)) return true;
  const found = paths(machine).filter((path) => machine.exists(path));
  if (found.length === 0) return false;
  const journal = await openJournal(machine);
  if (journal.isEmpty) return true;
  for (const path of found) if (!(await isOurDoing(await realPath(path), journal))) return true;
  return false;
}

/** A path that cannot be followed is taken as it is written: we made no such thing. */
async function realPath(path: string): Promise<string> {
  try {
    return await resolveLinks(path);
  } catch (error) {
    if (error instanceof DocumentError || errorCode(error) !== undefined) return path;
    throw error;
  }
}
