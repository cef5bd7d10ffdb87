import { describe, expect, test } from "bun:test";
import { stripVTControlCharacters } from "node:util";
import type { Check, Finding } from "../../src/cli/doctor/check.ts";
import { type Result, runChecks } from "../../src/cli/doctor/examine.ts";
import { report } from "../../src/cli/doctor/report.ts";
import { AppError, cancelledError } from "../../src/lib/errors.ts";
import { examinationIn, freshHome, look } from "./doctor-harness.ts";

const home = freshHome();

describe("running checks", () => {
  const finding = (id: string, found: () => Finding): Check => ({ id, title: id, run: async () => found() });
  const fine = finding("fine", () => ({ status: "pass", message: "It works." }));
  const crash = finding("crash", () => {
    throw new TypeError("secret-canary is not a function");
  });

  test("one that crashes is told as failed, without its words, and sinks no other", async () => {
    const results = await runChecks([fine, crash, { ...fine, id: "last" }], examinationIn(home()));
    expect(results.map(({ id, status }) => [id, status])).toEqual([
      ["fine", "pass"],
      ["crash", "fail"],
      ["last", "pass"],
    ]);
    expect(results[1]?.message).toContain("TypeError");
    expect(JSON.stringify(results)).not.toContain("canary");
  });

  test("one that crashes is traced for whoever follows the steps, without secrets", async () => {
    const place = examinationIn(home(), { DEBUG: "auth0-mcp", AUTH0_TOKEN: "secret-canary" });
    const lines: string[] = [];
    const output = { ...place.invocation.output, note: (text: string) => void lines.push(text) };
    await look(crash, { ...place, invocation: { ...place.invocation, output } });
    expect(lines.join("\n")).toMatch(/check id=crash error=.*is not a function.*doctor-run\.test\.ts/);
    expect(lines.join("\n")).not.toContain("canary");
  });

  test("what does not work is told with its remedy", async () => {
    const failing = finding("x", () => {
      throw new AppError({ code: "store_unreachable", message: "It is off.", hint: "Switch it on." });
    });
    expect(await look(failing, examinationIn(home()))).toEqual([
      { id: "x", title: "x", status: "fail", message: "It is off.", remedy: "Switch it on." },
    ]);
  });

  test("further checks follow the one that led to them, and may crash as well", async () => {
    const leading = finding("lead", () => ({ status: "pass", message: "Two more.", further: [crash, fine] }));
    const results = await runChecks([leading, { ...fine, id: "last" }], examinationIn(home()));
    expect(results.map(({ id }) => id)).toEqual(["lead", "crash", "fine", "last"]);
  });

  test("secrets are withheld from messages and remedies, and lines stay lines", async () => {
    const place = examinationIn(home(), { AUTH0_TOKEN: "canary-of-a-token" });
    const telling = finding("x", () => ({
      status: "warn",
      message: "first\nthe token canary-of-a-token",
      remedy: "Hide canary-of-a-token.",
    }));
    const [result] = await look(telling, place);
    expect(JSON.stringify(result)).not.toContain("canary");
    expect(result?.message.split("\n")).toHaveLength(2);
  });

  test("a command in a message can still be typed", async () => {
    const telling = finding("x", () => ({ status: "warn", message: `Run: chmod 600 '${home()}/a b'` }));
    expect((await look(telling, examinationIn(home())))[0]?.message).toBe("Run: chmod 600 ~/'a b'");
  });

  test("the home folder is told as ~ in messages, and as it is in what shall be typed", async () => {
    const telling = finding("x", () => ({
      status: "warn",
      message: `See ${home()}/a.`,
      remedy: `rm '${home()}/a'`,
    }));
    expect((await look(telling, examinationIn(home())))[0]).toMatchObject({
      message: "See ~/a.",
      remedy: `rm '${home()}/a'`,
    });
  });

  test("an interruption ends it", async () => {
    const interrupted = finding("x", () => {
      throw cancelledError();
    });
    await expect(look(interrupted, examinationIn(home()))).rejects.toMatchObject({ exit: 130 });
    const aborted = new AbortController();
    aborted.abort();
    const place = examinationIn(home());
    const invocation = { ...place.invocation, interrupt: aborted.signal };
    await expect(runChecks([fine], { ...place, invocation })).rejects.toMatchObject({ exit: 130 });
  });
});

describe("the report", () => {
  const result = (more: Partial<Result>): Result => ({
    id: "x",
    title: "Thing",
    status: "pass",
    message: "ok",
    ...more,
  });

  test("fits 80 columns, remedy below the message, and counts", () => {
    const words = "many words ".repeat(30).trim();
    const text = stripVTControlCharacters(
      report([result({}), result({ status: "fail", title: "Longer title", message: words, remedy: words })]),
    );
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
    expect(text).toContain("pass  Thing         ok\n");
    expect(text).toMatch(/^ +→ many words/m);
    expect(text).toEndWith("\n\n1 passed, 0 to know, 1 failed");
  });

  test("a word longer than a line is not broken", () => {
    const word = "x".repeat(100);
    expect(stripVTControlCharacters(report([result({ message: `see ${word} there` })]))).toContain(
      `${word}\n`,
    );
  });
});
