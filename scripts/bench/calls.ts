import { join } from "node:path";
import { asObject, asObjects, asString } from "../../src/lib/json.ts";
import { inTurn, median, type Pair } from "./measure.ts";
import type { Programs } from "./programs.ts";
import { compared, type Row } from "./row.ts";
import { StdioSession } from "./stdio-session.ts";
import { serveTenant, type Tenant } from "./tenant.ts";

const IN_FLIGHT = 16;
const CALLS = 800;

/** A tool call, against a plain fetch of the same URL. */
export async function callRows(programs: Programs, tenant: Tenant, rounds: number): Promise<Row[]> {
  const listed = await fetchJson(
    `${tenant.url}/api/v2/clients?per_page=5&page=0&include_totals=true`,
    tenant,
  );
  const clientId = asString(asObjects(asObject(listed)?.["clients"]).at(-1)?.["client_id"]) ?? "";
  const ours = new StdioSession([programs.ours, "run"], tenant.environment);
  const passing = new StdioSession([programs.sdkFetch], tenant.environment);
  await Promise.all([ours.initialize(), passing.initialize()]);
  const plain = () => fetchJson(`${tenant.url}/api/v2/clients/${clientId}`, tenant);
  const fetched = await loaded(rounds, getApplication(ours, clientId), plain);
  const bare = await loaded(rounds, getApplication(passing, clientId), plain);
  const passedOn = await loaded(rounds, getApplication(ours, clientId), getApplication(passing, clientId));
  await Promise.all([ours.end(), passing.end()]);
  return [
    compared(`a tool call, against a plain fetch (p50, ${IN_FLIGHT} in flight)`, "ms", fetched, 1.2),
    compared("the same of an SDK-only server that passes the fetch on unchecked", "ms", bare),
    compared("a tool call, against that SDK-only server", "ms", passedOn),
    compared(
      "a tool call, against a plain fetch, when the tenant takes 20 ms to answer",
      "ms",
      await farAway(programs, tenant, rounds),
    ),
  ];
}

/** The same against a tenant that takes as long as a network does. */
async function farAway(programs: Programs, tenant: Tenant, rounds: number): Promise<Pair> {
  const slow = Bun.spawn([process.execPath, join(import.meta.dir, "slow-tenant.ts")], { stdout: "pipe" });
  const { value: port = "" } = await slow.stdout.pipeThrough(new TextDecoderStream()).getReader().read();
  const domain = `127.0.0.1:${port.trim()}`;
  const ours = new StdioSession([programs.ours, "run"], { ...tenant.environment, AUTH0_DOMAIN: domain });
  await ours.initialize();
  const plain = () => fetchJson(`http://${domain}/api/v2/clients/slow`, tenant);
  const pair = await loaded(rounds, getApplication(ours, "slow"), plain);
  await ours.end();
  slow.kill();
  await slow.exited;
  return pair;
}

const MANY = 1_000;
/** Walks in a row, as a round of calls has many: the first one after another program's is slower on either side. */
const WALKS = 10;

/** A search by name over many applications, against the requests it takes. */
export async function manyApplicationsRow(programs: Programs, rounds: number): Promise<Row> {
  const tenant = await serveTenant(programs.ours);
  const headers = { ...tenant.headers, "content-type": "application/json" };
  for (let index = 0; index < MANY; index++) {
    const body = JSON.stringify({ name: `Service ${index}`, app_type: "non_interactive" });
    await (await fetch(`${tenant.url}/api/v2/clients`, { method: "POST", headers, body })).text();
  }
  const ours = new StdioSession([programs.ours, "run"], tenant.environment);
  await ours.initialize();
  // A program of its own, so that neither side's code has run more often than the other's.
  const raw = Bun.spawn([programs.rawWalk, tenant.url, tenant.environment["AUTH0_TOKEN"] ?? ""], {
    stdin: "pipe",
    stdout: "pipe",
  });
  const walked = raw.stdout.getReader();
  const walk = async () => {
    raw.stdin.write("\n");
    await raw.stdin.flush();
    await walked.read();
  };
  const search = { name: "auth0_list_applications", arguments: { name: "service 99", per_page: 20 } };
  const searched = () => ours.request("tools/call", search);
  const pair = await inTurn(
    rounds,
    () => medianOf(WALKS, searched),
    () => medianOf(WALKS, walk),
  );
  raw.stdin.end();
  await Promise.all([ours.end(), raw.exited]);
  await tenant.stop();
  return compared(`${MANY} applications searched by name, against the raw requests`, "ms", pair, 1.2);
}

function getApplication(session: StdioSession, clientId: string): () => Promise<string> {
  const call = { name: "auth0_get_application", arguments: { client_id: clientId } };
  return () => session.request("tools/call", call);
}

async function fetchJson(url: string, { headers }: Tenant): Promise<unknown> {
  return (await fetch(url, { headers })).json();
}

function loaded(rounds: number, ours: () => Promise<unknown>, theirs: () => Promise<unknown>): Promise<Pair> {
  return inTurn(
    rounds,
    () => underLoad(ours),
    () => underLoad(theirs),
  );
}

/** Median milliseconds of one piece of work when `IN_FLIGHT` of them are under way at any time. */
async function underLoad(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  let left = CALLS;
  const worker = async () => {
    while (left-- > 0) times.push(await timed(work));
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  return median(times);
}

/** Median milliseconds of one piece of work done several times, one after the other. */
async function medianOf(times: number, work: () => Promise<unknown>): Promise<number> {
  const taken: number[] = [];
  for (let count = 0; count < times; count++) taken.push(await timed(work));
  return median(taken);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
