import { nextStep } from "../../clients/client.ts";
import { entryNotes } from "../../clients/entry-notes.ts";
import { isInstalled } from "../../clients/installed.ts";
import { type Machine, thisMachine } from "../../clients/machine.ts";
import { shortPath } from "../../config/paths.ts";
import { systemClock } from "../../lib/clock.ts";
import { Exit } from "../../lib/errors.ts";
import { askedTenant } from "../asked-tenant.ts";
import { defineCommand } from "../command.ts";
import { type LimitedPlan, planLimited } from "../init/limited-plan.ts";
import { limitsOf } from "../launch.ts";
import { changeEntries } from "./clients-apply.ts";
import { addressesOf, addressFlags, clientsArg, jsonFlag, launchFlags } from "./clients-args.ts";

/**
 * With `--json` prints `{"clients": [{"id", "name", "scope", "file", "change", "installed", "next"}], "error"?}`, in which
 * - `name` is the entry's, and `change` is "add", "update" or "nothing"
 * - `installed`: there were traces of the client on this machine
 * - `next`: what the person does next
 * - `error`: `{"code", "message", "hint"?}`, why it stopped; clients that were not reached have neither file nor change then
 */
export const clientsAdd = defineCommand({
  meta: { name: "add", description: "Let MCP clients start this program, with the flags given" },
  args: {
    ...clientsArg,
    ...addressFlags,
    ...launchFlags,
    ...jsonFlag,
  },
  examples: [
    { does: "Configure two clients for reading only", type: "clients add claude-code,cursor --read-only" },
    {
      does: "Configure the current project, whose file names the path on this machine",
      type: "clients add vscode --scope project",
    },
  ],
  async run(args, invocation) {
    const { environment, output, interrupt } = invocation;
    const machine = thisMachine(environment);
    const addresses = addressesOf(args._, args);
    const domain = askedTenant(args.tenant, invocation)?.domain;
    const limits = limitsOf(args, invocation);
    const workshop = { machine, clock: systemClock, signal: interrupt };
    // Found out before anything is written: an entry in a client's folder would look like a trace of it.
    const installed = new Set<string>();
    for (const { client } of addresses) if (await isInstalled(client, machine)) installed.add(client.id);
    await changeEntries(addresses, {
      ...{ workshop, output, json: args.json === true },
      plan: (address) => planLimited(address, domain, limits, workshop),
      told: (plan) => told(plan, installed, machine),
      facts: ({ address: { client, scope } }) => ({
        installed: installed.has(client.id),
        next: nextStep(client, scope),
      }),
    });
    return Exit.done;
  },
});

function told(plan: LimitedPlan, installed: Set<string>, machine: Machine): string[] {
  const { address, kind, file, previous, takenOver } = plan;
  const { client, scope, name } = address;
  const path = shortPath(file, machine);
  if (kind === "nothing") return [`${client.name}: ${name} is in ${path} already, as asked.`];
  const lines = [`${client.name}: ${kind === "add" ? "added" : "updated"} ${name} in ${path}`];
  if (previous?.owner === "node-server") {
    lines.push("  It replaces the entry of the Node.js server; what else that entry held is kept.");
    if (takenOver.length > 0) lines.push(`  Its limits hold on: ${takenOver.join(" ")}`);
  }
  if (previous?.starts !== undefined) lines.push(`  It started before: ${previous.starts}`);
  lines.push(...entryNotes(plan, machine).map((note) => `  ${note}`));
  if (!installed.has(client.id)) lines.push(`  ${client.name} does not seem to be installed here.`);
  return [...lines, `  ${nextStep(client, scope)}`];
}
