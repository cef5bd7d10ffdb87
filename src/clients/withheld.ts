import { posix } from "node:path";
import { folderFrom } from "../config/paths.ts";
import type { McpClient } from "./client.ts";
import { inHome, type Machine } from "./machine.ts";

/** What a server needs of its client's environment and would not get, and how it gets it. */
export interface Withheld {
  /** Names of variables that the client can be told to pass on. */
  readonly passOn: readonly string[];
  /** Variables that the entry has to set. */
  readonly set: Readonly<Record<string, string>>;
}

/** The Secret Service, which holds the session on Linux, is found by it, and by nothing else that such clients pass on. */
const BUS = "DBUS_SESSION_BUS_ADDRESS";

/** Outside Windows and macOS our own folder stands below it, and a server that is not told so finds no session. */
const CONFIG_HOME = "XDG_CONFIG_HOME";

/** What a client's entry has to make up for on this machine, as it is now: the bus of another login is another one. */
export function withheldBy({ environment, shape }: McpClient, machine: Machine): Withheld {
  const { platform } = machine;
  if (environment !== "essentials" || platform === "win32" || platform === "darwin") {
    return { passOn: [], set: {} };
  }
  const folder = ownConfigHome(machine);
  const linux = platform === "linux";
  // Codex alone takes names; what it reads stays right when the value changes.
  if (shape === "codex") {
    return {
      passOn: [...(linux ? [BUS] : []), ...(folder === undefined ? [] : [CONFIG_HOME])],
      set: {},
    };
  }
  const address = linux ? busAddress(machine) : undefined;
  return {
    passOn: [],
    set: {
      ...(folder === undefined ? {} : { [CONFIG_HOME]: folder }),
      ...(address === undefined ? {} : { [BUS]: address }),
    },
  };
}

/** The folder that the variable names, unless a server would look there without it. */
function ownConfigHome(machine: Machine): string | undefined {
  const folder = folderFrom(machine, CONFIG_HOME);
  return folder === undefined || posix.resolve(folder) === inHome(machine, ".config") ? undefined : folder;
}

/** The session bus of this login, where systemd puts it unless a variable says otherwise; `undefined` for none. */
function busAddress({ environment, user, exists }: Machine): string | undefined {
  const socket = `/run/user/${user}/bus`;
  return environment[BUS] || (exists(socket) ? `unix:path=${socket}` : undefined);
}
