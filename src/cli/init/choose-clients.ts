import type { McpClient } from "../../clients/client.ts";
import { isInstalled } from "../../clients/installed.ts";
import { scopesOf } from "../../clients/locate.ts";
import type { Machine } from "../../clients/machine.ts";
import type { EntryAddress } from "../../clients/plan.ts";
import { clients } from "../../clients/table.ts";
import { PRODUCT } from "../../config/product.ts";
import { usageError } from "../../lib/errors.ts";
import type { Invocation } from "../command.ts";
import { type AddressArgs, addressesOf } from "../commands/clients-args.ts";
import { canAsk, pick } from "../prompts.ts";

/** The flags that say which clients to set up. */
export interface ClientArgs extends AddressArgs {
  readonly client?: string | undefined;
  readonly interaction: boolean;
}

/** The word for signing in only. */
const NONE = "none";

/**
 * Checks which entries of which clients a command line means, without asking anybody.
 *
 * @returns `undefined` when no client is named and a person is to choose
 * @throws AppError (exit 2) for an unknown client, a scope one lacks, a name or folder that cannot be, and when nobody can
 * be asked
 */
export function namedClients(args: ClientArgs): EntryAddress[] | undefined {
  const { client } = args;
  if (client?.trim() === NONE) {
    const idle = [args.scope, args.project, args.name].findIndex((value) => value !== undefined);
    if (idle === -1) return [];
    throw usageError(
      `--${["scope", "project", "name"][idle]} says how to configure a client, and --client ${NONE} asks for none.`,
      "Leave one of the two out.",
    );
  }
  const named = addressesOf(client === undefined ? [] : [client], args);
  if (client !== undefined) return named;
  if (args.interaction && canAsk()) return undefined;
  throw usageError(
    "--client is needed where nobody can be asked.",
    `Write for example --client claude-code,cursor, or --client ${NONE} to sign in only. See: ${PRODUCT} clients list`,
  );
}

/**
 * Lets a person choose among the clients that are installed and have files of the asked scope.
 *
 * @throws AppError exit 2 when there are none, 130 when the person gave up
 */
export async function pickClients(
  args: ClientArgs,
  machine: Machine,
  { interrupt }: Invocation,
): Promise<EntryAddress[]> {
  const scope = args.scope === "project" || args.project !== undefined ? "project" : "user";
  const there: McpClient[] = [];
  for (const client of clients) {
    if (scopesOf(client).includes(scope) && (await isInstalled(client, machine))) there.push(client);
  }
  if (there.length === 0) {
    throw usageError(
      "No MCP client was found on this machine.",
      `Name one with --client, or sign in only with --client ${NONE}. See: ${PRODUCT} clients list`,
    );
  }
  const choices = there.map(({ id }) => ({ value: id, group: "installed here" }));
  const picked = await pick("Which clients shall work on the tenant?", choices, interrupt);
  return addressesOf(picked, args);
}
