// `npm run bench`: what this program costs, measured in turn with what it is compared to, in one run on one machine.
//   bench.ts [--rounds N]
import { join } from "node:path";
import { asObject, asObjects, asString } from "../src/lib/json.ts";
import { inTurn, median, type Pair } from "./bench/measure.ts";
import { StdioSession } from "./bench/stdio-session.ts";
import { compile, EXECUTABLE, ROOT } from "./build.ts";

const ROUNDS = Number(process.argv[process.argv.indexOf("--rounds") + 1]) || 21;
const IN_FLIGHT = 16;
const CALLS = 800;
const BYTES_GOAL = 28_000;

const build = join(ROOT, "dist", "bench");
const empty = join(build, "empty");
const sdkServer = join(build, "sdk-server");
const sdkFetch = join(build, "sdk-fetch");
await compile(join(ROOT, "src", "main.ts"), EXECUTABLE);
await compile(join(ROOT, "scripts", "bench", "empty.ts"), empty);
await compile(join(ROOT, "scripts", "bench", "sdk-server.ts"), sdkServer);
await compile(join(ROOT, "scripts", "bench", "sdk-fetch.ts"), sdkFetch);

interface Row {
  readonly what: string;
  readonly unit: string;
  readonly ours: number;
  readonly theirs: number;
  readonly goal: number;
}

const row = (what: string, unit: string, { ours, theirs }: Pair, goal: number): Row => ({
  what,
  unit,
  ours: median(ours),
  theirs: median(theirs),
  goal,
});

async function spawnToEnd(command: readonly string[]): Promise<number> {
  const started = performance.now();
  await Bun.spawn([...command], { stdin: "ignore", stdout: "ignore", stderr: "inherit" }).exited;
  return performance.now() - started;
}

/** Milliseconds from spawn to the answer of `tools/list`, and the peak memory by then in MB. */
async function startUp(
  command: readonly string[],
): Promise<{ milliseconds: number; megabytes: number; bytes: number }> {
  const started = performance.now();
  const session = new StdioSession(command, environment);
  await session.initialize();
  const answer = await session.request("tools/list", {});
  const milliseconds = performance.now() - started;
  const megabytes = session.peakMemory();
  await session.end();
  return { milliseconds, megabytes, bytes: Buffer.byteLength(JSON.stringify(JSON.parse(answer).result)) };
}

/** Median milliseconds of one piece of work when `IN_FLIGHT` of them are under way at any time. */
async function underLoad(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  let left = CALLS;
  const worker = async () => {
    while (left-- > 0) {
      const started = performance.now();
      await work();
      times.push(performance.now() - started);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  return median(times);
}

const tenant = Bun.spawn([EXECUTABLE, "sandbox", "--rate-limit", "0", "--json"], {
  stdout: "pipe",
  stderr: "inherit",
});
const { value: line } = await tenant.stdout.pipeThrough(new TextDecoderStream()).getReader().read();
const { url, domain, token }: { url: string; domain: string; token: string } = JSON.parse(line ?? "");
const environment = { AUTH0_DOMAIN: domain, AUTH0_TOKEN: token };

const rows: Row[] = [];
rows.push(
  row(
    "--version, against an empty program",
    "ms",
    await inTurn(
      ROUNDS,
      () => spawnToEnd([EXECUTABLE, "--version"]),
      () => spawnToEnd([empty]),
    ),
    2,
  ),
);

const memory = { ours: [] as number[], theirs: [] as number[] };
let bytes = 0;
const starts = await inTurn(
  ROUNDS,
  async () => {
    const { milliseconds, megabytes, bytes: listed } = await startUp([EXECUTABLE, "run"]);
    memory.ours.push(megabytes);
    bytes = listed;
    return milliseconds;
  },
  async () => {
    const { milliseconds, megabytes } = await startUp([sdkServer]);
    memory.theirs.push(megabytes);
    return milliseconds;
  },
);
rows.push(row("spawn to tools/list, against an SDK-only server", "ms", starts, 1.4));
rows.push(row("peak memory by then", "MB", memory, 1.25));

const listed = `${url}/api/v2/clients?per_page=5&page=0&include_totals=true`;
const page: unknown = await (await fetch(listed, { headers: { authorization: `Bearer ${token}` } })).json();
const clientId = asString(asObjects(asObject(page)?.["clients"]).at(-1)?.["client_id"]) ?? "";
const one = `${url}/api/v2/clients/${clientId}`;
const call = (session: StdioSession) => () =>
  session.request("tools/call", { name: "auth0_get_application", arguments: { client_id: clientId } });
const ours = new StdioSession([EXECUTABLE, "run"], environment);
const passing = new StdioSession([sdkFetch], environment);
await Promise.all([ours.initialize(), passing.initialize()]);
const callRounds = Math.max(3, Math.round(ROUNDS / 4));
const fetching = await inTurn(
  callRounds,
  () => underLoad(call(ours)),
  () => underLoad(async () => (await fetch(one, { headers: { authorization: `Bearer ${token}` } })).json()),
);
rows.push(row(`a tool call, against a plain fetch (p50, ${IN_FLIGHT} in flight)`, "ms", fetching, 1.3));
const passedOn = await inTurn(
  callRounds,
  () => underLoad(call(ours)),
  () => underLoad(call(passing)),
);
rows.push(row("the same, against an SDK-only server that passes the fetch on", "ms", passedOn, 1.3));
await Promise.all([ours.end(), passing.end()]);
tenant.kill();
await tenant.exited;

const cells = rows.map(({ what, unit, ours, theirs, goal }) => [
  what,
  `${ours.toFixed(2)} ${unit}`,
  `${theirs.toFixed(2)} ${unit}`,
  `${(ours / theirs).toFixed(2)}×`,
  `≤ ${goal}×`,
  ours / theirs <= goal ? "met" : "missed",
]);
cells.push([
  "bytes of the default tools/list",
  `${bytes}`,
  "",
  "",
  `≤ ${BYTES_GOAL}`,
  bytes <= BYTES_GOAL ? "met" : "missed",
]);
const headings = ["what", "auth0-mcp", "compared", "ratio", "goal", ""];
const widths = headings.map((heading, column) =>
  Math.max(heading.length, ...cells.map((cell) => cell[column]?.length ?? 0)),
);
for (const cell of [headings, ...cells])
  console.log(
    cell
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
