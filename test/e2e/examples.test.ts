import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import type { Command } from "../../src/cli/command.ts";
import { root } from "../../src/cli/root.ts";
import { PRODUCT } from "../../src/config/product.ts";
import { ExamplePlace } from "../support/examples.ts";

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
  return [...command.examples.map(({ type }) => type), ...below.flat()];
}

/** What cannot end with 0 here, and what it says instead: nobody can be asked, and this is no released executable. */
const REFUSED: readonly (readonly [RegExp, number, string])[] = [
  [/^init$/, 2, "--client"],
  [/^upgrade --check/, 1, "published"],
  [/^upgrade/, 1, "built from source"],
];
/** Serve until they are ended. */
const SERVING = /^sandbox\b/;

const examples = [...new Set(await examplesOf())];

test.each(examples.filter((line) => !SERVING.test(line)))("%s", async (line) => {
  // What follows is PowerShell's.
  const typed = line.replace(/ \| Out-String.*/, "");
  const { code, stderr } = await place.run(`${PRODUCT} ${typed}`);
  const [, refusal = 0, said = ""] = REFUSED.find(([lines]) => lines.test(line)) ?? [];
  expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({
    code: refusal,
    stderr: refusal === 0 ? "" : expect.stringContaining(said),
  });
});

test.each(examples.filter((line) => SERVING.test(line)))("%s", async (line) => {
  const child = place.start(`${PRODUCT} ${line}`);
  const { value } = await child.stdout.pipeThrough(new TextDecoderStream()).getReader().read();
  expect(value).toContain("127.0.0.1");
  child.kill("SIGTERM");
  expect(await child.exited).toBe(143);
});
