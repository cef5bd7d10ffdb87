import { expect, test } from "bun:test";
import { entryNotes } from "../../src/clients/entry-notes.ts";
import { planEntry } from "../../src/clients/plan.ts";
import { Home } from "./support.ts";

const CACHED = "/home/x/.npm/_npx/1a2b/node_modules/.bin/auth0-mcp";

test("an entry with a path in npm's cache is warned of, and another is not", async () => {
  using home = new Home();
  const notesFor = async (command: string) =>
    entryNotes(
      await planEntry(home.address("cursor"), { command, args: ["run"] }, home.workshop),
      home.machine,
    );
  expect(await notesFor(CACHED)).toEqual([expect.stringContaining("npm install --global")]);
  expect(await notesFor("/opt/auth0-mcp")).toEqual([]);
});
