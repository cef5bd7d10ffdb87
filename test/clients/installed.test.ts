import { describe, expect, test } from "bun:test";
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { isInstalled } from "../../src/clients/installed.ts";
import { findClient } from "../../src/clients/locate.ts";
import { clients } from "../../src/clients/table.ts";
import { Home } from "./support.ts";

const installedIn = (home: Home, id: string) => isInstalled(findClient(id), home.machine);

describe("what adding an entry leaves is no trace of the client", () => {
  test.each(clients.map(({ id }) => id))("%s", async (id) => {
    using home = new Home();
    await home.add(id);
    await home.add(id, { name: "auth0-two" });
    for (const client of clients)
      expect([client.id, await isInstalled(client, home.machine)]).toEqual([client.id, false]);
    await home.remove(id);
    expect(await installedIn(home, id)).toBe(false);
  });

  test("nor where the home folder is a link", async () => {
    using home = new Home();
    using real = new Home();
    symlinkSync(real.path, home.file("link"));
    const linked = { ...home.machine, home: home.file("link") };
    await real.add("cursor");
    const state = { XDG_STATE_HOME: real.file(".local", "state") };
    expect(await isInstalled(findClient("cursor"), { ...linked, environment: state })).toBe(false);
  });
});

describe("a trace is", () => {
  test("a folder that was there before", async () => {
    using home = new Home();
    mkdirSync(home.file(".cursor"));
    await home.add("cursor");
    expect(await installedIn(home, "cursor")).toBe(true);
  });

  test("a folder that we made, once the client has put something into it", async () => {
    using home = new Home();
    await home.add("cursor");
    writeFileSync(home.file(".cursor", "state.json"), "{}");
    expect(await installedIn(home, "cursor")).toBe(true);
  });

  test("a file that we made, once it holds something else", async () => {
    using home = new Home();
    await home.add("claude-code");
    const file = home.file(".claude.json");
    writeFileSync(file, (home.read(file) ?? "").replace("{", '{\n  "numStartups": 1,'));
    expect(await installedIn(home, "claude-code")).toBe(true);
    writeFileSync(file, "{ damaged");
    expect(await installedIn(home, "claude-code")).toBe(true);
  });

  test("whatever is there, when we remember nothing of having made it", async () => {
    using home = new Home();
    await home.add("cursor");
    rmSync(home.file(".local"), { recursive: true });
    expect(readdirSync(home.path)).toEqual([".cursor"]);
    expect(await installedIn(home, "cursor")).toBe(true);
  });
});
