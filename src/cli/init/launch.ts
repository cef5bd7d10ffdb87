import type { Launch } from "../../clients/entry.ts";
import { folderFrom, type Machine } from "../../clients/machine.ts";
import type { McpClient } from "../../clients/table.ts";
import { parseBoolean, readVariable } from "../../config/environment.ts";
import { options } from "../../config/options.ts";
import type { Invocation } from "../command.ts";
import { type LaunchArgs, launchFrom } from "../commands/clients-args.ts";
import { selectionOf } from "../runtime.ts";

/** The limits that a person chose for the tools. */
export type Limits = Omit<LaunchArgs, "tenant">;

/**
 * The limits that hold now: flags, or else variables. A client does not pass our variables on, so what they say has to
 * stand in the entry, or the server would be less limited than the sign-in.
 *
 * @throws AppError (exit 2) for patterns that are wrong or match nothing, and when no tool is left
 */
export function limitsOf(args: Limits, invocation: Invocation): Limits {
  selectionOf(args, invocation);
  const { environment } = invocation;
  const { tools, excludeTools, readOnly } = options;
  const readOnlyVariable = readVariable(environment, readOnly.variable);
  return {
    tools: args.tools ?? readVariable(environment, tools.variable),
    "exclude-tools": args["exclude-tools"] ?? readVariable(environment, excludeTools.variable),
    "read-only":
      args["read-only"] ??
      (readOnlyVariable === undefined ? undefined : parseBoolean(readOnlyVariable, readOnly.variable)),
  };
}

/** What a client shall start to work on a tenant. */
export function launchFor(client: McpClient, domain: string, limits: Limits, machine: Machine): Launch {
  const launch = launchFrom({ ...limits, tenant: domain }, machine);
  const folder = folderFrom(machine, CONFIG_HOME);
  const withheld = client.environment === "essentials" && machine.platform !== "win32";
  return folder === undefined || !withheld ? launch : { ...launch, env: { [CONFIG_HOME]: folder } };
}

/** Where it is set our own folder stands below it, and a server that is not told so finds no session. */
const CONFIG_HOME = "XDG_CONFIG_HOME";
