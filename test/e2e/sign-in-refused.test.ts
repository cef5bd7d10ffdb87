import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { asObjects, isObject, parseJson } from "../../src/lib/json.ts";
import { connect } from "../support/client.ts";
import { executable } from "../support/executable.ts";
import { type GatedTenant, serveGatedTenant } from "../support/gated-tenant.ts";
import { type Home, newHome } from "../support/home.ts";

let served: GatedTenant;
beforeAll(async () => {
  served = await serveGatedTenant();
});
afterAll(() => served.stop());

let home: Home;
let asked: string[];
beforeEach(() => {
  home = newHome();
  asked = [];
  served.gate = (request, pass) => {
    asked.push(new URL(request.url).pathname);
    return pass();
  };
});
afterEach(() => home.remove());

const LOGIN = ["login", "--scopes", "read:clients", "--no-interaction"];
const machine = () => {
  const { domain, clientId } = served.tenant;
  return ["login", "--auth0-domain", domain, "--auth0-client-id", clientId];
};

describe("what proves an application is read no further than it can be one", () => {
  test("a secret on stdin without end: exit 2", async () => {
    const through = ["sh", "-c", 'exec "$@" </dev/zero', "sh"];
    const { code, stderr } = await home.run([...machine(), "--auth0-client-secret-stdin"], { through });
    expect({ code, asked }).toEqual({ code: 2, asked: [] });
    expect(stderr).toContain("More than 16 KiB came on stdin.");
  });

  test("a key without end: exit 2", async () => {
    const { code, stderr } = await home.run([...machine(), "--auth0-private-key", "/dev/zero"]);
    expect({ code, asked }).toEqual({ code: 2, asked: [] });
    expect(stderr).toContain("holds more than 64 KiB");
  });

  test("a key from a pipe that nobody writes to: an interrupt ends the waiting", async () => {
    const pipe = join(home.folder, "pipe");
    Bun.spawnSync(["mkfifo", pipe]);
    const child = Bun.spawn([await executable(), ...machine(), "--auth0-private-key", pipe], {
      env: home.env,
      stdin: "ignore",
      stdout: "ignore",
      stderr: "ignore",
    });
    await Bun.sleep(400);
    child.kill("SIGINT");
    expect(await child.exited).toBe(130);
  });
});

test("a session file that is a link is found before anybody is asked to sign in", async () => {
  const { domain } = served.tenant;
  const file = home.sessionFile(domain);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(join(home.folder, "elsewhere"), "{}");
  symlinkSync(join(home.folder, "elsewhere"), file);
  for (const words of [
    [...LOGIN, "--tenant", domain],
    [...machine(), "--auth0-client-secret-stdin"],
  ]) {
    const { code, stderr } = await home.run(words, { env: served.env, stdin: served.tenant.clientSecret });
    expect({ code, asked }).toEqual({ code: 1, asked: [] });
    expect(stderr).toContain("is a link");
  }
});

describe("a former session in a keyring that cannot be reached", () => {
  const tenantsFile = () => join(dirname(dirname(home.sessionFile("x"))), "tenants.json");

  function listed() {
    const list = parseJson(readFileSync(tenantsFile(), "utf8"));
    return asObjects(isObject(list) ? list["tenants"] : undefined);
  }

  test("is told, remembered, and never said to be gone", async () => {
    const { domain } = served.tenant;
    expect((await home.run(LOGIN, { env: served.env })).code).toBe(0);
    const [profile] = listed();
    const former = { version: 1, current: domain, tenants: [{ ...profile, store: "keyring" }] };
    writeFileSync(tenantsFile(), JSON.stringify(former));
    const again = await home.run(LOGIN, { env: served.env });
    expect(again.code).toBe(0);
    expect(again.stderr).toContain(`auth0-mcp logout --tenant ${domain}`);
    expect(listed()).toMatchObject([{ domain, store: "file", left_in: "keyring" }]);
    expect((await home.session()).code).toBe(0);
    for (const words of [["logout"], ["logout", "--all"], ["tenants", "remove", domain]]) {
      const { code, stdout, stderr } = await home.run(words);
      expect({ words, code, stdout }).toEqual({ words, code: 1, stdout: "" });
      expect(stderr).toContain("keyring");
      expect(listed()).toHaveLength(1);
    }
  });
});

test("after a sign-out elsewhere a running server names the command of that sign-in", async () => {
  expect((await home.run(LOGIN, { env: served.env })).code).toBe(0);
  const { client, call } = await connect(["run"], home.env);
  expect((await home.run(["logout"])).code).toBe(0);
  const { isError, data } = await call("auth0_list_applications", { per_page: 1 });
  expect(isError).toBe(true);
  const told = JSON.stringify(data);
  expect(told).toContain("AUTH0_MCP_STORE=file");
  expect(told).toContain(`AUTH0_MCP_LOGIN_DOMAIN=${served.tenant.domain}`);
  expect(told).toContain(`login --tenant ${served.tenant.domain} --scopes read:clients`);
  await client.close();
});
