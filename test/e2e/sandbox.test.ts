import { describe, expect, test } from "bun:test";
import { isObject, type JsonObject, parseJson } from "../../src/lib/json.ts";
import { bareEnvironment, executable, run } from "../support/executable.ts";

/** Starts `auth0-mcp sandbox --json` and reads its one line. */
async function startSandbox(flags: readonly string[] = []) {
  const child = Bun.spawn([await executable(), "sandbox", "--json", ...flags], {
    env: bareEnvironment(),
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`The sandbox ended: ${await new Response(child.stderr).text()}`);
    text += value;
  }
  const facts = parseJson(text);
  if (!isObject(facts)) throw new Error(`The sandbox printed "${text}"`);
  const fact = (name: string) => String(facts[name]);
  return { child, facts, fact, env: { AUTH0_DOMAIN: fact("domain"), AUTH0_TOKEN: fact("token") } };
}

const call = (name: string, args: JsonObject, env: Record<string, string>) =>
  run(["tools", "call", name, "--args", JSON.stringify(args)], { env });

describe("auth0-mcp sandbox", () => {
  test("prints what a script needs, keeps state between calls, and ends with 130 on SIGINT", async () => {
    const { child, facts, env } = await startSandbox();
    expect(Object.keys(facts).sort()).toEqual(["client_id", "client_secret", "domain", "token", "url"]);
    expect(facts["url"]).toBe(`http://${env.AUTH0_DOMAIN}`);
    expect((await call("auth0_create_application", { name: "Kept" }, env)).code).toBe(0);
    const found = await call("auth0_list_applications", { name: "kept" }, env);
    expect(JSON.parse(found.stdout)).toMatchObject({ total: 1 });
    child.kill("SIGINT");
    expect(await child.exited).toBe(130);
  });

  test("gives a token for its machine-to-machine application, and none before a grant exists", async () => {
    const { child, fact, env } = await startSandbox(["--seed", "empty"]);
    const ask = (client_id: string, client_secret: string, audience: string) =>
      fetch(`${fact("url")}/oauth/token`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ grant_type: "client_credentials", client_id, client_secret, audience }),
      });
    const audience = `${fact("url")}/api/v2/`;
    const own = await ask(fact("client_id"), fact("client_secret"), audience);
    expect(own.status).toBe(200);
    const made = await fetch(`${fact("url")}/api/v2/clients`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${env.AUTH0_TOKEN}` },
      body: JSON.stringify({ name: "New", app_type: "non_interactive" }),
    });
    const { client_id, client_secret }: { client_id: string; client_secret: string } = JSON.parse(
      await made.text(),
    );
    const refused = await ask(client_id, client_secret, audience);
    expect(refused.status).toBe(403);
    child.kill("SIGTERM");
    expect(await child.exited).toBe(143);
  });

  test("limits its rate, and the client waits and goes on", async () => {
    const { child, env } = await startSandbox(["--rate-limit", "1"]);
    const calls = await Promise.all([1, 2].map(() => call("auth0_list_applications", { per_page: 1 }, env)));
    expect(calls.map(({ code }) => code)).toEqual([0, 0]);
    child.kill();
    await child.exited;
  });

  test("a token lasts as long as it was asked to, and run says that it has ended", async () => {
    const { child, env } = await startSandbox(["--token-ttl", "1s"]);
    await Bun.sleep(1_100);
    const { code, stderr } = await run(["run"], { env });
    expect(code).toBe(3);
    expect(stderr).toContain("expired");
    child.kill();
    await child.exited;
  });

  test("a port in use is exit 1 with the remedy", async () => {
    const { child, env } = await startSandbox();
    const port = env.AUTH0_DOMAIN.split(":")[1] ?? "";
    const second = await run(["sandbox", "--port", port]);
    expect({ code: second.code, stdout: second.stdout }).toEqual({ code: 1, stdout: "" });
    expect(second.stderr).toContain(port);
    child.kill();
    await child.exited;
  });
});
