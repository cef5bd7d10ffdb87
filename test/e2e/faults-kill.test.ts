import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { haveSecretService, startSecretService } from "../../scripts/support/secret-service.ts";
import { PRODUCT } from "../../src/config/product.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { asString } from "../../src/lib/json.ts";
import { bareEnvironment, executable, run } from "../support/executable.ts";
import { type GatedTenant, serveGatedTenant, tokenRefused } from "../support/gated-tenant.ts";
import { newHome } from "../support/home.ts";

const LIST = ["tools", "call", "auth0_list_applications", "--args", '{"per_page":1}'];

/** The authority's clock. Tokens of one second are the same, so it goes on between two of them. */
let ahead = 0;
const clock = { now: () => Date.now() + ahead, sleep: systemClock.sleep };

let served: GatedTenant;
beforeAll(async () => {
  served = await serveGatedTenant({ clock });
});
afterAll(() => served.stop());

const cleanups: (() => unknown)[] = [];
afterEach(() => Promise.all(cleanups.splice(0).map((cleanUp) => cleanUp())));

async function signIn(env: Record<string, string>): Promise<void> {
  const words = ["login", "--scopes", "*:clients", "--no-interaction"];
  expect((await run(words, { env: { ...env, ...served.env } })).code).toBe(0);
}

const newestRefreshToken = () => [...served.tenant.state.refreshTokens.keys()].at(-1);
const reuses = () => served.tenant.state.logs.filter(({ type }) => type === "ferrt").length;

/** From when the time until the kill counts: the start, the request for a token, or the moment the token is issued. */
type Step = "start" | "request" | "issue";

/**
 * Starts a command whose token the tenant refuses, so that it renews the session, and kills it so many milliseconds
 * after a step. With none after the request the authority never handles it; with none after the issue nobody reads the
 * answer.
 *
 * @returns whether the authority spent the refresh token
 */
async function killed(env: Record<string, string>, after: Step, delay: number): Promise<boolean> {
  let issued = false;
  let over = false;
  let refused: string | undefined;
  const ended = Promise.withResolvers<void>();
  const child = Bun.spawn([await executable(), ...LIST], {
    env: bareEnvironment(env),
    stdio: ["ignore", "ignore", "ignore"],
  });
  const kill = async () => {
    await moment(delay);
    child.kill("SIGKILL");
    await child.exited;
    ended.resolve();
  };
  const reached = async (step: Step) => {
    if (step !== after) return;
    const killing = kill();
    if (delay === 0) await killing;
  };
  served.gate = async (request, pass) => {
    const token = request.headers.get("authorization") ?? undefined;
    if (token !== undefined) {
      refused ??= token;
      return token === refused ? tokenRefused() : pass();
    }
    ahead += 1_000;
    if (over) return pass();
    await reached("request");
    if (child.killed) return new Response(null, { status: 503 });
    const answer = await pass();
    issued = true;
    await reached("issue");
    return answer;
  };
  await Promise.all([ended.promise, reached("start")]);
  over = true;
  return issued;
}

/** Passes time in steps that are finer than those of a timer. */
async function moment(milliseconds: number): Promise<void> {
  const end = performance.now() + milliseconds;
  while (performance.now() < end) await new Promise((resolve) => setImmediate(resolve));
}

type Moment = readonly [after: Step, delay: number];

/** Kills at every moment, looks at what is left, and goes on with it as the next command does. */
async function killAtEach(
  moments: readonly Moment[],
  env: Record<string, string>,
  left: () => string | undefined = newestRefreshToken,
) {
  const outcomes = { untouched: 0, renewed: 0, lost: 0 };
  for (const [after, delay] of moments) {
    const before = newestRefreshToken();
    const reused = reuses();
    const issued = await killed(env, after, delay);
    expect({ after, delay, left: [before, newestRefreshToken()].includes(left()) }).toMatchObject({
      left: true,
    });

    const { code, stdout, stderr } = await run(LIST, { env });
    // Between the answer and the store the new refresh token is nowhere but in the process. Then the old session is left,
    // whose refresh token the authority does not take again.
    const lost = reuses() > reused;
    const outcome = !issued ? "untouched" : lost ? "lost" : "renewed";
    outcomes[outcome]++;
    expect({ after, delay, outcome, code, stderr }).toEqual({
      after,
      delay,
      outcome,
      code: lost ? 5 : 0,
      stderr: "",
    });
    expect(lost && !issued).toBe(false);
    if (!lost) continue;
    expect(JSON.parse(stdout).error).toMatchObject({ hint: expect.stringContaining(`${PRODUCT} login`) });
    await signIn(env);
  }
  return outcomes;
}

/** So many moments, this far apart. */
function every(step: Step, count: number, apart: number): Moment[] {
  return Array.from({ length: count }, (_, index) => [step, index * apart] as const);
}

describe("kill -9 at any moment of a renewal leaves the old session or the new one, and the next command works", () => {
  test("in a file", async () => {
    const home = newHome();
    cleanups.push(home.remove);
    await signIn(home.env);
    const { domain } = served.tenant;
    const moments = [
      ...every("start", 14, 2.5),
      ...every("request", 3, 0),
      ...every("issue", 3, 0),
      ...every("issue", 20, 0.5),
      ...every("issue", 2, 250),
    ];
    const outcomes = await killAtEach(moments, home.env, () =>
      asString(home.record(domain)["refresh_token"]),
    );
    expect(outcomes.untouched).toBeGreaterThanOrEqual(3);
    expect(outcomes.lost).toBeGreaterThanOrEqual(3);
    expect(outcomes.renewed).toBeGreaterThanOrEqual(1);

    expect((await home.run(["logout"])).code).toBe(0);
    expect(home.files().filter((name) => name.includes("sessions"))).toEqual([]);
  }, 60_000);

  test.skipIf(!haveSecretService())(
    "in the system's keyring",
    async () => {
      const service = await startSecretService();
      cleanups.push(service.stop);
      await signIn(service.env);
      const moments = [...every("start", 4, 12), ...every("issue", 6, 15), ...every("issue", 2, 500)];
      const outcomes = await killAtEach(moments, service.env);
      expect(outcomes.renewed).toBeGreaterThanOrEqual(1);
      expect((await run(["logout"], { env: service.env })).code).toBe(0);
      expect(service.search(PRODUCT)).toBe("");
    },
    60_000,
  );
});
