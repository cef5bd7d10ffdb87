import { statSync } from "node:fs";
import { resolve } from "node:path";
import { DEFAULT_NAME, type Launch } from "../../clients/entry.ts";
import { ownCommand } from "../../clients/launcher.ts";
import { findClient, scopesOf } from "../../clients/locate.ts";
import type { Machine } from "../../clients/machine.ts";
import type { EntryAddress } from "../../clients/plan.ts";
import type { Scope } from "../../clients/table.ts";
import { parseTenantAddress } from "../../config/domain.ts";
import { options } from "../../config/options.ts";
import { usageError } from "../../lib/errors.ts";
import { parsePatterns, selectTools } from "../../policy/selection.ts";
import { catalogue } from "../../tools/catalogue.ts";
import { booleanFlag, stringFlag } from "../command.ts";

const SCOPES: Scope[] = ["user", "project"];

/** The flags that say which entries of which files are meant. */
export const addressFlags = {
  scope: {
    type: "enum",
    description: "Whose file: the user's, or the project's (default: user)",
    options: SCOPES,
  },
  project: {
    type: "string",
    description: "Folder of the project (default: the current one)",
    valueHint: "folder",
  },
  name: {
    type: "string",
    description: `What the entry is called (default: ${DEFAULT_NAME})`,
    valueHint: "name",
  },
} as const;

/** The flags that an entry hands on to `run`. */
export const launchFlags = {
  tools: stringFlag(options.tools),
  "exclude-tools": stringFlag(options.excludeTools),
  "read-only": booleanFlag(options.readOnly),
  tenant: {
    type: "string",
    description: "Always work on this tenant, whichever is the current one",
    valueHint: "domain",
  },
} as const;

export interface AddressArgs {
  readonly scope?: string | undefined;
  readonly project?: string | undefined;
  readonly name?: string | undefined;
}

/**
 * The entries that a command line means.
 *
 * @param words ids of clients, each word one or several with commas between
 * @throws AppError (exit 2) for an unknown id, a scope that a client lacks, a name or folder that cannot be
 */
export function addressesOf(words: readonly string[], args: AddressArgs): EntryAddress[] {
  const scope: Scope =
    args.scope === "project" || (args.scope === undefined && args.project !== undefined) ? "project" : "user";
  if (scope === "user" && args.project !== undefined) {
    throw usageError("--project goes with --scope project.", "Leave one of the two out.");
  }
  const name = args.name ?? DEFAULT_NAME;
  if (!/^[a-z0-9][a-z0-9-]{0,63}$/i.test(name)) {
    throw usageError(
      `--name cannot be "${name}".`,
      "Use letters, digits and hyphens, for example auth0-staging.",
    );
  }
  const project = resolve(args.project ?? ".");
  if (scope === "project" && statSync(project, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw usageError(`--project: ${project} is no folder.`);
  }
  const found = words.flatMap((word) => word.split(",")).map((id) => findClient(id.trim()));
  const lacking = found.find((client) => !scopesOf(client).includes(scope));
  if (lacking !== undefined) {
    throw usageError(
      `${lacking.name} has no files in projects.`,
      `Leave out --scope and --project to configure ${lacking.id} for your user.`,
    );
  }
  return [...new Set(found)].map((client) => ({ client, scope, project, name }));
}

export interface LaunchArgs {
  readonly tools?: string | undefined;
  readonly "exclude-tools"?: string | undefined;
  readonly "read-only"?: boolean | undefined;
  readonly tenant?: string | undefined;
}

/**
 * What an entry starts: this executable with exactly the flags that were given, and none that says what holds anyway.
 *
 * @throws AppError (exit 2) for patterns and domains that `run` would refuse
 */
export function launchFrom(args: LaunchArgs, machine: Machine): Launch {
  const { tools, "exclude-tools": excluded, "read-only": readOnly = false, tenant } = args;
  const flagOf = (option: { readonly flag: string }) => `--${option.flag}`;
  selectTools(catalogue, {
    tools: parsePatterns(tools ?? options.tools.default, flagOf(options.tools)),
    excludeTools: excluded === undefined ? undefined : parsePatterns(excluded, flagOf(options.excludeTools)),
    readOnly,
  });
  const domain = tenant === undefined ? undefined : parseTenantAddress(tenant, "--tenant").domain;
  const [command, ...words] = ownCommand(machine);
  const flags = [
    ...(domain === undefined ? [] : ["--tenant", domain]),
    ...(tools === undefined || tools === options.tools.default ? [] : [flagOf(options.tools), tools]),
    ...(excluded === undefined ? [] : [flagOf(options.excludeTools), excluded]),
    ...(readOnly ? [flagOf(options.readOnly)] : []),
  ];
  return { command, args: [...words, "run", ...flags] };
}
