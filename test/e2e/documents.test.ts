import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { canPlay } from "../../scripts/picture/session.ts";
import { PICTURE, terminalPicture } from "../../scripts/picture.ts";
import { launchOf } from "../../src/clients/entry.ts";
import { PRODUCT } from "../../src/config/product.ts";
import { asObject, asStrings, parseJson } from "../../src/lib/json.ts";
import { connect } from "../support/client.ts";
import { blocksOf, documents, shellLines } from "../support/documents.ts";
import { ExamplePlace, expectToWork } from "../support/examples.ts";
import { executable } from "../support/executable.ts";

let place: ExamplePlace;
beforeAll(async () => {
  place = await ExamplePlace.open();
});
beforeEach(() => place.signIn());
afterAll(() => place.close());

const lines = new Set(documents.flatMap(shellLines).filter((line) => line.startsWith(`${PRODUCT} `)));

test.each([...lines])("%s", (line) => expectToWork(place, line));

/** What MCP clients are told to start: in whole entries, and in words such as `"args": ["run", "--sandbox"]`. */
const launches = documents.flatMap((document) => {
  const entries = blocksOf(document)
    .filter(({ language }) => language === "json")
    .flatMap(({ text }) => Object.values(asObject(asObject(parseJson(text))?.["mcpServers"]) ?? {}))
    .map((entry) => {
      const { command = "", args = [] } = launchOf(asObject(entry) ?? {}) ?? {};
      return { command, args };
    });
  const inWords = [...document.text.matchAll(/`"args": (\[[^`]*\])`/g)].map(([, args = ""]) => ({
    command: `/usr/local/bin/${PRODUCT}`,
    args: asStrings(parseJson(args)),
  }));
  return [...entries, ...inWords].map((launch) => ({ file: document.file, ...launch }));
});

test("entries for MCP clients are shown", () => {
  expect(launches.length).toBeGreaterThan(2);
});

test.each(launches)("$file: $command $args", async ({ command, args }) => {
  expect(command).toMatch(new RegExp(`^/.+/${PRODUCT}$`));
  const { client } = await connect(args, place.env);
  const { tools } = await client.listTools();
  await client.close();
  expect(tools.length).toBeGreaterThan(0);
});

test.skipIf(!canPlay())("the picture of a terminal is what the program does", async () => {
  const shown = readFileSync(PICTURE, "utf8") === (await terminalPicture(await executable()));
  const remedy = shown ? "" : "docs/terminal.svg is stale: run npm run generate -- --picture";
  expect(remedy).toBe("");
});
