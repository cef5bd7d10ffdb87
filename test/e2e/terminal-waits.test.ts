import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { haveTerminal, openTerminal, type Terminal } from "../../scripts/support/terminal.ts";
import { PRODUCT } from "../../src/config/product.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { withLock } from "../../src/lib/lock.ts";
import { bareEnvironment, executable, run } from "../support/executable.ts";
import { type GatedTenant, serveGatedTenant } from "../support/gated-tenant.ts";
import { type Home, newHome } from "../support/home.ts";

const DAY = 86_400_000;

let served: GatedTenant;
beforeAll(async () => {
  served = await serveGatedTenant();
});
afterAll(() => served.stop());

let home: Home;
let terminal: Terminal | undefined;
/** Lets the authority answer at last. */
let release: () => void;
beforeEach(async () => {
  home = newHome();
  served.gate = (_request, pass) => pass();
  const words = ["login", "--scopes", "*:clients", "--no-interaction"];
  expect((await home.run(words, { env: served.env })).code).toBe(0);
});
afterEach(() => {
  release?.();
  terminal?.close();
  home.remove();
});

/** The authority answers nothing that begins with this path before it is released. */
function hold(path: string): void {
  const held = Promise.withResolvers<void>();
  release = held.resolve;
  served.gate = async (request, pass) => {
    if (new URL(request.url).pathname.startsWith(path)) await held.promise;
    return pass();
  };
}

async function open(line: string, env: Record<string, string> = {}): Promise<Terminal> {
  const all = bareEnvironment({ ...home.env, LANG: "C.UTF-8", ...env });
  terminal = openTerminal([await executable(), ...line.split(" ")], all);
  return terminal;
}

const lockOf = (name: string) => join(home.folder, ".config", PRODUCT, name);

/** Does work while another process than the command holds a lock. */
function whileHeld<T>(lock: string, work: () => Promise<T>): Promise<T> {
  return withLock(lock, { clock: systemClock, timeout: 1_000 }, work);
}

describe.skipIf(!haveTerminal())("whoever waits on a terminal is told for what", () => {
  test("an application, for its token", async () => {
    hold("/oauth/token");
    const { domain, clientId, clientSecret } = served.tenant;
    const place = await open(`login --auth0-domain ${domain} --auth0-client-id ${clientId}`, {
      AUTH0_CLIENT_SECRET: clientSecret,
    });
    await place.waitFor(new RegExp(`Waiting for ${domain} to give a token`));
    release();
    await place.waitFor(/ended with 0/);
  });

  test("a person, for the code", async () => {
    hold("/oauth/device/code");
    const place = await open("login --scopes none --no-interaction", served.env);
    await place.waitFor(new RegExp(`Waiting for ${served.tenant.domain} to give a code`));
    release();
    expect(await place.waitFor(/ended with 0/)).toContain("activate");
  });

  test("session, for the renewal", async () => {
    home.age(served.tenant.domain, 2 * DAY);
    hold("/oauth/token");
    const place = await open("session");
    await place.waitFor(new RegExp(`Waiting for a token of ${served.tenant.domain}`));
    release();
    await place.waitFor(/ended with 0/);
  });

  test("logout, for the revocation", async () => {
    hold("/oauth/revoke");
    const place = await open("logout");
    await place.waitFor(new RegExp(`Signing out of ${served.tenant.domain}`));
    release();
    await place.waitFor(/ended with 0/);
  });

  test("logout, for another process with the session; Ctrl+C ends it at once, and the session stays", async () => {
    const { domain } = served.tenant;
    await whileHeld(home.lockFile(domain), async () => {
      const place = await open("logout");
      await place.waitFor(new RegExp(`Waiting for another process that works on the session of ${domain}`));
      place.press("C-c");
      await place.waitFor(/ended with 130/);
    });
    expect((await home.session()).code).toBe(0);
  });

  test("tenants use, for another process with the list; Ctrl+C ends it at once", async () => {
    await whileHeld(lockOf("tenants.lock"), async () => {
      const place = await open(`tenants use ${served.tenant.domain}`);
      await place.waitFor(/Waiting for another process that works on the list of tenants/);
      place.press("C-c");
      await place.waitFor(/ended with 130/);
    });
  });
});

test("without a terminal nothing is told, and a signal ends the waiting for a lock as well", async () => {
  const { domain } = served.tenant;
  home.age(domain, 2 * DAY);
  await whileHeld(home.lockFile(domain), async () => {
    for (const [words, signal, code] of [
      [["session"], "SIGINT", 130],
      [["logout"], "SIGTERM", 143],
    ] as const) {
      const child = Bun.spawn([await executable(), ...words], {
        env: bareEnvironment(home.env),
        stdio: ["ignore", "ignore", "pipe"],
      });
      await Bun.sleep(1_500);
      child.kill(signal);
      expect(await child.exited).toBe(code);
      expect(await new Response(child.stderr).text()).toBe("");
    }
  });
  expect((await run(["session"], { env: home.env })).code).toBe(0);
});
