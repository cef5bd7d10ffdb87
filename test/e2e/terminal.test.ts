import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ServedTenant, serveTenant } from "../../scripts/support/tenants.ts";
import { haveTerminal, openTerminal, type Terminal } from "../../scripts/support/terminal.ts";
import { parseJson } from "../../src/lib/json.ts";
import { bareEnvironment, executable, run } from "../support/executable.ts";

const available = haveTerminal();
let approving: ServedTenant;
let asking: ServedTenant;
beforeAll(async () => {
  const serve = (decision: "approve" | "ask") => serveTenant({ rateLimit: 0, signIn: { decision } });
  [approving, asking] = await Promise.all([serve("approve"), serve("ask")]);
});
afterAll(() => Promise.all([approving.stop(), asking.stop()]));

let home: string;
let terminal: Terminal | undefined;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "auth0-mcp-"));
});
afterEach(() => {
  terminal?.close();
  rmSync(home, { recursive: true });
});

async function open(args: readonly string[], env: Record<string, string> = {}): Promise<Terminal> {
  const all = bareEnvironment({ HOME: home, LANG: "C.UTF-8", ...env });
  terminal = openTerminal([await executable(), ...args], all);
  return terminal;
}

/** The terminal is as it was: it echoes, and takes whole lines. */
const RESTORED = /ended with (\d+)\n(icanon\necho|echo\nicanon)/;

describe.skipIf(!available)("on a terminal", () => {
  const file = { AUTH0_MCP_STORE: "file" };

  test("scopes are picked with arrows and space, narrowed by the flags", async () => {
    const place = await open(["login", "--read-only", "--tools", "*application*"], {
      ...file,
      AUTH0_MCP_LOGIN_DOMAIN: approving.tenant.domain,
    });
    const first = await place.waitFor(/0 of \d+/);
    expect(first).toContain("read:clients");
    expect(first).not.toContain("create:clients");
    place.press("Down");
    await place.waitFor(/❯ +◯ read:clients/);
    place.press("Space");
    await place.waitFor(/1 of/);
    place.press("Enter");
    const ended = await place.waitFor(RESTORED);
    expect(ended).toContain("ended with 0");
    const env = { HOME: home };
    expect(parseJson((await run(["session", "--json"], { env })).stdout)).toMatchObject({
      scopes: ["read:clients", "offline_access"],
    });
  });

  test("a terminal that does not tell its size is drawn on as one of the usual size", async () => {
    const env = bareEnvironment({
      ...{ HOME: home, LANG: "C.UTF-8", AUTH0_MCP_LOGIN_DOMAIN: approving.tenant.domain },
      ...file,
    });
    const start = 'stty rows 0 cols 0; exec "$0" login --read-only --tools "*application*"';
    const place = openTerminal(["sh", "-c", start, await executable()], env);
    terminal = place;
    await place.waitFor(/0 of \d+/);
    place.press("Space");
    const shown = await place.waitFor(/1 of \d+/);
    expect(shown).not.toMatch(/0 of|nfinity|NaN/);
    expect(shown).toContain("read:clients");
    place.press("C-c");
    expect(await place.waitFor(RESTORED)).toContain("ended with 130");
  });

  test("an empty choice is allowed and says what it means", async () => {
    const place = await open(["login"], { ...file, AUTH0_MCP_LOGIN_DOMAIN: approving.tenant.domain });
    await place.waitFor(/0 of \d+/);
    place.press("Enter");
    const ended = await place.waitFor(RESTORED);
    expect(ended).toContain("every tool will be refused");
    expect(ended).toContain("ended with 0");
  });

  test("Ctrl+C in the picker: 130, the terminal as it was, and nothing written", async () => {
    const place = await open(["login"], { ...file, AUTH0_MCP_LOGIN_DOMAIN: approving.tenant.domain });
    await place.waitFor(/0 of \d+/);
    place.press("C-c");
    expect(await place.waitFor(RESTORED)).toContain("ended with 130");
    expect(existsSync(join(home, ".config"))).toBe(false);
  });

  test("the browser opens after Enter, and not before; Ctrl+C ends the wait with 130", async () => {
    const browser = join(home, "browser");
    const opened = join(home, "opened");
    writeFileSync(browser, `#!/bin/sh\necho "$1" > ${opened}\n`);
    chmodSync(browser, 0o755);
    const place = await open(["login", "--scopes", "none"], {
      ...file,
      AUTH0_MCP_LOGIN_DOMAIN: asking.tenant.domain,
      BROWSER: browser,
    });
    const shown = await place.waitFor(/Press Enter/);
    expect(shown).toContain(`${asking.tenant.url}/activate?user_code=`);
    await Bun.sleep(300);
    expect(existsSync(opened)).toBe(false);
    place.press("Enter");
    for (let turn = 0; turn < 100 && !existsSync(opened); turn++) await Bun.sleep(50);
    expect(readFileSync(opened, "utf8")).toContain("/activate?user_code=");
    place.press("C-c");
    expect(await place.waitFor(RESTORED)).toContain("ended with 130");
    expect(existsSync(join(home, ".config"))).toBe(false);
  });

  test("without a keyring the file is offered with a plain warning, and only a yes takes it", async () => {
    const words = ["login", "--scopes", "none"];
    const env = { AUTH0_MCP_LOGIN_DOMAIN: approving.tenant.domain };
    const refused = await open(words, env);
    expect(await refused.waitFor(/\[y\/N\]/)).toContain("not encrypted");
    refused.press("Enter");
    expect(await refused.waitFor(RESTORED)).toContain("ended with 1");
    refused.close();

    const agreed = await open(words, env);
    await agreed.waitFor(/\[y\/N\]/);
    agreed.press("y", "Enter");
    expect(await agreed.waitFor(RESTORED)).toContain("ended with 0");
    expect((await run(["session"], { env: { HOME: home } })).stdout).toContain("kept in a file");
  });

  test("--no-interaction asks nothing, on a terminal too", async () => {
    const place = await open(["login", "--no-interaction"], file);
    expect(await place.waitFor(RESTORED)).toContain("--scopes is needed");
  });
});
