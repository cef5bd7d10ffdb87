import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PRODUCT } from "../../src/config/product.ts";
import { asStrings } from "../../src/lib/json.ts";
import { bareEnvironment, executable, type Finished } from "../support/executable.ts";
import { type GatedTenant, serveGatedTenant } from "../support/gated-tenant.ts";
import { type Home, newHome } from "../support/home.ts";
import { addKeyApplication, type KeyApplication } from "../support/key-application.ts";

const DAY = 86_400_000;

let served: GatedTenant;
let job: KeyApplication;
beforeAll(async () => {
  served = await serveGatedTenant();
  job = await addKeyApplication(served.tenant);
});
afterAll(() => served.stop());

let home: Home;
let keyFile: string;
beforeEach(() => {
  home = newHome();
  keyFile = join(home.folder, "my key.pem");
  writeFileSync(keyFile, job.pem);
  served.gate = (_request, pass) => pass();
  served.tokenRequests.length = 0;
});
afterEach(() => home.remove());

const application = (id: string) => ["--auth0-domain", served.tenant.domain, "--auth0-client-id", id];

/** Signs in as the application that was granted every scope. */
function asShop(
  more: readonly string[],
  env: Record<string, string> = {},
  command = ["login"],
): Promise<Finished> {
  const { clientId, clientSecret } = served.tenant;
  const words = [...command, ...application(clientId), "--auth0-client-secret-stdin", ...more];
  return home.run(words, { env, stdin: clientSecret });
}

/** Signs in as the application that was granted read:clients alone, and proves itself by a key. */
const asJob = (more: readonly string[] = []) =>
  home.run(["login", ...application(job.clientId), "--auth0-private-key", keyFile, ...more]);

const scopes = async () => asStrings((await home.session()).data["scopes"]);
const asked = () => served.tokenRequests.map((form) => form.get("scope"));

describe("an application gets no more than the limits allow", () => {
  const ways: readonly (readonly [string, () => Promise<Finished>])[] = [
    ["login --read-only", () => asShop(["--read-only"])],
    ["login with the variable", () => asShop([], { AUTH0_MCP_READ_ONLY: "1" })],
    ["init --read-only", () => asShop(["--read-only"], {}, ["init", "--client", "none"])],
  ];
  for (const [name, signIn] of ways) {
    test(`${name}: only what reads, then and after every renewal`, async () => {
      const { code, stderr } = await signIn();
      expect(code).toBe(0);
      const reading = await scopes();
      expect(reading.length).toBeGreaterThan(50);
      expect(reading.filter((scope) => !scope.startsWith("read:"))).toEqual([]);
      expect(stderr).toMatch(
        new RegExp(`It has ${reading.length} of the \\d+ scopes that the application was granted`),
      );
      expect(asked()).toEqual([null, reading.join(" ")]);

      home.age(served.tenant.domain, 2 * DAY);
      expect(await scopes()).toEqual(reading);
      expect(asked().at(-1)).toBe(reading.join(" "));
    });
  }

  test("--tools: what these tools need", async () => {
    expect((await asShop(["--tools", "auth0_*_application"])).code).toBe(0);
    expect((await scopes()).sort()).toEqual(["create:clients", "read:clients", "update:clients"]);
  });

  test("AUTH0_MCP_EXCLUDE_TOOLS: what the other tools need", async () => {
    expect((await asShop([], { AUTH0_MCP_EXCLUDE_TOOLS: "*create*,*update*" })).code).toBe(0);
    expect(await scopes()).not.toContain("update:clients");
  });

  test("nothing of it granted: exit 3, what to grant, and nothing is kept", async () => {
    const { code, stdout, stderr } = await asJob(["--tools", "auth0_list_logs"]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toContain("Grant it read:logs for the Management API");
    expect(home.files().filter((name) => name.endsWith(".json"))).toEqual([]);
  });

  test("without limits it gets what it was granted, by one request that names no scope", async () => {
    expect(await asJob()).toMatchObject({ code: 0, stderr: "" });
    expect(await scopes()).toEqual(["read:clients"]);
    expect(asked()).toEqual([null]);
  });

  test.each([["login"], ["init --client none"]])(
    "%s --scopes none is refused, and says why",
    async (line) => {
      const { code, stdout, stderr } = await asShop(["--scopes", "none"], {}, line.split(" "));
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toContain("given all that it was granted");
      expect(served.tokenRequests).toEqual([]);
    },
  );
});

describe("the command that is advised works as it is typed", () => {
  /** Types a command into a shell that finds the program on its path. */
  async function type(command: string, stdin = ""): Promise<Finished> {
    const bin = join(home.folder, "bin");
    mkdirSync(bin, { recursive: true });
    symlinkSync(await executable(), join(bin, PRODUCT));
    const child = Bun.spawn(["sh", "-c", command], {
      env: bareEnvironment({ HOME: home.folder, PATH: `${bin}:/usr/bin:/bin` }),
      stdio: [Buffer.from(stdin), "pipe", "pipe"],
    });
    const [stdout, stderr] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
    ]);
    return { code: await child.exited, stdout, stderr };
  }

  /** What `session` advises once the authority renews nothing any more. */
  async function advice(): Promise<string> {
    home.age(served.tenant.domain, 2 * DAY);
    served.gate = () => Response.json({ error: "invalid_client" }, { status: 401 });
    const { code, stderr } = await home.run(["session"]);
    served.gate = (_request, pass) => pass();
    expect(code).toBe(3);
    const [, command = ""] = /Sign in again with: (.*)/.exec(stderr) ?? [];
    return command;
  }

  test("for an application with a secret: no scope is gained", async () => {
    expect((await asShop(["--scopes", "read:clients,read:logs"])).code).toBe(0);
    expect(await type(await advice(), served.tenant.clientSecret)).toMatchObject({ code: 0 });
    expect(await scopes()).toEqual(["read:clients", "read:logs"]);
  });

  test("for an application with a key", async () => {
    expect((await asJob(["--audience", `${served.tenant.url}/api/v2/`])).code).toBe(0);
    expect(await type(await advice())).toMatchObject({ code: 0, stderr: "" });
    expect((await home.session()).data).toMatchObject({
      method: "client_credentials",
      scopes: ["read:clients"],
    });
  });

  test("for a person, with the limits that were given", async () => {
    const words = ["login", "--scopes", "*", "--read-only", "--no-interaction"];
    expect((await home.run(words, { env: served.env })).code).toBe(0);
    const before = await scopes();
    const command = await advice();
    expect(command).toEndWith("--scopes 'read:*'");
    expect(await type(command)).toMatchObject({ code: 0 });
    expect(await scopes()).toEqual(before);
  });

  test("for more scopes", async () => {
    expect((await asShop(["--scopes", "read:clients"])).code).toBe(0);
    const form = ["tools", "call", "auth0_create_form", "--args", '{"name":"x"}'];
    const { code, stdout } = await home.run(form);
    expect(code).toBe(5);
    const [, command = ""] = /then: (.*)$/.exec(JSON.parse(stdout).error.hint) ?? [];
    expect(await type(command, served.tenant.clientSecret)).toMatchObject({ code: 0 });
    expect((await home.run(form)).code).toBe(0);
  });
});

describe("what a person is told", () => {
  test("which file holds the session", async () => {
    const { stdout } = await asJob();
    const path = `(~${home.sessionFile(served.tenant.domain).slice(home.folder.length)})`;
    expect(stdout).toContain(`The session is kept in a file ${path}.`);
    expect((await home.run(["session"])).stdout).toContain(`kept in a file ${path}.`);
  });

  test("which audience was refused", async () => {
    const wrong = "https://login.example.com/api/v2/";
    const { clientId, clientSecret, domain } = served.tenant;
    const byFlag = await asShop(["--audience", wrong]);
    expect(byFlag).toMatchObject({ code: 3 });
    expect(byFlag.stderr).toContain(`Check the audience ${wrong} (--audience)`);
    const variables = { AUTH0_DOMAIN: domain, AUTH0_CLIENT_ID: clientId, AUTH0_CLIENT_SECRET: clientSecret };
    const byVariable = await home.run(["session"], { env: { ...variables, AUTH0_AUDIENCE: wrong } });
    expect(byVariable).toMatchObject({ code: 3 });
    expect(byVariable.stderr).toContain(`Check the audience ${wrong} (AUTH0_AUDIENCE)`);
  });

  test("which variable is missing, and what a token of the environment needs when it ends", async () => {
    const { domain, clientSecret } = served.tenant;
    const half = await home.run(["session"], {
      env: { AUTH0_DOMAIN: domain, AUTH0_CLIENT_SECRET: clientSecret },
    });
    expect(half).toMatchObject({ code: 3 });
    expect(half.stderr).toContain("AUTH0_CLIENT_ID is not set");
    const token = await served.tenant.issueToken();
    const given = await home.run(["session"], { env: { AUTH0_DOMAIN: domain, AUTH0_TOKEN: token } });
    expect(given.stdout).toContain("a new AUTH0_TOKEN is needed then");
  });

  test("what to check after a refusal, and once that nothing was changed", async () => {
    const words = ["--tenant", "other.eu.auth0.com", "--scopes", "read:clients", "--no-interaction"];
    const login = await home.run(["login", ...words], { env: served.env });
    expect(login).toMatchObject({ code: 3 });
    expect(login.stderr).toContain("Check the tenant's domain");
    expect(login.stderr).not.toContain("same command");
    const init = await home.run(["init", "--client", "none", ...words], { env: served.env });
    expect(init.stderr.match(/Nothing was changed/g)).toHaveLength(1);
  });
});
