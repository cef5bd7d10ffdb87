import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { chmodSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { haveSecretService, startSecretService } from "../../scripts/support/secret-service.ts";
import { PRODUCT } from "../../src/config/product.ts";
import { run } from "../support/executable.ts";
import { type GatedTenant, serveGatedTenant } from "../support/gated-tenant.ts";
import { type Home, newHome } from "../support/home.ts";

let served: GatedTenant;
beforeAll(async () => {
  served = await serveGatedTenant();
});
afterAll(() => served.stop());

let home: Home;
const listIn = (folder: string) => join(folder, ".config", PRODUCT, "tenants.json");
const words = ["login", "--scopes", "*:clients", "--no-interaction"];
beforeEach(async () => {
  home = newHome();
  served.tenant.state.refreshTokens.clear();
  expect((await home.run(words, { env: served.env })).code).toBe(0);
});
afterEach(() => home.remove());

const live = () => served.tenant.state.refreshTokens.size;
const sessions = () => home.files().filter((name) => name.includes("sessions"));

test.each([
  ["a session file that others may read", (file: string) => chmodSync(file, 0o644)],
  ["a folder that others may enter", (file: string) => chmodSync(dirname(file), 0o755)],
])("%s: logout revokes what may have leaked", async (_, expose) => {
  expose(home.sessionFile(served.tenant.domain));
  expect(live()).toBe(1);
  expect(await home.run(["logout"])).toMatchObject({ code: 0, stderr: "" });
  expect({ live: live(), files: sessions() }).toEqual({ live: 0, files: [] });
});

describe("a list of tenants that is lost", () => {
  const losses: readonly (readonly [string, () => void])[] = [
    ["damaged", () => writeFileSync(listIn(home.folder), "{")],
    ["removed", () => rmSync(listIn(home.folder))],
  ];

  test("is told with the command that cleans up", async () => {
    writeFileSync(listIn(home.folder), "{");
    for (const line of ["session", "logout", "tenants list", "login --scopes none --no-interaction"]) {
      const { code, stderr } = await home.run(line.split(" "));
      expect({ line, code }).toEqual({ line, code: 1 });
      expect(stderr).toContain("auth0-mcp logout --all");
    }
  });

  for (const [name, lose] of losses) {
    test(`${name}: logout --all finds the sessions, revokes and removes them, and the next sign-in works`, async () => {
      lose();
      const out = await home.run(["logout", "--all"]);
      expect(out.code).toBe(0);
      expect(out.stdout).toContain(`Signed out of ${served.tenant.domain}`);
      expect(out.stdout).toContain("Its refresh token is revoked.");
      expect({ live: live(), files: sessions() }).toEqual({ live: 0, files: [] });
      const again = await home.run(["logout", "--all"]);
      expect(again).toMatchObject({ code: 0, stderr: "" });
      expect(again.stdout).toBe("Nobody is signed in; there is nothing to remove.\n");
      expect((await home.run(words, { env: served.env })).code).toBe(0);
      expect((await home.run(["session"])).code).toBe(0);
    });
  }

  test("removed: logout of that tenant finds it by its name", async () => {
    rmSync(listIn(home.folder));
    const plain = await home.run(["logout"]);
    expect(plain).toMatchObject({ code: 0, stdout: "Nobody is signed in; there is nothing to remove.\n" });
    expect(plain.stderr).toContain(served.tenant.domain);
    expect(plain.stderr).toContain("auth0-mcp logout --all");
    const out = await home.run(["logout", "--tenant", served.tenant.domain]);
    expect(out).toMatchObject({ code: 0, stdout: expect.stringContaining("Its refresh token is revoked.") });
    expect({ live: live(), files: sessions() }).toEqual({ live: 0, files: [] });
  });

  test("removed, with a keyring that cannot be asked: what cannot be known is said", async () => {
    expect((await home.run(["logout"])).code).toBe(0);
    rmSync(listIn(home.folder));
    const { code, stdout, stderr } = await home.run(["logout", "--tenant", served.tenant.domain]);
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: `Nobody is signed in to ${served.tenant.domain}; there is nothing to remove.\n`,
    });
    expect(stderr).toContain("not known whether the system's keyring holds a session of");
    const all = await home.run(["logout", "--all"]);
    expect(all).toMatchObject({ code: 1, stderr: expect.stringContaining("not known whether") });
    expect(await home.run(["logout", "--all"])).toMatchObject({ code: 0, stderr: "" });
  });

  test.skipIf(!haveSecretService())(
    "removed: sessions in the keyring are found by the names of their locks",
    async () => {
      const service = await startSecretService();
      try {
        const { env } = service;
        expect((await run(words, { env: { ...env, ...served.env } })).code).toBe(0);
        expect(live()).toBe(2);
        rmSync(listIn(service.home));
        const out = await run(["logout", "--all"], { env });
        expect(out).toMatchObject({ code: 0, stderr: "" });
        expect(out.stdout).toContain("what was kept in the system's keyring is removed");
        expect(live()).toBe(1);
        expect(service.search(PRODUCT)).toBe("");
      } finally {
        await service.stop();
      }
    },
  );
});

test("a mistyped tenant: nothing to remove, the one that may be meant, and no trace of the other", async () => {
  const domain = served.tenant.domain.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10));
  const before = home.files().sort();
  const { code, stdout } = await home.run(["logout", "--tenant", domain]);
  expect(code).toBe(0);
  expect(stdout).toContain(`Nobody is signed in to ${domain}`);
  expect(stdout).toContain(served.tenant.domain);
  expect(home.files().sort()).toEqual(before);
  expect(readFileSync(listIn(home.folder), "utf8")).toContain(served.tenant.domain);
});
