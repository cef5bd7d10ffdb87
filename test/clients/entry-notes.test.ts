import { expect, test } from "bun:test";
import { entryNotes } from "../../src/clients/entry-notes.ts";
import { planEntry } from "../../src/clients/plan.ts";
import { Home } from "./support.ts";

test.each([
  ["/home/x/.npm/_npx/1a2b/node_modules/.bin/auth0-mcp", ["npm install --global"]],
  ["C:\\Users\\x\\AppData\\Local\\npm-cache\\_npx\\1a\\auth0-mcp.exe", ["npm install --global"]],
  ["/home/x/.pnpm-store/global/5/.pnpm/auth0-mcp-linux-x64@1.2.3/auth0-mcp", ["after each one"]],
  ["/home/x/.nvm/versions/node/v22.1.0/lib/node_modules/auth0-mcp-linux-x64/auth0-mcp", ["another one"]],
  ["/opt/homebrew/Cellar/auth0-mcp/1.2.3/bin/auth0-mcp", ["Homebrew's bin folder"]],
  ["/home/x/.nvm/versions/node/v22.1.0/pnpm/.pnpm/auth0-mcp", ["after each one", "another one"]],
  ["/opt/auth0-mcp", []],
  ["/opt/homebrew/bin/auth0-mcp", []],
])("the path of an entry that may vanish is warned of, and another is not: %s", async (command, notes) => {
  using home = new Home();
  // A path that stands twice is told once.
  const launch = { command, args: [command, "run"] };
  expect(entryNotes(await planEntry(home.address("cursor"), launch, home.workshop), home.machine)).toEqual(
    notes.map((note) => expect.stringContaining(note)),
  );
});
