import { describe, expect, test } from "bun:test";
import { findClient } from "../../src/clients/locate.ts";
import { thisMachine } from "../../src/clients/machine.ts";
import { withheldBy } from "../../src/clients/withheld.ts";

const BUS = "DBUS_SESSION_BUS_ADDRESS";
const FOLDER = "XDG_CONFIG_HOME";

/** @param sockets paths that are there */
function machineWith(environment: Record<string, string>, platform: NodeJS.Platform, sockets: string[] = []) {
  const exists = (path: string) => sockets.includes(path);
  return { ...thisMachine({ HOME: "/home/ada", ...environment }, platform), user: 1000, exists };
}

test.each([
  ["cursor", "linux", "/cfg", [], { [FOLDER]: "/cfg" }],
  ["cursor", "linux", "", [], {}],
  ["cursor", "linux", "relative", [], {}],
  ["cursor", "linux", "/home/ada/.config", [], {}],
  ["cursor", "linux", "/home/ada//.config/", [], {}],
  ["codex", "linux", "/home/ada/.config", [BUS], {}],
  ["cursor", "darwin", "/cfg", [], {}],
  ["cursor", "win32", "C:\\cfg", [], {}],
  ["codex", "linux", "/cfg", [BUS, FOLDER], {}],
  ["codex", "linux", "", [BUS], {}],
  ["codex", "darwin", "/cfg", [], {}],
  ["claude-code", "linux", "/cfg", [], {}],
  ["gemini", "linux", "/cfg", [], {}],
] as const)("%s on %s, with our folder in %p", (id, platform, folder, passOn, set) => {
  const machine = machineWith({ [FOLDER]: folder }, platform);
  expect(withheldBy(findClient(id), machine)).toEqual({ passOn: [...passOn], set });
});

describe("the session bus", () => {
  const socket = "/run/user/1000/bus";
  const elsewhere = "unix:abstract=/tmp/dbus-Xy,guid=1";

  const usual = `unix:path=${socket}`;

  test.each([
    ["cursor", "linux", elsewhere, { [BUS]: elsewhere }],
    ["continue", "linux", usual, { [BUS]: usual }],
    ["claude-code", "linux", elsewhere, {}],
    ["gemini", "linux", elsewhere, {}],
    ["codex", "linux", elsewhere, {}],
    ["cursor", "freebsd", elsewhere, {}],
    ["cursor", "darwin", elsewhere, {}],
    ["cursor", "win32", elsewhere, {}],
  ] as const)("%s on %s, at %s", (id, platform, address, set) => {
    const machine = machineWith({ [BUS]: address }, platform);
    expect(withheldBy(findClient(id), machine).set).toEqual(set);
  });

  test("that is not named may be at its usual place, or nowhere", () => {
    const told = (sockets: string[]) =>
      withheldBy(findClient("cursor"), machineWith({ [BUS]: "" }, "linux", sockets)).set;
    expect(told([socket])).toEqual({ [BUS]: usual });
    expect(told([])).toEqual({});
  });
});
