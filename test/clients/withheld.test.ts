import { expect, test } from "bun:test";
import { findClient } from "../../src/clients/locate.ts";
import { thisMachine } from "../../src/clients/machine.ts";
import { withheldBy } from "../../src/clients/withheld.ts";

const BUS = "DBUS_SESSION_BUS_ADDRESS";
const FOLDER = "XDG_CONFIG_HOME";

test.each([
  ["cursor", "linux", "/cfg", [], { [FOLDER]: "/cfg" }],
  ["cursor", "linux", undefined, [], {}],
  ["cursor", "linux", "relative", [], {}],
  ["cursor", "darwin", "/cfg", [], {}],
  ["cursor", "win32", "C:\\cfg", [], {}],
  ["codex", "linux", "/cfg", [BUS, FOLDER], {}],
  ["codex", "linux", undefined, [BUS], {}],
  ["codex", "darwin", "/cfg", [], {}],
  ["claude-code", "linux", "/cfg", [], {}],
  ["gemini", "linux", "/cfg", [], {}],
] as const)("%s on %s, with our folder in %p", (id, platform, folder, passOn, set) => {
  const machine = thisMachine({ HOME: "/home/ada", [FOLDER]: folder }, platform);
  expect(withheldBy(findClient(id), machine)).toEqual({ passOn: [...passOn], set });
});
