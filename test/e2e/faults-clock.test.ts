import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { PRODUCT } from "../../src/config/product.ts";
import { asNumber } from "../../src/lib/json.ts";
import { connect } from "../support/client.ts";
import { clockOfFile, haveFaketime, shiftedAuthority, shiftedClock } from "../support/clock-shift.ts";
import { type GatedTenant, serveGatedTenant } from "../support/gated-tenant.ts";
import { type Home, newHome } from "../support/home.ts";
import { addKeyApplication } from "../support/key-application.ts";

const HOUR = 3_600_000;
const MINUTES = 60_000;
const DEVICE = ["login", "--scopes", "*:clients", "--no-interaction"];
const LIST = ["tools", "call", "auth0_list_applications", "--args", '{"per_page":1}'];
const faketime = haveFaketime();

let home: Home;
beforeEach(() => {
  home = newHome();
});
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
  home.remove();
});

/** A tenant, and the environment of a program whose clock is so many seconds ahead of the tenant's. */
async function tenantSeenFrom(seconds: number, tokenTtl: number) {
  const { options, gate } = shiftedAuthority(faketime ? 0 : -seconds);
  const served = await serveGatedTenant({ tokenTtl, ...options });
  served.gate = gate;
  stops.push(served.stop);
  return { served, env: { ...served.env, ...(faketime ? shiftedClock(seconds) : {}) } };
}

/** Signs in, about which there is nothing to warn of. */
async function signIn(words: readonly string[], env: Record<string, string>, stdin = ""): Promise<void> {
  const { code, stderr } = await home.run(words, { env, stdin });
  expect({ code, warned: stderr.includes(`${PRODUCT}:`) }).toEqual({ code: 0, warned: false });
}

function machine({ tenant }: GatedTenant, clientId: string, proof: readonly string[]): string[] {
  return ["login", "--auth0-domain", tenant.domain, "--auth0-client-id", clientId, ...proof];
}

/** The clock is really that wrong, and yet the hour of a token is an hour, it works, and it is renewed when it has ended. */
async function standsUse({ tenant, tokenRequests }: GatedTenant, env: Record<string, string>, ahead: number) {
  const offset = asNumber(home.record(tenant.domain)["clock_offset"]) ?? 0;
  expect(Math.abs(offset + ahead * 1_000)).toBeLessThan(5_000);
  const before = tokenRequests.length;
  const { code, data } = await home.session(["--min-ttl", "50m"], env);
  expect({ code, left: Math.round((asNumber(data["expires_in"]) ?? 0) / 60) }).toEqual({ code: 0, left: 60 });
  expect((await home.session(["--min-ttl", "2h"], env)).code).toBe(3);
  expect((await home.run(LIST, { env })).code).toBe(0);
  expect(tokenRequests).toHaveLength(before);
  home.age(tenant.domain, HOUR);
  expect((await home.run(LIST, { env })).code).toBe(0);
  expect((await home.session([], env)).code).toBe(0);
  expect(tokenRequests).toHaveLength(before + 1);
}

describe.each([600, -600])("a clock that is %d s ahead of the tenant's", (ahead) => {
  test("device flow", async () => {
    const { served, env } = await tenantSeenFrom(ahead, HOUR);
    await signIn(DEVICE, env);
    await standsUse(served, env, ahead);
  });

  test("client secret", async () => {
    const { served, env } = await tenantSeenFrom(ahead, HOUR);
    const { clientId, clientSecret } = served.tenant;
    await signIn(machine(served, clientId, ["--auth0-client-secret-stdin"]), env, clientSecret);
    await standsUse(served, env, ahead);
  });

  test("private key, kept or from the environment", async () => {
    const { served, env } = await tenantSeenFrom(ahead, HOUR);
    const { clientId, pem } = await addKeyApplication(served.tenant);
    const key = join(home.folder, "key.pem");
    writeFileSync(key, pem);
    await signIn(machine(served, clientId, ["--auth0-private-key", key]), env);
    await standsUse(served, env, ahead);
    const application = {
      AUTH0_DOMAIN: served.tenant.domain,
      AUTH0_CLIENT_ID: clientId,
      AUTH0_CLIENT_PRIVATE_KEY_FILE: key,
    };
    expect((await home.run(LIST, { env: { ...env, ...application } })).code).toBe(0);
  });

  test("a running server renews in time, neither with every call nor only when its token is refused", async () => {
    const { served, env } = await tenantSeenFrom(ahead, 1_000);
    const { gate } = served;
    let calls = 0;
    let refused = 0;
    served.gate = async (request, pass) => {
      if (new URL(request.url).pathname === "/oauth/token") await secondBegins();
      const answer = await gate(request, pass);
      if (answer.status === 401) refused++;
      return answer;
    };
    await signIn(DEVICE, env);
    const { client, call } = await connect(["run"], { ...home.env, ...env });
    while (served.tokenRequests.length < 3) {
      expect((await call("auth0_list_applications", { per_page: 1 })).isError).toBe(false);
      calls++;
      await Bun.sleep(20);
    }
    await client.close();
    expect(calls).toBeGreaterThan(2 * served.tokenRequests.length);
    expect(refused).toBeLessThan(served.tokenRequests.length - 1);
  }, 30_000);
});

/** Tokens count in whole seconds: only one that is issued at the beginning of one lasts as long as is said. */
async function secondBegins(): Promise<void> {
  const now = Date.now();
  await Bun.sleep(Math.ceil(now / 1_000) * 1_000 - now);
}

describe.skipIf(!faketime)("a clock that is set", () => {
  const changes = [
    [600, 0],
    [-600, 0],
    [0, 600],
    [0, -600],
  ] as const;

  test.each(changes)(
    "from %d s to %d s after signing in: what is said and done stays true",
    async (from, to) => {
      const served = await serveGatedTenant({ tokenTtl: 5 * MINUTES });
      stops.push(served.stop);
      await signIn(DEVICE, { ...served.env, ...shiftedClock(from) });
      const env = shiftedClock(to);
      const { code, data } = await home.session([], env);
      expect(code).toBe(0);
      const left = asNumber(data["expires_in"]) ?? 0;
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThanOrEqual(300);
      expect((await home.run(LIST, { env })).code).toBe(0);
    },
  );

  test.each(changes)("from %d s to %d s: a private key goes on renewing", async (from, to) => {
    const served = await serveGatedTenant();
    stops.push(served.stop);
    const { clientId, pem } = await addKeyApplication(served.tenant);
    const key = join(home.folder, "key.pem");
    writeFileSync(key, pem);
    await signIn(machine(served, clientId, ["--auth0-private-key", key]), shiftedClock(from));
    const env = shiftedClock(to);
    for (const expected of [2, 1]) {
      const before = served.tokenRequests.length;
      home.age(served.tenant.domain, 48 * HOUR);
      expect((await home.session([], env)).code).toBe(0);
      // The first renewal learns the new time, the next ones know it.
      expect(served.tokenRequests.length - before).toBe(expected);
    }
  });

  test("a token that ended is renewed although the clock was set back", async () => {
    const served = await serveGatedTenant({ tokenTtl: 1_000 });
    stops.push(served.stop);
    await signIn(DEVICE, { ...served.env, ...shiftedClock(600) });
    await Bun.sleep(1_100);
    expect((await home.session()).code).toBe(0);
    expect(served.tokenRequests.map((form) => form.get("grant_type"))).toEqual([
      "urn:ietf:params:oauth:grant-type:device_code",
      "refresh_token",
    ]);
  });

  test("forth and back under a running server, which takes a new token each time and goes on", async () => {
    const served = await serveGatedTenant({ tokenTtl: 5 * MINUTES });
    stops.push(served.stop);
    const time = join(home.folder, "time");
    writeFileSync(time, "+0s");
    await signIn(DEVICE, served.env);
    const { client, call } = await connect(["run"], { ...home.env, ...clockOfFile(time) });
    const list = async () => {
      expect((await call("auth0_list_applications", { per_page: 1 })).isError).toBe(false);
    };
    for (const [renewals, shift] of ["+0s", "+600s", "+0s", "-600s", "+0s"].entries()) {
      writeFileSync(time, shift);
      // The library that shifts the clock may look at the file a moment later.
      for (let turn = 0; turn < 50 && served.tokenRequests.length < 1 + renewals; turn++) await list();
      for (let turn = 0; turn < 3; turn++) await list();
      expect({ shift, requests: served.tokenRequests.length }).toEqual({ shift, requests: 1 + renewals });
    }
    await client.close();
  });
});
