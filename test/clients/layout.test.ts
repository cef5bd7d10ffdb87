import { describe, expect, test } from "bun:test";
import { opencodeLayout, under, warpLayout } from "../../src/clients/layout.ts";

test("most clients have one key", () => {
  expect(under("servers")({}, "auth0")).toEqual({ path: ["servers"], name: "auth0" });
});

describe("opencode", () => {
  test.each([
    [undefined, ["mcp"]],
    [{}, ["mcp"]],
    [{ mcp: {} }, ["mcp"]],
    [{ mcp: { other: { type: "local", command: ["x"] } } }, ["mcp"]],
    [{ mcp: { servers: { other: { type: "local" } } } }, ["mcp", "servers"]],
    [{ mcp: { servers: {} } }, ["mcp", "servers"]],
    // A server of version 1 that is called "servers".
    [{ mcp: { servers: { type: "local", command: ["x"] } } }, ["mcp"]],
  ])("%j", (document, path) => {
    expect(opencodeLayout(document, "auth0").path).toEqual(path);
  });
});

describe("Warp", () => {
  test.each([
    [undefined, ["mcpServers"]],
    [{}, ["mcpServers"]],
    [{ servers: { other: {} } }, ["servers"]],
    [{ mcp_servers: {} }, ["mcp_servers"]],
    [{ mcp: { servers: {} } }, ["mcp", "servers"]],
    [{ mcpServers: {}, servers: {} }, ["mcpServers"]],
    [{ other: { command: "x" }, more: { url: "y" } }, []],
    [{ theme: "dark" }, ["mcpServers"]],
  ])("%j", (document, path) => {
    expect(warpLayout(document, "auth0").path).toEqual(path);
  });
});
