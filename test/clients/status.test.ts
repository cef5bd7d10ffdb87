import { expect, test } from "bun:test";
import { clientStatuses } from "../../src/clients/status.ts";
import { clients } from "../../src/clients/table.ts";
import { writeAt } from "./children.ts";
import { Home, launch } from "./support.ts";

test("every client is told of, with the file that would be made", async () => {
  using home = new Home();
  const statuses = await clientStatuses(home.machine, home.path);
  expect(statuses.map(({ client }) => client)).toEqual([...clients]);
  for (const { installed, files } of statuses) {
    expect(installed).toBe(false);
    expect(files.filter(({ scope, exists }) => scope === "user" && !exists)).toHaveLength(1);
  }
});

test("entries are found in both scopes, under any name, in any shape", async () => {
  using home = new Home();
  await home.add("codex");
  await home.add("codex", { name: "auth0-staging", scope: "project", project: home.file("app") });
  await home.add("continue");
  writeAt(
    home.file(".cursor", "mcp.json"),
    `{ "mcpServers": {
      "x": { "command": "other" },
      "old": { "command": "npx", "args": ["@auth0/auth0-mcp-server"] },
      "auth0": { "url": "https://example.com" }
    } }`,
  );
  const found = (await clientStatuses(home.machine, home.file("app"))).flatMap(({ client, files }) =>
    files.flatMap(({ scope, entries }) =>
      entries.map(({ name, owner }) => `${client.id} ${scope} ${name} ${owner}`),
    ),
  );
  expect(found).toEqual([
    "cursor user old node-server",
    "cursor user auth0 remote",
    "codex user auth0 ours",
    "codex project auth0-staging ours",
    "continue user auth0 ours",
  ]);
});

test("in the home folder a file is told of once", async () => {
  using home = new Home();
  await home.add("cursor");
  const [cursor] = (await clientStatuses(home.machine, home.path)).filter(
    ({ client }) => client.id === "cursor",
  );
  expect(cursor?.files.map(({ path }) => path)).toEqual([home.file(".cursor", "mcp.json")]);
});

test("a file that cannot be read is told with its line, and does not stop the rest", async () => {
  using home = new Home();
  writeAt(home.file(".cursor", "mcp.json"), "{\n!");
  await home.add("zed", {}, launch);
  const statuses = await clientStatuses(home.machine, home.path);
  const cursor = statuses.find(({ client }) => client.id === "cursor");
  expect(cursor?.files[0]?.problem).toMatch(/^cannot be parsed as JSON .*\(line 2\)$/);
  expect(cursor?.installed).toBe(true);
  expect(statuses.find(({ client }) => client.id === "zed")?.files[0]?.entries).toHaveLength(1);
});
