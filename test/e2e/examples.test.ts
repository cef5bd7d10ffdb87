import { afterAll, beforeAll, beforeEach, test } from "bun:test";
import { type Command, exampleLine } from "../../src/cli/command.ts";
import { root } from "../../src/cli/root.ts";
import { ExamplePlace, expectToWork } from "../support/examples.ts";

let place: ExamplePlace;
beforeAll(async () => {
  place = await ExamplePlace.open();
});
beforeEach(() => place.signIn());
afterAll(() => place.close());

async function examplesOf(command: Command = root): Promise<string[]> {
  const below = await Promise.all(
    Object.values(command.children ?? {}).map(async (load) => examplesOf(await load())),
  );
  return [...command.examples.map(exampleLine), ...below.flat()];
}

test.each([...new Set(await examplesOf())])("%s", (line) => {
  // What follows is PowerShell's.
  return expectToWork(place, line.replace(/ \| Out-String.*/, ""));
});
