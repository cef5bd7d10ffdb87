import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Json } from "../../src/lib/json.ts";
import { CUT, clip, equalShare, shareOut, shorten, size } from "../../src/policy/cut.ts";
import { unmarked } from "../support/cut-text.ts";

test("size counts bytes of JSON", () => {
  expect([size("a"), size("é"), size("\n"), size({ a: [1] }), size(null)]).toEqual([3, 4, 4, 9, 4]);
});

describe("clip", () => {
  test.each([
    ["short", 10, "short"],
    ["exactly", 7, "exactly"],
    ["too long", 5, "too …"],
    ["ab😀cd", 4, "ab…"],
  ])("%s to %d", (text, most, expected) => {
    expect(clip(text, most)).toBe(expected);
  });
});

describe("equalShare", () => {
  test.each([
    [[], 0, Number.POSITIVE_INFINITY],
    [[10, 10], 20, Number.POSITIVE_INFINITY],
    [[10, 100], 50, 40],
    [[100, 10, 100], 110, 50],
    [[5], 4, 4],
  ])("%j in %d", (sizes, room, expected) => {
    expect(equalShare(sizes, room)).toBe(expected);
  });

  test("cut to their share, the sizes fit, and no larger share would", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(1_000), { minLength: 1, maxLength: 40, size: "max" }),
        fc.nat(5_000),
        (sizes, room) => {
          const share = equalShare(sizes, room);
          const total = (most: number) => sizes.reduce((sum, one) => sum + Math.min(one, most), 0);
          if (share === Number.POSITIVE_INFINITY) return expect(total(share)).toBeLessThanOrEqual(room);
          expect(total(share)).toBeLessThanOrEqual(room);
          expect(total(share + 1)).toBeGreaterThan(room);
        },
      ),
    );
  });
});

describe("shorten", () => {
  test("a text keeps its beginning and says how much", () => {
    expect(shorten("abcdefghij".repeat(10), 66)).toEqual({
      value: `${"abcdefghij".repeat(4)}a${CUT}`,
      note: "41 of 100 characters",
      offset: 41,
    });
  });

  test("a surrogate pair is not parted", () => {
    const { value, offset } = shorten("😀".repeat(100), 65);
    expect(value).toBe(`${"😀".repeat(10)}${CUT}`);
    expect(offset).toBe(20);
  });

  test("a list keeps whole items", () => {
    expect(shorten(["a".repeat(50), "b".repeat(50), "c".repeat(50)], 120)).toEqual({
      value: ["a".repeat(50), "b".repeat(50)],
      note: "2 of 3 items",
      offset: 2,
    });
  });

  test("a list whose first item is too large shows the beginning of that", () => {
    const { value, note, offset } = shorten([{ code: "x".repeat(500), id: 1 }, "b"], 200);
    expect({ note, offset }).toEqual({ note: "1 of 2 items, and that is cut", offset: 1 });
    expect(JSON.stringify(value)).toMatch(/^\[\{"code":"x+…\[cut by auth0-mcp\]","id":1\}\]$/);
  });

  test("inside an object every cut text is marked, and small members stay", () => {
    const { value, offset } = shorten({ a: "x".repeat(500), b: { c: ["y".repeat(500)] }, d: 1 }, 300);
    expect(offset).toBeUndefined();
    expect(size(value)).toBeLessThanOrEqual(300);
    expect(JSON.stringify(value).split(CUT)).toHaveLength(3);
    expect(JSON.stringify(value)).toEndWith('"d":1}');
  });

  test("whatever it is, it fits, and a text goes on where it was cut", () => {
    const text = fc.string({
      unit: fc.constantFrom("a", "é", "😀", "\n", "\u0001", "中", '"', "\ud800"),
      maxLength: 400,
      size: "max",
    });
    const { node } = fc.letrec<{ node: Json }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        text,
        fc.double(),
        fc.constant(null),
        fc.array(tie("node")),
        fc.dictionary(fc.string(), tie("node")),
      ),
    }));
    fc.assert(
      fc.property(node, fc.integer({ min: 64, max: 1_000 }), (value, budget) => {
        const cut = shorten(value, budget);
        expect(size(cut.value)).toBeLessThanOrEqual(Math.max(budget, typeof value === "number" ? 25 : 4));
        if (typeof value === "string") {
          const shown = unmarked(cut.value);
          expect(cut.value).toBe(shown + CUT);
          expect(value.startsWith(shown)).toBe(true);
          expect(cut.offset).toBe(shown.length);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("shareOut", () => {
  test("small members stay, large ones share what is left", () => {
    const whole = { id: "1", a: "x".repeat(1_000), b: "y".repeat(1_000), c: "z".repeat(100) };
    const { data, leftOut } = shareOut(whole, 500, (_, value, share) => shorten(value, share).value);
    expect(leftOut).toEqual([]);
    expect(size(data)).toBeLessThanOrEqual(500);
    expect(size(data)).toBeGreaterThan(490);
    expect(data["c"]).toBe(whole.c);
    expect(String(data["a"]).length).toBe(String(data["b"]).length);
  });

  test("thousands of small members leave from the end", () => {
    const whole = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`member_${index}`, index]));
    const { data, leftOut } = shareOut(whole, 1_000, (_, value) => value);
    expect(size(data)).toBeLessThanOrEqual(1_000);
    expect(Object.keys(data).length + leftOut.length).toBe(5_000);
    expect(Object.keys(data).length).toBeGreaterThan(10);
    expect(leftOut.at(-1)).toBe("member_4999");
  });
});
