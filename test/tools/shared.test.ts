import { describe, expect, test } from "bun:test";
import { listed } from "../../src/tools/listed.ts";
import { completeNested, nestedNames } from "../../src/tools/nested.ts";
import { requireSettings } from "../../src/tools/settings.ts";
import { oneOf } from "../../src/tools/values.ts";

describe("completeNested", () => {
  const present = { a: { x: 1, deep: { y: 2, list: [1, 2] } }, b: { z: 3 }, text: "old" };

  test("keeps present members at every level, takes lists and texts as given", () => {
    const given = { a: { deep: { list: [] } }, text: "new" };
    expect(nestedNames(given)).toEqual(["a"]);
    expect(completeNested(given, ["a"], present)).toEqual({
      a: { x: 1, deep: { y: 2, list: [] } },
      text: "new",
    });
  });

  test("leaves objects alone that are not named or not there yet, and changes nothing in place", () => {
    const given = { a: { x: 9 }, b: { w: 1 }, c: { v: 1 } };
    const before = structuredClone({ given, present });
    expect(completeNested(given, ["b", "c"], present)).toEqual({
      a: { x: 9 },
      b: { z: 3, w: 1 },
      c: { v: 1 },
    });
    expect({ given, present }).toEqual(before);
  });

  test("an object takes the place of anything else, and null of an object", () => {
    const given = { text: { now: 1 }, a: { deep: null } };
    expect(completeNested(given, ["text", "a"], present)).toEqual({
      text: { now: 1 },
      a: { x: 1, deep: null },
    });
  });
});

describe("listed", () => {
  test("joins values, and counts what would make the sentence too long", () => {
    expect(listed([])).toBe("");
    expect(listed(["a", "b"])).toBe("a, b");
    const many = listed(Array.from({ length: 300 }, (_, index) => `read:${index}`));
    expect(many.length).toBeLessThan(640);
    const shown = many.split(" and ")[0]?.split(", ").length ?? 0;
    expect(many.endsWith(` and ${300 - shown} more`)).toBe(true);
  });

  test("cuts even a first value that is too long", () => {
    expect(listed(["x".repeat(5_000), "y"]).length).toBeLessThan(640);
  });
});

describe("oneOf", () => {
  test("names every value in its description and in its refusal", () => {
    const kind = oneOf("a", "b", "c");
    expect(kind.description).toBe("a, b or c");
    expect(kind.safeParse("b").success).toBe(true);
    expect(kind.safeParse("d").error?.issues[0]?.message).toBe("must be a, b or c");
  });
});

test("requireSettings refuses an update without settings and names them", () => {
  expect(() => requireSettings({}, ["name", "scopes"])).toThrow("name, scopes");
  expect(() => requireSettings({ name: "x" }, ["name"])).not.toThrow();
});
