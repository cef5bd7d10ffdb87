import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ServedTenant, serveTenant } from "../../scripts/support/tenants.ts";
import { haveChromium, openChromium, type Page } from "../support/chromium.ts";
import { bareEnvironment, executable } from "../support/executable.ts";

const available = haveChromium();
let served: ServedTenant;
let page: Page;
beforeAll(async () => {
  served = await serveTenant({ rateLimit: 0 });
  if (available) page = await openChromium();
});
afterAll(async () => {
  if (available) await page.close();
  await served.stop();
});

describe.skipIf(!available)("the activation page in a browser", () => {
  for (const [button, code, told] of [
    ["Approve", 0, "Sign-in approved"],
    ["Deny", 3, "Sign-in denied"],
  ] as const) {
    test(`${button} ends the sign-in that shows the same code`, async () => {
      const home = mkdtempSync(join(tmpdir(), "auth0-mcp-"));
      const child = Bun.spawn([await executable(), "login", "--scopes", "read:clients", "--no-interaction"], {
        env: bareEnvironment({
          HOME: home,
          AUTH0_MCP_STORE: "file",
          AUTH0_MCP_LOGIN_DOMAIN: served.tenant.domain,
        }),
        stdin: "ignore",
        stdout: "ignore",
        stderr: "pipe",
      });
      const { link, userCode } = await linkOf(child.stderr);
      await page.open(link);
      await page.waitFor("document.querySelector('#user-code') !== null");
      expect(await page.evaluate("document.querySelector('#user-code').innerText")).toBe(userCode);
      expect(await page.evaluate("document.body.innerText")).toContain("read:clients");
      await page.evaluate(
        `[...document.querySelectorAll("button")].find((b) => b.innerText === "${button}").click()`,
      );
      await page.waitFor("document.querySelector('#done') !== null");
      expect(await page.evaluate("document.querySelector('#done').innerText")).toBe(told);
      expect(await child.exited).toBe(code);
      rmSync(home, { recursive: true });
    });
  }

  test("a code can be typed in, and an unknown one is said to be", async () => {
    await page.open(`${served.tenant.url}/activate`);
    await page.waitFor("document.querySelector('input[name=user_code]') !== null");
    await page.evaluate("document.querySelector('input').value = 'XXXX-XXXX'");
    await page.evaluate("document.querySelector('button').click()");
    await page.waitFor("document.querySelector('[role=alert]') !== null");
    expect(await page.evaluate("document.querySelector('[role=alert]').innerText")).toContain("unknown");
  });
});

/** Link and code as the sign-in prints them. What follows is read as well: a closed stream would end the program. */
function linkOf(stream: ReadableStream<Uint8Array>): Promise<{ link: string; userCode: string }> {
  const found = Promise.withResolvers<{ link: string; userCode: string }>();
  const read = async () => {
    let text = "";
    const decoder = new TextDecoder();
    for await (const chunk of stream) {
      text += decoder.decode(chunk);
      const [, link, userCode] = /(http:\S+user_code=([A-Z-]{9}))/.exec(text) ?? [];
      if (link !== undefined && userCode !== undefined) found.resolve({ link, userCode });
    }
    found.reject(new Error(`no link in: ${text}`));
  };
  read().catch(found.reject);
  return found.promise;
}
