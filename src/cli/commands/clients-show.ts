import { locateFile, readClientFile } from "../../clients/locate.ts";
import { thisMachine } from "../../clients/machine.ts";
import { requestFor } from "../../clients/plan.ts";
import { snippet } from "../../clients/refusal.ts";
import { shortPath } from "../../config/paths.ts";
import { Exit, usageError } from "../../lib/errors.ts";
import { defineCommand } from "../command.ts";
import { launchFrom } from "../launch.ts";
import { addressesOf, addressFlags, launchFlags } from "./clients-args.ts";

export const clientsShow = defineCommand({
  meta: { name: "show", description: "Print what to put into a client's file by hand; nothing is written" },
  args: {
    id: { type: "positional", description: "One client; see clients list", required: true },
    ...addressFlags,
    ...launchFlags,
  },
  examples: [{ does: "The entry for Codex, reading only", type: "clients show codex --read-only" }],
  async run(args, invocation) {
    const { environment, output } = invocation;
    const machine = thisMachine(environment);
    const [address, second] = addressesOf([args.id], args);
    if (address === undefined || second !== undefined) throw usageError("clients show takes one client.");
    const { client, scope, project, name } = address;
    const request = requestFor(address, launchFrom(args, invocation, machine), machine);
    const file = await locateFile(client, scope, name, project, machine);
    const { data, problem } = await readClientFile(client, file);
    const text = await snippet(request, data === undefined && problem === undefined);
    output.note(`${client.name} reads it from ${shortPath(file, machine)}:`);
    await output.data(text);
    return Exit.done;
  },
});
