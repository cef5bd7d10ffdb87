import { describe, expect, test } from "bun:test";
import manifest from "../../package.json" with { type: "json" };
import { bodyOf, commandEvent, toolEvent } from "../../src/analytics/event.ts";

const surroundings = { version: manifest.version, os: process.platform, arch: process.arch };

test("an event about a command has these fields and no other", () => {
  const event = commandEvent({ command: "clients add", success: true, milliseconds: 12 });
  expect(event).toEqual({ ...surroundings, command: "clients add", success: true, duration_ms: 12 });
  expect(JSON.parse(bodyOf(event))).toEqual({ ...event });
});

test("an event about a tool call has these fields and no other", () => {
  const event = toolEvent({ tool: "auth0_get_form", client: "claude-code", success: false, milliseconds: 5 });
  expect(event).toEqual({
    ...surroundings,
    tool: "auth0_get_form",
    success: false,
    duration_ms: 5,
    client: "claude-code",
  });
  expect(JSON.parse(bodyOf(event))).toEqual({ ...event });
});

test("what is handed over beside that does not get in", () => {
  const call = { tool: "auth0_get_form", client: "Zed", success: true, milliseconds: 5, arguments: "canary" };
  expect(bodyOf(toolEvent(call))).not.toContain("canary");
  const ended = { command: "session", success: true, milliseconds: 5, tenant: "canary" };
  expect(bodyOf(commandEvent(ended))).not.toContain("canary");
});

test.each([
  [0, 0],
  [0.4, 0],
  [7.6, 8],
  [99.7, 100],
  [123.4, 120],
  [1_249, 1_200],
  [1_251, 1_300],
  [86_399_999, 86_000_000],
  [-5, 0],
])("%d ms is told as %d", (milliseconds, told) => {
  expect(commandEvent({ command: "session", success: true, milliseconds }).duration_ms).toBe(told);
});

describe("the client's name", () => {
  const nameOf = (client: string | undefined) =>
    toolEvent({ tool: "auth0_get_form", client, success: true, milliseconds: 1 }).client;

  test.each([
    ["claude-ai", "claude-ai"],
    ["claude-code", "claude-code"],
    ["Claude-Code", "claude-code"],
    ["cursor-vscode", "cursor-vscode"],
    ["Visual Studio Code", "Visual Studio Code"],
    ["Visual Studio Code - Insiders", "Visual Studio Code"],
    ["codex-mcp-client", "codex-mcp-client"],
    ["Codex", "Codex"],
    ["claude-ai (via mcp-remote 0.1.29)", "claude-ai"],
    ["gemini-cli-mcp-client-acme-production", "gemini-cli-mcp-client"],
  ])("%s is told as %s", (client, told) => {
    expect(nameOf(client)).toBe(told);
  });

  test.each([
    undefined,
    "",
    "auth0-mcp",
    "acme.eu.auth0.com",
    "Jane's agent",
    "zedekiah",
    "claude-ai@acme.example",
    "cursor",
    "a\nb",
    "claude-code\u0000",
  ])("%p is told as other", (client) => {
    expect(nameOf(client)).toBe("other");
  });
});
