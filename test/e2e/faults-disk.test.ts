import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { asString } from "../../src/lib/json.ts";
import { connect } from "../support/client.ts";
import { type GatedTenant, serveGatedTenant } from "../support/gated-tenant.ts";
import { haveMounts, type MountedHome, mountHome } from "../support/mounted-home.ts";

const HOUR = 3_600_000;
const LOGIN = ["login", "--scopes", "*:clients", "--no-interaction"];
const LIST = ["tools", "call", "auth0_list_applications", "--args", '{"per_page":1}'];
const available = haveMounts();

let served: GatedTenant;
let other: GatedTenant;
beforeAll(async () => {
  [served, other] = await Promise.all([
    serveGatedTenant({ tokenTtl: HOUR }),
    serveGatedTenant({ tokenTtl: HOUR }),
  ]);
});
afterAll(() => Promise.all([served.stop(), other.stop()]));

let home: MountedHome;
/** Paths the authority was asked for. */
let asked: string[];
beforeEach(async () => {
  asked = [];
  meanwhile(() => undefined);
  if (available) home = await mountHome();
});
afterEach(() => home?.stop());

/** Does something when the authority is asked for a token, before it answers. */
function meanwhile(act: () => void): void {
  served.gate = (request, pass) => {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith("/oauth/")) asked.push(pathname);
    if (pathname === "/oauth/token") act();
    return pass();
  };
}

async function signIn({ env }: GatedTenant): Promise<void> {
  expect((await home.run(LOGIN, { env })).code).toBe(0);
  asked = [];
}

const kept = () => home.record(served.tenant.domain)["refresh_token"];
const newest = () => [...served.tenant.state.refreshTokens.keys()].at(-1);
const reuses = () => served.tenant.state.logs.filter(({ type }) => type === "ferrt").length;
const files = () => home.files().map((name) => name.replace(/^.*\//, ""));

/** Lets the session end, so that the next command renews it. */
const age = () => home.age(served.tenant.domain, 2 * HOUR);

async function current(): Promise<string | undefined> {
  const { code, data } = await home.session();
  expect(code).toBe(0);
  return asString(data["domain"]);
}

/** Exit 1 with one sentence and its remedy, and no other output. */
async function failsWith(words: readonly string[], reason: string): Promise<void> {
  const { code, stdout, stderr } = await home.run(words, { env: served.env });
  expect({ words, code, stdout, lines: stderr.trim().split("\n").length }).toEqual({
    words,
    code: 1,
    stdout: "",
    lines: 2,
  });
  expect(stderr).toContain(reason);
}

describe.skipIf(!available)("a full disk", () => {
  const FULL = "the disk is full";

  test("is found before anybody is asked to sign in, and nothing is written", async () => {
    home.fill();
    await failsWith(LOGIN, FULL);
    expect(asked).toEqual([]);
    expect(files()).toEqual(["filler"]);
    home.free();
    await signIn(served);
  });

  test("that fills up during the sign-in leaves no part of it, and what was there before", async () => {
    await signIn(other);
    const before = files();
    meanwhile(() => home.fill());
    const { code, stdout, stderr } = await home.run(LOGIN, { env: served.env });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(FULL);
    const lock = `${encodeURIComponent(served.tenant.domain)}.lock`;
    expect(files().sort()).toEqual([...before, "filler", lock].sort());
    expect(await current()).toBe(other.tenant.domain);
  });

  test("keeps a session from being renewed before its refresh token is spent", async () => {
    await signIn(served);
    age();
    home.fill();
    const before = kept();
    for (const words of [["session"], LIST, ["run"]]) await failsWith(words, FULL);
    expect({ asked, kept: kept() }).toEqual({ asked: [], kept: before });
    home.free();
    expect(await current()).toBe(served.tenant.domain);
    expect(kept()).toBe(newest());
  });

  test("that fills up during a renewal: the command does its work and tells what is lost", async () => {
    await signIn(served);
    age();
    const before = home.record(served.tenant.domain);
    meanwhile(() => home.fill());
    const { code, stderr } = await home.run(LIST);
    expect(code).toBe(0);
    expect(stderr).toContain("The renewed session could not be kept");
    expect(stderr).toContain(FULL);
    expect(home.record(served.tenant.domain)).toEqual(before);
    expect(files().filter((name) => name.endsWith(".tmp"))).toEqual([]);
    meanwhile(() => undefined);
    home.free();
    const { code: next, data } = await home.session();
    expect(next).toBe(3);
    expect(data["reason"]).toContain("was not renewed");
  });

  test("that fills up during a renewal: a running server goes on, and keeps the session once there is room", async () => {
    await signIn(served);
    age();
    const before = reuses();
    meanwhile(() => home.fill());
    const { client, call, stderr } = await connect(["run"], home.env, home.through);
    for (let turn = 0; turn < 3; turn++) {
      expect((await call("auth0_list_applications", { per_page: 1 })).isError).toBe(false);
    }
    expect(stderr().split("could not be kept")).toHaveLength(2);
    expect(kept()).not.toBe(newest());
    meanwhile(() => undefined);
    home.free();
    expect((await call("auth0_list_applications", { per_page: 1 })).isError).toBe(false);
    expect(asked).toEqual(["/oauth/token"]);
    expect(kept()).toBe(newest());
    await client.close();
    age();
    expect(await current()).toBe(served.tenant.domain);
    expect(reuses()).toBe(before);
  });

  test("keeps the current tenant from being changed, but nobody from signing out", async () => {
    await signIn(served);
    await signIn(other);
    home.fill();
    await failsWith(["tenants", "use", served.tenant.domain], FULL);
    expect(await current()).toBe(other.tenant.domain);
    expect(await home.run(["logout", "--all"])).toMatchObject({ code: 0, stderr: "" });
    expect(files().filter((name) => name.endsWith(".json"))).toEqual(["tenants.json"]);
    expect((await home.session()).code).toBe(3);
  });
});

describe.skipIf(!available)("a read-only home", () => {
  const READ_ONLY = "the file system is read-only";

  test("is found before anybody is asked to sign in", async () => {
    home.remount("ro");
    await failsWith(LOGIN, READ_ONLY);
    expect(asked).toEqual([]);
    expect(files()).toEqual([]);
  });

  test("lets a session be looked at and used as long as its token lasts, and changes nothing", async () => {
    await signIn(other);
    await signIn(served);
    home.remount("ro");
    expect(await current()).toBe(served.tenant.domain);
    expect((await home.run(LIST)).code).toBe(0);
    expect((await home.run(["tenants", "list"])).code).toBe(0);
    const { client, call } = await connect(["run"], home.env, home.through);
    expect((await call("auth0_list_applications", { per_page: 1 })).isError).toBe(false);
    await client.close();
    await failsWith(["tenants", "use", other.tenant.domain], READ_ONLY);
    expect(await current()).toBe(served.tenant.domain);
    expect(asked).toEqual([]);
  });

  test("keeps a session from being renewed before its refresh token is spent", async () => {
    await signIn(served);
    age();
    home.remount("ro");
    for (const words of [["session"], LIST, ["run"]]) await failsWith(words, READ_ONLY);
    expect(asked).toEqual([]);
    home.remount("rw");
    expect(await current()).toBe(served.tenant.domain);
  });

  test("keeps a sign-out from being completed, which says how far it came, and can be repeated", async () => {
    await signIn(served);
    home.remount("ro");
    await failsWith(["logout"], READ_ONLY);
    const again = await home.run(["logout"]);
    expect(again.stderr).toContain("refresh token is revoked already");
    expect(await current()).toBe(served.tenant.domain);
    home.remount("rw");
    expect(await home.run(["logout"])).toMatchObject({ code: 0, stderr: "" });
    expect(files().filter((name) => name.endsWith(".json"))).toEqual(["tenants.json"]);
  });
});

describe.skipIf(!available)("a client's file that is mounted by itself", () => {
  test("cannot be replaced, which is told with what helps, and stays as it was", async () => {
    const mount =
      'mkdir -p "$HOME/.cursor"; f="$HOME/.cursor/mcp.json"; echo "{}" >"$f"; mount --bind "$f" "$f"';
    const mounted = await home.run([], { through: [...home.through, "sh", "-c", mount, "sh"] });
    expect(mounted.code).toBe(0);
    const { code, stderr } = await home.run(["clients", "add", "cursor"]);
    expect(code).toBe(1);
    expect(stderr).toContain("mcp.json cannot be written: it is in use, or mounted by itself.");
    expect(stderr).toContain("mount its folder rather than the file alone, or add this by hand:");
    const left = await home.run([], {
      through: [...home.through, "sh", "-c", 'cat "$HOME"/.cursor/*', "sh"],
    });
    expect(left.stdout).toBe("{}\n{}\n");
  });
});
