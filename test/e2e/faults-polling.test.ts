import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { bareEnvironment, executable } from "../support/executable.ts";
import { type GatedOptions, type GatedTenant, serveGatedTenant } from "../support/gated-tenant.ts";
import { type Home, newHome } from "../support/home.ts";
import { type Line, type LineState, startLine } from "../support/line.ts";

const TOKEN = "/oauth/token";

let home: Home;
beforeEach(() => {
  home = newHome();
});
const stops: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
  home.remove();
});

/** A tenant behind a line that can be disturbed. Nobody has decided about a sign-in yet. */
async function farTenant(options: GatedOptions = {}): Promise<{ served: GatedTenant; line: Line }> {
  const line = await startLine(() => served.port);
  const served = await serveGatedTenant({ domain: line.domain, signIn: { decision: "ask" }, ...options });
  stops.push(line.stop, served.stop);
  return { served, line };
}

function approve({ tenant }: GatedTenant): void {
  const { deviceSignIns } = tenant.state;
  for (const [code, signIn] of deviceSignIns) deviceSignIns.set(code, { ...signIn, decision: "approved" });
}

/** A sign-in that is under way, with every step followed. */
async function startLogin(domain: string) {
  const child = Bun.spawn([await executable(), "login", "--scopes", "read:clients", "--no-interaction"], {
    env: bareEnvironment({ ...home.env, AUTH0_MCP_LOGIN_DOMAIN: domain, DEBUG: "auth0-mcp" }),
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  stops.push(() => child.kill());
  let stderr = "";
  const decoder = new TextDecoder();
  const reading = (async () => {
    for await (const chunk of child.stderr) stderr += decoder.decode(chunk, { stream: true });
  })();
  /** How the polls ended so far, oldest first. */
  const polls = () =>
    stderr
      .split("\n")
      .filter((line) => line.includes(`path=${TOKEN} `))
      .map((line) => /outcome="?(no answer|\w+)/.exec(line)?.[1]);
  return {
    child,
    polls,
    /** Waits for another poll that ends like this. Throws when the sign-in ends instead. */
    async poll(outcome: string) {
      const from = polls().length;
      while (!polls().slice(from).includes(outcome)) {
        if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}: ${stderr}`);
        await Bun.sleep(5);
      }
    },
    async ended() {
      const [code, stdout] = await Promise.all([child.exited, new Response(child.stdout).text(), reading]);
      return { code, stdout, stderr };
    },
  };
}

test("a network that is cut while polling, in every way, delays the sign-in and no more", async () => {
  const { served, line } = await farTenant();
  const login = await startLogin(line.domain);
  await login.poll("authorization_pending");
  await line.set("cut");
  await login.poll("no answer");
  await line.set("bad gateway");
  await login.poll("502");
  await line.set("refused");
  await login.poll("no answer");
  await line.set("up");
  await login.poll("authorization_pending");
  approve(served);
  const { code, stdout } = await login.ended();
  expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining(line.domain) });
  // It was one sign-in, with one code.
  expect(new Set(served.tokenRequests.map((form) => form.get("device_code"))).size).toBe(1);
  expect((await home.session()).data).toMatchObject({ authenticated: true, domain: line.domain });
}, 30_000);

describe("a network that does not come back before the code expires is exit 4, and nothing is written", () => {
  const states: readonly (readonly [LineState, RegExp])[] = [
    ["cut", /the connection was (cut|closed)/],
    ["refused", /the connection was refused/],
    ["bad gateway", /it answered 502/],
  ];
  test.each(states)("%s", async (state, reason) => {
    const { line } = await farTenant({ codeLifetime: 1 });
    const login = await startLogin(line.domain);
    await login.poll("authorization_pending");
    await line.set(state);
    const { code, stdout, stderr } = await login.ended();
    expect({ code, stdout }).toEqual({ code: 4, stdout: "" });
    expect(stderr).toContain(`${line.domain} cannot be asked for a token`);
    expect(stderr).toMatch(reason);
    expect(home.files()).toEqual([]);
  });
});

test("Ctrl+C while the network is cut: exit 130, and nothing is written", async () => {
  const { line } = await farTenant();
  const login = await startLogin(line.domain);
  await login.poll("authorization_pending");
  await line.set("refused");
  await login.poll("no answer");
  login.child.kill("SIGINT");
  expect((await login.ended()).code).toBe(130);
  expect(home.files()).toEqual([]);
});

test("an approval whose answer is lost on its way is exit 3 with a sentence, and nothing is written", async () => {
  const { served, line } = await farTenant();
  const login = await startLogin(line.domain);
  await login.poll("authorization_pending");
  served.gate = async (_request, pass) => {
    const answer = await pass();
    if (answer.ok) await line.set("cut");
    return answer;
  };
  approve(served);
  await login.poll("no answer");
  await line.set("up");
  const { code, stdout, stderr } = await login.ended();
  expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
  expect(stderr).toContain("refused the sign-in");
  expect(home.files()).toEqual([]);
});
