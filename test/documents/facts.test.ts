import { describe, expect, test } from "bun:test";
import { commandEvent, toolEvent } from "../../src/analytics/event.ts";
import { PATIENCE } from "../../src/cli/usage.ts";
import { clients } from "../../src/clients/table.ts";
import { options } from "../../src/config/options.ts";
import { MAX_TOTAL } from "../../src/management/allowance.ts";
import { ANSWER_BUDGET } from "../../src/policy/budget.ts";
import { LONGEST_WAIT } from "../../src/policy/waiting.ts";
import { WITHHELD } from "../../src/policy/withholding.ts";
import { REACHABLE } from "../../src/tools/logs/search-page.ts";
import { documentAt } from "../support/documents.ts";

const number = (value: number) => value.toLocaleString("en");

/** A page as one line, so that it does not matter where its lines end. */
const words = (file: string) => documentAt(file).text.replace(/\s+/g, " ");

describe("the README says what matters before anything is sent or asked", () => {
  const text = words("README.md");

  test("that it is an independent project, and whose the default client id is", () => {
    expect(text).toContain("an independent project, not a product of Auth0 or Okta");
    expect(options.loginClientId.help).toContain("Auth0's public one");
    expect(text).toContain("The default client id for signing in in the browser belongs to **Auth0**");
    expect(text).toContain(`\`${options.loginClientId.default}\``);
  });

  test("every field of the usage events, and how to turn them off", () => {
    const [, section = ""] = /## Usage events (.*?) ## /.exec(text) ?? [];
    const [, fields = ""] = /The fields, all of them: (.*?)\. No tenant/.exec(section) ?? [];
    const told = [...fields.matchAll(/`([a-z_]+)`/g)]
      .map(([, name]) => name ?? "")
      .filter((name) => name !== "other");
    const sent = { ...commandEvent({ command: "session", success: true, milliseconds: 1 }) };
    const sentOfCall = toolEvent({ tool: "x", client: "x", success: true, milliseconds: 1 });
    expect(told.sort()).toEqual([...new Set([...Object.keys(sent), ...Object.keys(sentOfCall)])].sort());
    expect(section).toContain(
      `\`${options.analytics.variable}=false\` or \`${options.doNotTrack.variable}=1\``,
    );
    expect(section).toContain(`at most ${PATIENCE} ms`);
  });

  test("how many clients there are", () => {
    expect(text).toContain(`the ${clients.length} MCP clients`);
  });
});

test("the limits are told as they are", () => {
  const text = words("docs/policies.md");
  expect(text).toContain(`| one answer | ${number(ANSWER_BUDGET)} bytes of text;`);
  expect(text).toContain(`| ${LONGEST_WAIT / 1000} seconds in one call |`);
  expect(text).toContain(`, ${MAX_TOTAL / 1000} seconds in one call;`);
  expect(text).toContain(`\`${WITHHELD}\``);
  expect(words("docs/tools.md")).toContain(`the API's ${number(REACHABLE)}th result`);
});
