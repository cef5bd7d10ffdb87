import { afterEach, beforeEach } from "bun:test";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Check, Examination } from "../../src/cli/doctor/check.ts";
import { examinationOf, type Result, runChecks } from "../../src/cli/doctor/examine.ts";
import type { RuntimeArgs } from "../../src/cli/runtime.ts";
import { registry } from "../../src/tools/registry.ts";
import { jwt } from "../auth/tokens.ts";
import { fakeInvocation } from "./harness.ts";

/** Every scope that a tool needs. */
export const ALL = [...new Set(registry.flatMap((tool) => tool.scopes))].join(" ");
/** An expiry time that no test lives to see. */
export const FAR = 4_000_000_000;

/** A fresh home folder for each test of the file that calls this. */
export function freshHome(): () => string {
  let home = "";
  beforeEach(() => {
    home = realpathSync(mkdtempSync(join(tmpdir(), "auth0-mcp-doctor-")));
  });
  afterEach(() => rmSync(home, { recursive: true }));
  return () => home;
}

/** An examination of a home folder, which is the working folder too. */
export function examinationIn(
  home: string,
  environment: Record<string, string> = {},
  args: RuntimeArgs = {},
): Examination {
  const own = { HOME: home, XDG_CONFIG_HOME: join(home, ".config"), APPDATA: home };
  const { invocation } = fakeInvocation({ ...own, ...environment });
  return { ...examinationOf(args, invocation), folder: home };
}

/** What a check tells, further checks included. */
export function look(check: Check, examination: Examination): Promise<Result[]> {
  return runChecks([check], examination);
}

/** Variables that describe a session. */
export function credentials(claims: Parameters<typeof jwt>[0], domain = "acme.eu.auth0.com") {
  return { AUTH0_DOMAIN: domain, AUTH0_TOKEN: jwt(claims) };
}
