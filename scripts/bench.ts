// `npm run bench`: what this program costs, measured in turn with what it is compared to, in one run on one machine.
//   bench.ts [--rounds N] [--write]     --write puts the table and its figure into docs/performance.md
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { arch, cpus, platform } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { callRows, manyApplicationsRow } from "./bench/calls.ts";
import { figure } from "./bench/figure.ts";
import { compilePrograms } from "./bench/programs.ts";
import type { Row } from "./bench/row.ts";
import { commandRows, serverRows } from "./bench/start-up.ts";
import { markdownTable, textTable } from "./bench/table.ts";
import { serveTenant } from "./bench/tenant.ts";
import { ROOT } from "./build.ts";
import { withPart } from "./parts.ts";
import { argumentsOf } from "./support/arguments.ts";

const { rounds, write } = argumentsOf(() => {
  const { values: flags } = parseArgs({
    options: { rounds: { type: "string", default: "21" }, write: { type: "boolean", default: false } },
  });
  const rounds = Number(flags.rounds);
  if (!Number.isInteger(rounds) || rounds < 3) throw new Error("--rounds takes a whole number from 3 on");
  return { rounds, write: flags.write };
});
/** A round of calls is some hundred calls, so fewer rounds do. */
const callRounds = Math.max(3, Math.round(rounds / 4));

const programs = await compilePrograms();
const tenant = await serveTenant(programs.ours);
const megabytes = (file: string) => statSync(file).size / 1e6;
const rows: Row[] = [
  ...(await commandRows(programs, tenant, rounds)),
  ...(await serverRows(programs, tenant, rounds)),
  ...(await callRows(programs, tenant, callRounds)),
  await manyApplicationsRow(programs, rounds),
  {
    ...{ what: "size of the executable, against an empty one", unit: "MB", goal: 1.08 },
    ...{ ours: megabytes(programs.ours), theirs: megabytes(programs.empty) },
  },
];
await tenant.stop();
console.log(textTable(rows));

if (write) {
  const page = join(ROOT, "docs", "performance.md");
  const machine = `Measured with Bun ${Bun.version} on ${platform()} ${arch()}, ${cpus().length} cores.`;
  const part = `${machine}\n\n${markdownTable(rows)}`;
  writeFileSync(page, withPart(readFileSync(page, "utf8"), "bench", part));
  writeFileSync(join(ROOT, "docs", "performance.svg"), figure(rows));
}
