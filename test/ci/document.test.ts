import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT } from "../../scripts/build.ts";
import { type ServedTenant, serveTenant } from "../../scripts/support/tenants.ts";
import { options } from "../../src/config/options.ts";
import { collect } from "../release/install-harness.ts";
import { executable } from "../support/executable.ts";
import { everyScript, GITHUB, GITLAB, read } from "./pipelines.ts";

const page = read("docs/ci.md");
const blocks = (language: string) =>
  [...page.matchAll(/^ *```(\w+)\n([\s\S]*?)^ *```$/gm)].flatMap(([, name, text = ""]) =>
    name === language ? [text] : [],
  );

test("the page quotes each recipe as it stands in its file", () => {
  const files = [...GITHUB, ...GITLAB].filter((file) => file.startsWith("docs/"));
  expect(files).toHaveLength(2);
  expect(blocks("yaml").sort()).toEqual(files.map(read).sort());
});

test("the page names every secret and variable that the pipelines look for, and no other of ours", () => {
  const text = [...GITHUB, ...GITLAB].map(read).join("\n");
  const wanted = [...text.matchAll(/\b(?:secrets|vars)\.(\w+)|\$(\w+_RUNNER_TAG)\b/g)].map(
    ([, setting, tag]) => setting ?? tag ?? "",
  );
  expect(new Set(wanted).size).toBeGreaterThan(6);
  const told = new Set([...page.matchAll(/`([A-Z][A-Z0-9_]+)`/g)].map(([, name]) => name ?? ""));
  expect(wanted.filter((name) => !told.has(name))).toEqual([]);
  const known = Object.values(options).flatMap((option) => ("variable" in option ? [option.variable] : []));
  const ours = [...told].filter((name) => name.startsWith("AUTH0_"));
  expect(ours.filter((name) => !known.some((variable) => variable === name))).toEqual([]);
});

test("the page links to files that exist", () => {
  const targets = [...page.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target = ""]) => target);
  expect(targets.length).toBeGreaterThan(1);
  expect(targets.filter((target) => !existsSync(join(ROOT, "docs", target)))).toEqual([]);
});

describe("the command lines", () => {
  let tenant: ServedTenant;
  beforeAll(async () => {
    tenant = await serveTenant();
  });
  afterAll(() => tenant.stop());

  /** Command lines in a text, without what a script does with their output. */
  const commands = (text: string) =>
    [...text.matchAll(/(?<=^|[\s(`])auth0-mcp (?!in )[a-z-][^\n|>`]*/gm)].map(([line]) => line.trim());

  const lines = [
    ...new Set([
      ...commands(page),
      ...everyScript().flatMap(({ file, text }) => (file.startsWith("docs/") ? commands(text) : [])),
    ]),
  ];

  test("are found", () => {
    expect(lines.length).toBeGreaterThan(3);
    expect(lines).toContain("auth0-mcp session --json --min-ttl 10m");
  });

  test.each(lines)("%s works", async (line) => {
    const { domain, clientId, clientSecret } = tenant.tenant;
    const env = {
      PATH: `${dirname(await executable())}:/usr/bin:/bin`,
      HOME: "/nonexistent",
      AUTH0_DOMAIN: domain,
      AUTH0_CLIENT_ID: clientId,
      AUTH0_CLIENT_SECRET: clientSecret,
      // What the recipes' loop begins with.
      arguments: "{}",
    };
    expect(await collect(["sh", "-c", line], "", env)).toMatchObject({ code: 0, stderr: "" });
  });
});
