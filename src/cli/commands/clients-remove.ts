import { applyEdit } from "../../clients/apply.ts";
import { shortPath } from "../../clients/locate.ts";
import { thisMachine } from "../../clients/machine.ts";
import { type Plan, planRemoval } from "../../clients/plan.ts";
import { systemClock } from "../../lib/clock.ts";
import { Exit } from "../../lib/errors.ts";
import { defineCommand } from "../command.ts";
import { addressesOf, addressFlags } from "./clients-args.ts";

export const clientsRemove = defineCommand({
  meta: { name: "remove", description: "Take the entry out of MCP clients' files, and nothing else" },
  args: {
    ids: {
      type: "positional",
      description: "Clients, several with commas between; see clients list",
      required: true,
    },
    ...addressFlags,
  },
  examples: [{ does: "Take it out of one client", type: "clients remove cursor" }],
  async run(args, { environment, output, interrupt }) {
    const machine = thisMachine(environment);
    const workshop = { machine, clock: systemClock, signal: interrupt };
    const plans: Plan[] = [];
    for (const address of addressesOf(args._, args)) plans.push(await planRemoval(address, workshop));
    for (const plan of plans) {
      await applyEdit(plan, workshop);
      const { client, name } = plan.address;
      const path = shortPath(plan.file, machine);
      const done =
        plan.after === undefined
          ? `removed ${path}, which held nothing else`
          : `removed ${name} from ${path}`;
      output.note(`${client.name}: ${plan.kind === "nothing" ? `there is no ${name} in ${path}` : done}`);
    }
    return Exit.done;
  },
});
