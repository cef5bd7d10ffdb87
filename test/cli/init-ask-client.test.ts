import { describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { askClient, lineAbout, saysFailure } from "../../src/cli/init/ask-client.ts";
import type { Workshop } from "../../src/clients/plan.ts";
import { Home, idleClock } from "../clients/support.ts";

/** A home with a program that stands for Claude Code's own, and a clock on which time stands still. */
class HomeWithClaude extends Home {
  readonly patient: Workshop;

  constructor(script: string, mode = 0o755) {
    super({ AUTH0_CLIENT_SECRET: "canary" });
    mkdirSync(this.file("bin"));
    writeFileSync(this.file("bin", "claude"), script);
    chmodSync(this.file("bin", "claude"), mode);
    const environment = { ...this.machine.environment, PATH: `${this.file("bin")}:/usr/bin:/bin` };
    const clock = { now: () => 0, sleep: () => new Promise<void>(() => undefined) };
    this.patient = { machine: { ...this.machine, environment }, clock };
  }
}

const shell = (...lines: string[]) => ["#!/bin/sh", ...lines, ""].join("\n");

test.each([
  ["auth0: /opt/auth0-mcp run - ✗ Failed to connect", true],
  ["auth0 ✗ failed", true],
  ["auth0 error: spawn", true],
  ["auth0: /opt/x run (stdio) - Disconnected", true],
  ["auth0: not connected", true],
  ["auth0: /opt/auth0-mcp run --tools *fail* - ✓ Connected", false],
  ["auth0: /opt/auth0-mcp run - ✔ connected", false],
  ["auth0 enabled", false],
])("a client says of an entry: %s, failing %p", (line, failing) => {
  expect(saysFailure("auth0", line)).toBe(failing);
});

describe("a client that lists its servers", () => {
  test("is asked with its own words, and its line is repeated", async () => {
    using home = new HomeWithClaude(shell('echo "other: x"', 'echo "auth0: $1 $2 - connected"'));
    expect(await askClient(home.address("claude-code"), home.patient)).toEqual({
      command: "claude mcp list",
      line: "auth0: mcp list - connected",
      failing: false,
      problem: undefined,
    });
  });

  test("may do so on stderr, and is not told our client secret", async () => {
    using home = new HomeWithClaude(shell('echo "auth0: [$AUTH0_CLIENT_SECRET]" >&2'));
    expect(await askClient(home.address("claude-code"), home.patient)).toMatchObject({ line: "auth0: []" });
  });

  test("is asked in the folder of the project", async () => {
    using home = new HomeWithClaude(shell('echo "auth0: $(pwd)"'));
    const address = home.address("claude-code", { scope: "project", project: home.file("bin") });
    expect(await askClient(address, home.patient)).toMatchObject({ line: `auth0: ${home.file("bin")}` });
  });

  test("may not know of the entry", async () => {
    using home = new HomeWithClaude(shell("echo auth0-mcp"));
    const listing = await askClient(home.address("claude-code"), home.patient);
    expect(listing).toMatchObject({ line: undefined, problem: undefined });
  });

  test("may fail", async () => {
    using home = new HomeWithClaude(shell("exit 7"));
    const listing = await askClient(home.address("claude-code"), home.patient);
    expect(listing).toMatchObject({ line: undefined, problem: "it ended with exit code 7" });
  });

  test("may be no program", async () => {
    using home = new HomeWithClaude("x", 0o644);
    const listing = await askClient(home.address("claude-code"), home.patient);
    expect(listing).toMatchObject({ line: undefined, problem: "permission denied" });
  });

  test("may hang, with a child that keeps its output open", async () => {
    using home = new HomeWithClaude(shell("sleep 30 &", "sleep 30"));
    const listing = await askClient(home.address("claude-code"), { ...home.patient, clock: idleClock() });
    expect(listing).toMatchObject({ line: undefined, problem: "it did not answer within 20 s" });
  });

  test("is left alone when the person gives up", async () => {
    using home = new HomeWithClaude(shell("sleep 30"));
    const signal = AbortSignal.abort();
    const clock = { ...home.patient.clock, sleep: () => Promise.reject(new Error("aborted")) };
    const asking = askClient(home.address("claude-code"), { ...home.patient, clock, signal });
    await expect(asking).rejects.toMatchObject({ exit: 130 });
  });
});

test("a client without such a command, or without the program, is not asked", async () => {
  using home = new Home({ PATH: "/nonexistent" });
  expect(await askClient(home.address("cursor"), home.workshop)).toBeUndefined();
  expect(await askClient(home.address("claude-code"), home.workshop)).toBeUndefined();
});

test.each([
  ["auth0: /opt/auth0-mcp run - ✔ Connected", "auth0: /opt/auth0-mcp run - ✔ Connected"],
  ["●  ✓ auth0 \u001b[90mconnected", "auth0 connected"],
  ["Name   Command\r\nauth0  /opt/auth0-mcp   run\r\n", "auth0 /opt/auth0-mcp run"],
  ["auth0-two: x", undefined],
  ["auth0_two: x", undefined],
  ["other: /home/auth0 run", undefined],
  ["my auth0: x", undefined],
  [`auth0: ${"x".repeat(500)}`, `auth0: ${"x".repeat(153)}…`],
  ["", undefined],
])("%j is about auth0: %j", (list, line) => {
  expect(lineAbout("auth0", list)).toBe(line);
});
