// The whole gate: `npm test`. Ends with `N passed, N failed`, read from the test runner's own report.
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./build.ts";

const BUN = process.execPath;
const REPORT = join(ROOT, "dist", "test-report.xml");

interface Step {
  readonly name: string;
  readonly command: readonly string[];
}

/** A log is read as text. */
const colours = process.stdout.isTTY ? [] : ["--colors=off"];

const steps: readonly Step[] = [
  { name: "types", command: [BUN, "x", "tsc", "--noEmit"] },
  { name: "lint", command: [BUN, "x", "biome", "ci", "--error-on-warnings", ...colours, "."] },
  { name: "generated files", command: [BUN, "scripts/generate.ts", "--check"] },
  { name: "build", command: [BUN, "scripts/build.ts"] },
];

function run({ name, command }: Step): boolean {
  console.error(`\n— ${name}`);
  const started = performance.now();
  const { success } = Bun.spawnSync([...command], { cwd: ROOT, stdio: ["ignore", "inherit", "inherit"] });
  console.error(
    `— ${name}: ${success ? "passed" : "failed"} after ${((performance.now() - started) / 1000).toFixed(1)} s`,
  );
  return success;
}

/** Totals of the runner's JUnit report. */
function totals(): { passed: number; failed: number } {
  const suites = /<testsuites[^>]*>/.exec(readFileSync(REPORT, "utf8"))?.[0] ?? "";
  const count = (name: string) => Number(new RegExp(` ${name}="(\\d+)"`).exec(suites)?.[1] ?? Number.NaN);
  const failed = count("failures");
  return { passed: count("tests") - failed - count("skipped"), failed };
}

mkdirSync(join(ROOT, "dist"), { recursive: true });
rmSync(REPORT, { force: true });
for (const step of steps) {
  if (!run(step)) process.exit(1);
}
const passed = run({
  name: "tests",
  command: [
    BUN,
    "test",
    "--timeout",
    "120000",
    "--reporter=junit",
    `--reporter-outfile=${REPORT}`,
    ...process.argv.slice(2),
  ],
});
const result = totals();
console.log(`${result.passed} passed, ${result.failed} failed`);
if (!passed || result.failed > 0 || !(result.passed > 0)) process.exit(1);
