import { type Machine, thisMachine } from "../../clients/machine.ts";
import { type Plan, planRemoval } from "../../clients/plan.ts";
import { shortPath } from "../../config/paths.ts";
import { systemClock } from "../../lib/clock.ts";
import { Exit } from "../../lib/errors.ts";
import { defineCommand } from "../command.ts";
import { changeEntries } from "./clients-apply.ts";
import { addressesOf, addressFlags, clientsArg, jsonFlag } from "./clients-args.ts";

/**
 * With `--json` prints `{"clients": [{"id", "name", "scope", "file", "change"}], "error"?}` as `clients add` does, with
 * `change` "remove" or "nothing".
 */
export const clientsRemove = defineCommand({
  meta: { name: "remove", description: "Take the entry out of MCP clients' files, and nothing else" },
  args: {
    ...clientsArg,
    ...addressFlags,
    ...jsonFlag,
  },
  examples: [{ does: "Take it out of one client", type: "clients remove cursor" }],
  async run(args, { environment, output, interrupt }) {
    const machine = thisMachine(environment);
    const workshop = { machine, clock: systemClock, signal: interrupt };
    await changeEntries(addressesOf(args._, args), {
      ...{ workshop, output, json: args.json === true },
      plan: (address) => planRemoval(address, workshop),
      told: (plan) => [told(plan, machine)],
      facts: () => ({}),
    });
    return Exit.done;
  },
});

function told({ address, kind, file, after }: Plan, machine: Machine): string {
  const { client, name } = address;
  const path = shortPath(file, machine);
  if (kind === "nothing") return `${client.name}: there is no ${name} in ${path}`;
  if (after === undefined) return `${client.name}: removed ${path}, which held nothing else`;
  return `${client.name}: removed ${name} from ${path}`;
}
