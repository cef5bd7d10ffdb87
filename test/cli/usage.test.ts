import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import type { Command } from "../../src/cli/command.ts";
import { root } from "../../src/cli/root.ts";
import { counted, PATIENCE } from "../../src/cli/usage.ts";
import { Exit } from "../../src/lib/errors.ts";
import { SteppingClock } from "../lib/stepping-clock.ts";
import { silence, startCollector } from "../support/collector.ts";
import { fakeInvocation, run } from "./harness.ts";

const collector = startCollector();
const environment = { AUTH0_MCP_ANALYTICS_URL: collector.url };
afterAll(() => collector.stop());
beforeEach(() => void collector.received.splice(0));

const UNCOUNTED = ["analytics", "completion", "run"];

/** Every command that runs, as it is typed. */
async function leaves(command: Command = root, path: readonly string[] = []): Promise<string[]> {
  const below = Object.entries(command.children ?? {}).map(async ([name, load]) =>
    leaves(await load(), [...path, name]),
  );
  return command.run === undefined ? (await Promise.all(below)).flat() : [path.join(" ")];
}
const commands = await leaves();

describe("which commands are counted", () => {
  test.each(commands.filter((name) => !UNCOUNTED.includes(name)))(
    "%s is, by its name in the tree",
    async (name) => {
      const { code } = await run([...name.split(" "), "--canary", "canary"], environment);
      expect(code).toBe(Exit.usage);
      await collector.count(1);
      expect(collector.received.map(({ event }) => event)).toMatchObject([{ command: name, success: false }]);
      expect(JSON.stringify(collector.received)).not.toContain("canary");
    },
  );

  test.each(UNCOUNTED)("%s is not", async (name) => {
    expect(commands).toContain(name);
    expect((await run([name, "--canary"], environment)).code).toBe(Exit.usage);
    await run([name], environment);
    expect(collector.received).toEqual([]);
  });

  test.each([
    [["--version"]],
    [["--help"]],
    [["help", "session"]],
    [["session", "--help"]],
    [["complete", "--", "ses"]],
    [["completion", "bash"]],
    [[]],
    [["tools"]],
    [["canary"]],
    [["tools", "canary"]],
    [["--canary"]],
  ])("%j is none", async (words) => {
    const counted = await run(words, environment);
    expect(collector.received).toEqual([]);
    expect(counted).toEqual(await run(words));
  });

  test("a word that somebody typed behind a command is no part of its name", async () => {
    await run(["tools", "show", "auth0_canary"], environment);
    await collector.count(1);
    expect(collector.received.map(({ event }) => event)).toMatchObject([{ command: "tools show" }]);
    expect(JSON.stringify(collector.received)).not.toContain("canary");
  });
});

test("success is exit code 0, and nothing that is printed changes", async () => {
  for (const [words, success] of [
    [["tools", "list", "--json"], true],
    [["session"], false],
  ] as const) {
    collector.received.splice(0);
    expect(await run(words, environment)).toEqual(await run(words));
    await collector.count(1);
    expect(collector.received.map(({ event }) => event)).toMatchObject([
      { command: words.filter((word) => !word.startsWith("-")).join(" "), success },
    ]);
  }
});

test("a defect is a failure, and goes on as it was", async () => {
  const { invocation } = fakeInvocation(environment);
  const defect = new TypeError("defect");
  const ended = counted("session", invocation, () => Promise.reject(defect));
  expect(await ended.catch((error: unknown) => error)).toBe(defect);
  await collector.count(1);
  expect(collector.received.map(({ event }) => event)).toMatchObject([
    { command: "session", success: false },
  ]);
});

test("an address that is silent is waited for no longer than the patience, which is short", async () => {
  const silent = startCollector(silence);
  const clock = new SteppingClock();
  const { invocation } = fakeInvocation({ AUTH0_MCP_ANALYTICS_URL: silent.url });
  expect(await counted("session", invocation, async () => Exit.signedOut, clock)).toBe(Exit.signedOut);
  expect(clock.sleeps).toEqual([PATIENCE]);
  expect(PATIENCE).toBeLessThan(100);
  await silent.stop();
});

describe("a server's tool calls", () => {
  const call = { tool: "auth0_get_form", client: "Zed", success: true, milliseconds: 3 };

  test("are counted one by one while it runs, and run itself is not", async () => {
    const { invocation } = fakeInvocation(environment);
    const code = await counted("run", invocation, async ({ onCall }) => {
      onCall?.(call);
      onCall?.({ ...call, client: undefined, success: false });
      await collector.count(2);
      return Exit.done;
    });
    expect(code).toBe(Exit.done);
    expect(collector.received.map(({ event }) => event)).toEqual([
      expect.objectContaining({ tool: "auth0_get_form", client: "Zed", success: true, duration_ms: 3 }),
      expect.objectContaining({ tool: "auth0_get_form", client: "other", success: false }),
    ]);
  });

  test("are given up when it ends, and not waited for", async () => {
    const silent = startCollector(silence);
    const clock = new SteppingClock();
    const { invocation } = fakeInvocation({ AUTH0_MCP_ANALYTICS_URL: silent.url });
    await counted(
      "run",
      invocation,
      async ({ onCall }) => {
        onCall?.(call);
        await silent.count(1);
        return Exit.done;
      },
      clock,
    );
    await silent.givenUp;
    expect(clock.sleeps).toEqual([]);
    await silent.stop();
  });

  test("are watched by nobody where analytics is off", async () => {
    const { invocation } = fakeInvocation({ ...environment, DO_NOT_TRACK: "1" });
    await counted("run", invocation, async ({ onCall }) => {
      expect(onCall).toBeUndefined();
      return Exit.done;
    });
  });
});
