import { expect, test } from "bun:test";
import { strictArgs } from "../../src/cli/args.ts";

const definitions = {
  interaction: { type: "boolean", negativeDescription: "Ask nothing" },
  "read-only": { type: "boolean" },
} as const;
const strict = (...typed: string[]) => strictArgs(typed, definitions, "auth0-mcp login");

test("a flag that says what its negation means can be negated", () => {
  expect(strict("--no-interaction")).toEqual(["--interaction=false"]);
  expect(strict("--no-interaction=no")).toEqual(["--interaction"]);
  expect(strict("--interaction=no")).toEqual(["--interaction=false"]);
});

test("no other flag can, and none twice", () => {
  expect(() => strict("--no-read-only")).toThrow("Unknown flag --no-read-only");
  expect(() => strict("--interaction", "--no-interaction")).toThrow("given twice");
  expect(() => strict("--no-interacton")).toThrow("Unknown flag");
});
