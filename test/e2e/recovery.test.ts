import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ServedTenant, serveTenant } from "../../scripts/support/tenants.ts";
import { connect } from "../support/client.ts";
import { run } from "../support/executable.ts";

let served: ServedTenant;
let other: ServedTenant;
let home: string;
let env: Record<string, string>;
beforeEach(async () => {
  [served, other] = await Promise.all([
    serveTenant({ rateLimit: 0 }),
    serveTenant({ rateLimit: 0, seed: "empty" }),
  ]);
  home = mkdtempSync(join(tmpdir(), "auth0-mcp-"));
  env = { HOME: home, AUTH0_MCP_STORE: "file" };
});
afterEach(async () => {
  rmSync(home, { recursive: true });
  await Promise.all([served.stop(), other.stop()]);
});

async function signIn({ tenant }: ServedTenant): Promise<void> {
  const flags = [
    "--auth0-domain",
    tenant.domain,
    "--auth0-client-id",
    tenant.clientId,
    "--auth0-client-secret-stdin",
  ];
  const { code, stderr } = await run(["login", ...flags], { env, stdin: tenant.clientSecret });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
}

test("a running server outlives a sign-out, says the command that mends it, and goes on after a new sign-in", async () => {
  await signIn(served);
  const { client, call } = await connect(["run"], env);
  expect((await call("auth0_list_applications")).isError).toBe(false);

  expect((await run(["logout"], { env })).code).toBe(0);
  const refused = await call("auth0_list_applications");
  expect(refused.isError).toBe(true);
  expect(JSON.stringify(refused.data)).toContain(`auth0-mcp login`);

  await signIn(served);
  expect((await call("auth0_list_applications")).isError).toBe(false);
  await client.close();
});

test("a running server stays on its tenant, whatever login and tenants use do meanwhile", async () => {
  await signIn(served);
  const { client, call } = await connect(["run"], env);
  await signIn(other);
  const { stdout } = await run(["session", "--json"], { env });
  expect(JSON.parse(stdout)).toMatchObject({ domain: other.tenant.domain });
  const { data } = await call("auth0_list_applications", { name: "Customer Portal" });
  expect(data).toMatchObject({ total: 1 });
  await client.close();

  const asked = await run(["tools", "call", "auth0_list_applications", "--tenant", served.tenant.domain], {
    env,
  });
  expect(JSON.parse(asked.stdout).total).toBeGreaterThan(1);
});
