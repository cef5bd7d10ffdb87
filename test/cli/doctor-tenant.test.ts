import { describe, expect, test } from "bun:test";
import type { Examination } from "../../src/cli/doctor/check.ts";
import { scopes } from "../../src/cli/doctor/checks/scopes.ts";
import { session } from "../../src/cli/doctor/checks/session.ts";
import { tenant } from "../../src/cli/doctor/checks/tenant.ts";
import { type Result, runChecks } from "../../src/cli/doctor/examine.ts";
import { ALL, credentials, examinationIn, FAR, freshHome, look } from "./doctor-harness.ts";

const home = freshHome();

describe("session and scopes", () => {
  const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;

  test.each([
    [FAR, "pass", "acme.eu.auth0.com"],
    [inSeconds(600), "warn", "minutes"],
    [inSeconds(-600), "fail", "expired"],
  ] as const)("a token with exp %p: %s", async (exp, status, said) => {
    const [result] = await look(session, examinationIn(home(), credentials({ exp, scope: ALL })));
    expect(result).toMatchObject({ status, message: expect.stringContaining(said) });
    expect(result?.remedy !== undefined).toBe(status !== "pass");
  });

  test("nobody signed in fails once; what needs a session is not looked at", async () => {
    const results = await runChecks([session, scopes, tenant], examinationIn(home()));
    expect(results.map(({ status }) => status)).toEqual(["fail", "warn", "warn"]);
    expect(results[1]?.message).toContain("no session");
  });

  test.each([
    [ALL, {}, "pass", "all"],
    ["read:clients", {}, "warn", "create:clients"],
    ["read:clients", { tools: "*_list_applications" }, "pass", "all 1"],
    ["read:users", {}, "fail", "read:clients"],
    [undefined, {}, "pass", "does not tell"],
  ] as const)("scopes %j with %j: %s", async (scope, args, status, said) => {
    const claims = scope === undefined ? { exp: FAR } : { exp: FAR, scope };
    const [result] = await look(scopes, examinationIn(home(), credentials(claims), args));
    expect(result).toMatchObject({ status, message: expect.stringContaining(said) });
    expect(result?.remedy !== undefined).toBe(status !== "pass");
  });
});

describe("tenant", () => {
  /** Waiting before another attempt takes no time. */
  const at = (domain: string): Examination => ({
    ...examinationIn(home(), credentials({ exp: FAR, scope: ALL }, domain)),
    clock: { now: () => Date.now(), sleep: async () => undefined },
  });

  /** What a tenant answers; its headers say when it did, and how much of the limit is left. */
  async function against(answer: () => Response): Promise<Result | undefined> {
    const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: answer });
    const [result] = await look(tenant, at(`127.0.0.1:${server.port}`));
    await server.stop(true);
    return result;
  }
  const headers = (skew: number, remaining = "9") => ({
    date: new Date(Date.now() + skew).toUTCString(),
    "x-ratelimit-limit": "10",
    "x-ratelimit-remaining": remaining,
  });

  test("reachable, with agreeing clocks and room", async () => {
    const result = await against(() => Response.json([], { headers: headers(0) }));
    expect(result?.status).toBe("pass");
    expect(result?.message).toMatch(/answered in \d+ ms; the clocks agree; 9 of 10 requests are left/);
  });

  test.each([
    [600_000, "behind"],
    [-600_000, "ahead"],
  ])("a tenant's clock off by %p ms", async (skew, said) => {
    const result = await against(() => Response.json([], { headers: headers(skew) }));
    expect(result).toMatchObject({ status: "warn", message: expect.stringContaining(`minutes ${said}`) });
    expect(result?.remedy).toContain("clock");
  });

  test("hardly any requests left", async () => {
    const result = await against(() => Response.json([], { headers: headers(0, "0") }));
    expect(result).toMatchObject({ status: "warn", message: expect.stringContaining("0 of 10") });
  });

  test("a missing scope is an answer as well", async () => {
    const body = {
      statusCode: 403,
      error: "Forbidden",
      errorCode: "insufficient_scope",
      message: "Insufficient scope, expected any of: read:clients",
    };
    const result = await against(() => Response.json(body, { status: 403, headers: headers(0) }));
    expect(result?.status).toBe("pass");
  });

  test("a refused token, and nobody there, fail with a remedy", async () => {
    const refused = await against(() =>
      Response.json({ statusCode: 401, error: "Unauthorized", message: "Invalid token" }, { status: 401 }),
    );
    expect(refused?.status).toBe("fail");
    expect(refused?.remedy).toBeDefined();
    const [nobody] = await look(tenant, at("127.0.0.1:1"));
    expect(nobody).toMatchObject({ status: "fail", message: expect.stringContaining("127.0.0.1:1") });
  });
});
