import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { systemClock } from "../../src/lib/clock.ts";
import { connect } from "../support/client.ts";
import { type GatedTenant, serveGatedTenant, tokenRefused } from "../support/gated-tenant.ts";
import { type Home, newHome } from "../support/home.ts";
import { untilOpenedBy } from "../support/open-files.ts";

const HOUR = 3_600_000;
const LIST = ["tools", "call", "auth0_list_applications", "--args", '{"per_page":1}'];

/** The authority's clock. Tokens of one second are the same, so it goes on between two of them. */
let ahead = 0;
const clock = { now: () => Date.now() + ahead, sleep: systemClock.sleep };

let served: GatedTenant;
beforeAll(async () => {
  served = await serveGatedTenant({ tokenTtl: HOUR, clock });
});
afterAll(() => served.stop());

let home: Home;
beforeEach(async () => {
  home = newHome();
  served.gate = (_request, pass) => pass();
  await signIn();
  served.tokenRequests.length = 0;
});
afterEach(() => home.remove());

async function signIn(): Promise<void> {
  const words = ["login", "--scopes", "*:clients", "--no-interaction"];
  expect((await home.run(words, { env: served.env })).code).toBe(0);
}

/** How often the authority has seen a refresh token for the second time. */
function reuses(): number {
  return served.tenant.state.logs.filter(({ type }) => type === "ferrt").length;
}

describe("two processes renew one session at once, with rotating refresh tokens", () => {
  /** Answers no request for a token before two processes are at the lock: one asks for the token, the other waits. */
  function holdUntilBothWait(refused: ReadonlySet<string> = new Set()): void {
    const lock = home.lockFile(served.tenant.domain);
    served.gate = async (request, pass) => {
      if (refused.has(request.headers.get("authorization") ?? "")) return tokenRefused();
      if (new URL(request.url).pathname === "/oauth/token") await untilOpenedBy(2, lock);
      return pass();
    };
  }

  test("two commands, 200 times: one request for a token each time, no reuse, no session lost", async () => {
    holdUntilBothWait();
    for (let round = 1; round <= 200; round++) {
      home.age(served.tenant.domain, HOUR);
      const [looked, called] = await Promise.all([home.run(["session", "--json"]), home.run(LIST)]);
      expect({ round, looked, called }).toMatchObject({
        looked: { code: 0, stderr: "" },
        called: { code: 0, stderr: "" },
      });
      expect(served.tokenRequests).toHaveLength(round);
    }
    expect(new Set(served.tokenRequests.map((form) => form.get("refresh_token"))).size).toBe(200);
    expect(reuses()).toBe(0);
  }, 60_000);

  test("two running servers whose token the tenant refuses, 100 times", async () => {
    const refused = new Set<string>();
    holdUntilBothWait(refused);
    const servers = await Promise.all([connect(["run"], home.env), connect(["run"], home.env)]);
    for (let round = 1; round <= 100; round++) {
      ahead += 1_000;
      refused.add(`Bearer ${home.record(served.tenant.domain)["access_token"]}`);
      const answers = await Promise.all(
        servers.map(({ call }) => call("auth0_list_applications", { per_page: 1 })),
      );
      expect({ round, failed: answers.filter(({ isError }) => isError) }).toEqual({ round, failed: [] });
      expect(served.tokenRequests).toHaveLength(round);
    }
    expect(reuses()).toBe(0);
    await Promise.all(servers.map(({ client }) => client.close()));
  }, 60_000);
});
