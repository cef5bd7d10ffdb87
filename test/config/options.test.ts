import { expect, test } from "bun:test";
import { type Option, options } from "../../src/config/options.ts";

const all: readonly Option[] = Object.values(options);

test("no flag and no variable stands twice", () => {
  const flags = all.flatMap(({ flag }) => flag ?? []);
  const variables = all.flatMap(({ variable }) => variable ?? []);
  expect(new Set(flags).size).toBe(flags.length);
  expect(new Set(variables).size).toBe(variables.length);
});

test("flags are words with dashes, variables capitals, and everything has its help", () => {
  for (const { flag, variable, help } of all) {
    if (flag !== undefined) expect(flag).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
    if (variable !== undefined) expect(variable).toMatch(/^[A-Z][A-Z0-9_]*$/);
    expect(flag ?? variable).toBeDefined();
    expect(help).toMatch(/^[A-Z].*[^.]$/);
  }
});
