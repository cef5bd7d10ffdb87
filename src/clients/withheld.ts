import { folderFrom, type Machine } from "./machine.ts";
import type { McpClient } from "./table.ts";

/** What a server needs of its client's environment and would not get, and how it gets it. */
export interface Withheld {
  /** Names of variables that the client can be told to pass on. */
  readonly passOn: readonly string[];
  /** Variables that the entry has to set. */
  readonly set: Readonly<Record<string, string>>;
}

/** The Secret Service, which holds the session on Linux, is found by it. */
const BUS = "DBUS_SESSION_BUS_ADDRESS";

/** Outside Windows and macOS our own folder stands below it, and a server that is not told so finds no session. */
const CONFIG_HOME = "XDG_CONFIG_HOME";

export function withheldBy({ environment, shape }: McpClient, machine: Machine): Withheld {
  const { platform } = machine;
  const bus = platform === "linux" ? [BUS] : [];
  const counts = environment === "essentials" && platform !== "win32" && platform !== "darwin";
  const folder = counts ? folderFrom(machine, CONFIG_HOME) : undefined;
  // Codex alone takes names; what it reads stays right when the value changes.
  if (shape === "codex") return { passOn: folder === undefined ? bus : [...bus, CONFIG_HOME], set: {} };
  return { passOn: [], set: folder === undefined ? {} : { [CONFIG_HOME]: folder } };
}
