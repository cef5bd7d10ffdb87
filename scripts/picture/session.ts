import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { options } from "../../src/config/options.ts";
import { PRODUCT } from "../../src/config/product.ts";
import { haveSecretService, startSecretService } from "../support/secret-service.ts";
import { serveTenant } from "../support/tenants.ts";
import { haveTerminal, openTerminal, type Terminal } from "../support/terminal.ts";

/** What stands in the picture for what is another one each time. */
const TENANT = "acme.eu.auth0.com";
const CODE = "BDWP-HQPK";

/** Whether the session can be played here: in a real terminal, with a real keyring. */
export function canPlay(): boolean {
  return [haveTerminal(), haveSecretService()].every(Boolean);
}

/**
 * Plays a person's first session with the executable on a sandbox tenant that approves the sign-in.
 *
 * @param executable its path
 * @returns what the terminal showed, colours included, with stand-ins for domains and codes
 */
export async function playSession(executable: string): Promise<string> {
  const keyring = await startSecretService();
  const served = await serveTenant({ rateLimit: 0, signIn: { decision: "approve" } });
  const { domain, url } = served.tenant;
  const bin = join(keyring.home, "bin");
  mkdirSync(bin);
  symlinkSync(executable, join(bin, PRODUCT));
  const browser = join(keyring.home, "browser");
  writeFileSync(browser, "#!/bin/sh\n", { mode: 0o755 });
  const terminal = openTerminal(["/bin/sh"], {
    ...keyring.env,
    PATH: `${bin}:/usr/bin:/bin`,
    PS1: "$ ",
    LANG: "C.UTF-8",
    BROWSER: browser,
    [options.loginDomain.variable]: domain,
  });
  try {
    await type(terminal);
    return terminal
      .transcript()
      .replaceAll(`${url}/activate`, `https://${options.loginDomain.default}/activate`)
      .replaceAll(domain, TENANT)
      .replace(/\b[A-Z]{4}-[A-Z]{4}\b/g, CODE);
  } finally {
    terminal.close();
    await served.stop();
    await keyring.stop();
  }
}

async function type(terminal: Terminal): Promise<void> {
  await terminal.waitFor(/\$$/);
  terminal.press(`${PRODUCT} init --client claude-code --read-only`, "Enter");
  await terminal.waitFor(/0 of \d+/);
  terminal.press("a");
  await terminal.waitFor(/([1-9]\d*) of \1/);
  terminal.press("Enter");
  await terminal.waitFor(/Press Enter/);
  terminal.press("Enter");
  await terminal.waitFor(/^→ [\s\S]*\n\$$/m);
  terminal.press(`${PRODUCT} session`, "Enter");
  await terminal.waitFor(/^Scopes: [\s\S]*\n\$$/m);
}
