import type { Launch } from "../clients/entry.ts";
import { ownCommand } from "../clients/launcher.ts";
import type { Machine } from "../clients/machine.ts";
import { readVariable } from "../config/environment.ts";
import { options } from "../config/options.ts";
import { askedTenant } from "./asked-tenant.ts";
import type { Invocation } from "./command.ts";
import type { Limits } from "./limits.ts";
import { booleanVariable, selectionOf } from "./runtime.ts";

export interface LaunchArgs extends Limits {
  readonly tenant?: string | undefined;
}

/**
 * The limits that hold now: flags, or else variables. A client does not pass our variables on, so what they say has to
 * stand in the entry, or the server would be less limited than the person who made it.
 *
 * @throws AppError (exit 2) for patterns that are wrong or match nothing, and when no tool is left
 */
export function limitsOf(args: Limits, invocation: Invocation): Limits {
  selectionOf(args, invocation);
  const { environment } = invocation;
  const { tools, excludeTools, readOnly } = options;
  return {
    tools: args.tools ?? readVariable(environment, tools.variable),
    "exclude-tools": args["exclude-tools"] ?? readVariable(environment, excludeTools.variable),
    "read-only": args["read-only"] ?? booleanVariable(environment, readOnly.variable),
  };
}

/**
 * What an entry starts as a command line asks for it: flags, or else variables, for the same reason as `limitsOf`.
 *
 * @throws AppError (exit 2) for patterns and domains that `run` would refuse
 */
export function launchFrom(args: LaunchArgs, invocation: Invocation, machine: Machine): Launch {
  return launchOn(askedTenant(args.tenant, invocation)?.domain, limitsOf(args, invocation), machine);
}

/** What an entry starts: this executable with the limits given, and no flag that says what holds anyway. */
export function launchOn(domain: string | undefined, limits: Limits, machine: Machine): Launch {
  const { tools, "exclude-tools": excluded, "read-only": readOnly = false } = limits;
  const [command, ...words] = ownCommand(machine);
  const flagOf = (option: { readonly flag: string }) => `--${option.flag}`;
  const flags = [
    ...(domain === undefined ? [] : [flagOf(options.tenant), domain]),
    ...(tools === undefined || tools === options.tools.default ? [] : [flagOf(options.tools), tools]),
    ...(excluded === undefined ? [] : [flagOf(options.excludeTools), excluded]),
    ...(readOnly ? [flagOf(options.readOnly)] : []),
  ];
  return { command, args: [...words, "run", ...flags] };
}
