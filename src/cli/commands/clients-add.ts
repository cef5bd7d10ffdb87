import { isInstalled, shortPath } from "../../clients/locate.ts";
import { type Machine, thisMachine } from "../../clients/machine.ts";
import { type Plan, planEntry } from "../../clients/plan.ts";
import { systemClock } from "../../lib/clock.ts";
import { Exit } from "../../lib/errors.ts";
import { defineCommand } from "../command.ts";
import { launchFrom } from "../launch.ts";
import { applyAll } from "./clients-apply.ts";
import { addressesOf, addressFlags, clientsArg, launchFlags } from "./clients-args.ts";

export const clientsAdd = defineCommand({
  meta: { name: "add", description: "Let MCP clients start this program, with the flags given" },
  args: {
    ...clientsArg,
    ...addressFlags,
    ...launchFlags,
  },
  examples: [
    { does: "Configure two clients for reading only", type: "clients add claude-code,cursor --read-only" },
    {
      does: "Configure the current project for whoever works on it",
      type: "clients add vscode --scope project",
    },
  ],
  async run(args, invocation) {
    const { environment, output, interrupt } = invocation;
    const machine = thisMachine(environment);
    const addresses = addressesOf(args._, args);
    const launch = launchFrom(args, invocation, machine);
    const workshop = { machine, clock: systemClock, signal: interrupt };
    // All are worked out before the first is made, so that a file that cannot be edited stops the command early.
    const plans: Plan[] = [];
    for (const address of addresses) plans.push(await planEntry(address, launch, workshop));
    await applyAll(plans, workshop, output, (plan) => told(plan, machine));
    return Exit.done;
  },
});

/** What was done, in lines for people. */
function told({ address, kind, file, previous }: Plan, machine: Machine): string[] {
  const { client, name } = address;
  const path = shortPath(file, machine);
  if (kind === "nothing") return [`${client.name}: ${name} is in ${path} already, as asked.`];
  const lines = [`${client.name}: ${kind === "add" ? "added" : "updated"} ${name} in ${path}`];
  if (previous?.owner === "node-server") {
    lines.push("  It replaces the entry of the Node.js server; what else that entry held is kept.");
  }
  if (previous?.launch !== undefined) {
    lines.push(`  It started before: ${[previous.launch.command, ...previous.launch.args].join(" ")}`);
  }
  if (!isInstalled(client, machine)) lines.push(`  ${client.name} does not seem to be installed here.`);
  return [...lines, `  ${client.next}`];
}
