import { expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { Journal } from "../../src/clients/journal.ts";
import { Home } from "./support.ts";

const place = { path: ["servers"], name: "auth0" };
const footprint = { made: 0, lead: "\n  ", tail: "" };
const client = "cursor";

test("what was put is found again, by file, keys and name", async () => {
  using home = new Home();
  const path = home.file("clients.json");
  const record = {
    client,
    footprint: { ...footprint, bare: true },
    preamble: "v: 1\n",
    madeFile: true,
    madeFolder: "/x",
  } as const;
  await (await Journal.open(path)).put("/file", place, record);
  const journal = await Journal.open(path);
  expect(journal.find("/file", place)).toEqual(record);
  expect(journal.find("/other", place)).toBeUndefined();
  expect(journal.find("/file", { ...place, name: "other" })).toBeUndefined();
  expect(journal.find("/file", { ...place, path: ["mcp", "servers"] })).toBeUndefined();
  await journal.put("/file", place, { client, footprint });
  expect((await Journal.open(path)).find("/file", place)).toEqual({ client, footprint });
  await journal.forget("/file", place);
  expect((await Journal.open(path)).recordsOf("/file")).toEqual([]);
});

test("what was made for an entry that is gone serves the one that stays", async () => {
  using home = new Home();
  const journal = await Journal.open(home.file("clients.json"));
  const outer = { made: 1, lead: "\n", tail: "\n" };
  await journal.put("/file", place, { client, footprint: outer, madeFile: true, madeFolder: "/x" });
  await journal.put("/file", { ...place, name: "second" }, { client, footprint });
  await journal.put("/other", { ...place, name: "third" }, { client, footprint });
  await journal.forget("/file", place);
  expect(journal.find("/file", { ...place, name: "second" })).toEqual({
    client,
    footprint: outer,
    madeFile: true,
    madeFolder: "/x",
  });
  expect(journal.find("/other", { ...place, name: "third" })).toEqual({ client, footprint });
});

test("a folder that was made for a file goes with the last of our files in it", async () => {
  using home = new Home();
  const journal = await Journal.open(home.file("clients.json"));
  await journal.put("/x/code/roo/a", place, { client: "roo", footprint, madeFolder: "/x/code" });
  await journal.put("/x/code-other/b", place, { client, footprint });
  await journal.put("/x/code/c", place, { client: "vscode", footprint, madeFile: true });
  await journal.forget("/x/code/roo/a", place);
  expect(journal.find("/x/code-other/b", place)).toEqual({ client, footprint });
  expect(journal.find("/x/code/c", place)).toEqual({
    ...{ client: "vscode", footprint, madeFile: true },
    madeFolder: "/x/code",
  });
});

test("what is there by our doing", async () => {
  using home = new Home();
  const journal = await Journal.open(home.file("clients.json"));
  await journal.put("/x/code/roo/a", place, {
    client: "roo",
    footprint,
    madeFile: true,
    madeFolder: "/x/code",
  });
  await journal.put("/y/b", place, { client, footprint, madeFile: true });
  await journal.put("/z/c", place, { client, footprint });
  const paths = ["/x/code", "/x/code/other", "/y/b", "/x", "/x/code-other", "/y", "/z/c"];
  expect(paths.filter((path) => journal.made(path))).toEqual(["/x/code", "/x/code/other", "/y/b"]);
});

test.each(["", "{", "[]", '{"entries": 7}', '{"entries": [{"file": "/file"}]}'])(
  "a damaged journal is an empty one: %j",
  async (content) => {
    using home = new Home();
    const path = home.file("clients.json");
    writeFileSync(path, content);
    const journal = await Journal.open(path);
    expect(journal.recordsOf("/file")).toEqual([]);
    await journal.put("/file", place, { client, footprint });
    expect((await Journal.open(path)).find("/file", place)).toEqual({ client, footprint });
  },
);

test("a journal that cannot be read is an empty one", async () => {
  using home = new Home();
  mkdirSync(home.file("clients.json"));
  expect((await Journal.open(home.file("clients.json"))).recordsOf("/file")).toEqual([]);
});
