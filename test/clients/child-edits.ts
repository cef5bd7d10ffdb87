import { applyEdit } from "../../src/clients/apply.ts";
import { findClient } from "../../src/clients/locate.ts";
import { thisMachine } from "../../src/clients/machine.ts";
import { planEntry } from "../../src/clients/plan.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { AppError } from "../../src/lib/errors.ts";
import type { ChildTask } from "./children.ts";

const task: ChildTask = JSON.parse(process.argv[2] ?? "");
const machine = thisMachine({ HOME: task.home }, "linux");
const workshop = { machine, clock: systemClock };

async function add(name: string, round: number): Promise<void> {
  const address = { client: findClient(task.client), scope: "user", project: task.home, name } as const;
  const args = round % 2 === 0 ? ["run"] : ["run", "--read-only"];
  await applyEdit(await planEntry(address, { command: "/opt/auth0-mcp", args }, workshop), workshop);
}

try {
  for (let round = 0; round === 0 || task.forever; round++) {
    for (const name of task.names) await add(name, round);
    if (round === 0) await Bun.write(Bun.stdout, "ready\n");
  }
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  await Bun.write(Bun.stderr, `${error.message}\n${error.hint ?? ""}\n`);
  process.exit(error.exit);
}
