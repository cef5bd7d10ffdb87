import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { haveTerminal, openTerminal, type Terminal } from "../../scripts/support/terminal.ts";
import { bareEnvironment, executable } from "../support/executable.ts";
import { type GatedTenant, serveGatedTenant } from "../support/gated-tenant.ts";
import { type Home, newHome } from "../support/home.ts";

let served: GatedTenant;
beforeAll(async () => {
  served = await serveGatedTenant();
});
afterAll(() => served.stop());

let home: Home;
let terminal: Terminal | undefined;
beforeEach(() => {
  home = newHome();
});
afterEach(() => {
  terminal?.close();
  home.remove();
});

/** Signs in as an application on a terminal, as far as the question for its secret. */
async function asked(more: readonly string[] = []): Promise<Terminal> {
  const { domain, clientId } = served.tenant;
  const words = ["login", "--auth0-domain", domain, "--auth0-client-id", clientId, ...more];
  const env = bareEnvironment({ ...home.env, LANG: "C.UTF-8" });
  terminal = openTerminal([await executable(), ...words, "--auth0-client-secret-stdin"], env);
  return terminal;
}

/** The terminal is as it was: it echoes, and takes whole lines. */
const RESTORED = /ended with (\d+)\n(icanon\necho|echo\nicanon)/;

describe.skipIf(!haveTerminal())("a client secret that is asked for on a terminal", () => {
  test("is taken at Enter and shown nowhere", async () => {
    const place = await asked();
    await place.waitFor(/Client secret: *$/);
    place.press(served.tenant.clientSecret, "Enter");
    expect(await place.waitFor(RESTORED)).toContain("ended with 0");
    expect(place.transcript()).not.toContain(served.tenant.clientSecret.slice(0, 6));
    expect((await home.session()).data).toMatchObject({ authenticated: true });
  });

  test("can be corrected with Backspace", async () => {
    const place = await asked();
    await place.waitFor(/Client secret: *$/);
    place.press(`${served.tenant.clientSecret}xy`, "BSpace", "BSpace", "Enter");
    expect(await place.waitFor(RESTORED)).toContain("ended with 0");
  });

  test("Ctrl+C is 130, restores the terminal, and nothing is written", async () => {
    const place = await asked();
    await place.waitFor(/Client secret: *$/);
    place.press("half-a-secret", "C-c");
    expect(await place.waitFor(RESTORED)).toContain("ended with 130");
    expect(place.transcript()).not.toContain("half-a-secret");
    expect(home.files()).toEqual([]);
  });

  test("an empty one is exit 2", async () => {
    const place = await asked();
    await place.waitFor(/Client secret: *$/);
    place.press("Enter");
    expect(await place.waitFor(RESTORED)).toContain("is empty");
  });

  test("it is asked for last: what is wrong besides is told first", async () => {
    const place = await asked(["--scopes", "read:nothing"]);
    const shown = await place.waitFor(RESTORED);
    expect(shown).toContain("ended with 2");
    expect(shown).not.toContain("Client secret:");
  });

  test("--no-interaction asks for none", async () => {
    const place = await asked(["--no-interaction"]);
    const shown = await place.waitFor(RESTORED);
    expect(shown).toContain("ended with 2");
    expect(shown).not.toContain("Client secret:");
  });
});
