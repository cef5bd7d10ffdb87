import { statSync } from "node:fs";
import { resolve } from "node:path";
import type { Scope } from "../../clients/client.ts";
import { DEFAULT_NAME } from "../../clients/entry.ts";
import { findClient, scopesOf } from "../../clients/locate.ts";
import type { EntryAddress } from "../../clients/plan.ts";
import { options } from "../../config/options.ts";
import { usageError } from "../../lib/errors.ts";
import { stringFlag } from "../command.ts";
import { limitFlags } from "../limits.ts";

const SCOPES: Scope[] = ["user", "project"];

/** The clients a command works on. */
export const clientsArg = {
  ids: {
    type: "positional",
    description: "Clients, with commas between; see clients list",
    valueHint: "id…",
    required: true,
  },
} as const;

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

/** For scripts. */
export const jsonFlag = { json: { type: "boolean", description: "Print what was done as JSON" } } as const;

/** The flags that an entry hands on to `run`. */
export const launchFlags = {
  ...limitFlags,
  tenant: stringFlag({
    ...options.tenant,
    default: "whichever is current",
    help: "Always work on this tenant",
  }),
} as const;

/** Their values, as they were typed. */
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
