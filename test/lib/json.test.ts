import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  asNumber,
  asObjects,
  asStrings,
  isObject,
  isTooDeep,
  type Json,
  MOST_LEVELS,
  parseJson,
  sameJson,
} from "../../src/lib/json.ts";

test("only plain members of JSON objects count as objects", () => {
  expect([{}, { a: 1 }].map(isObject)).toEqual([true, true]);
  expect([null, [], "x", 1, undefined].map(isObject)).toEqual([false, false, false, false, false]);
});

test("lists keep what fits and drop the rest", () => {
  expect(asObjects([{ a: 1 }, null, "x", [1]])).toEqual([{ a: 1 }]);
  expect(asObjects({ 0: {} })).toEqual([]);
  expect(asStrings(["a", 1, null, "b"])).toEqual(["a", "b"]);
  expect([Number.NaN, Number.POSITIVE_INFINITY, "1", 0].map(asNumber)).toEqual([
    undefined,
    undefined,
    undefined,
    0,
  ]);
});

test.each([
  ["objects", (inner: Json) => ({ inner })],
  ["arrays", (inner: Json) => [1, inner]],
])("%s may be nested so deep and no deeper, wherever in them", (_, wrap) => {
  const nested = (levels: number): Json => (levels === 0 ? "x" : wrap(nested(levels - 1)));
  expect(isTooDeep(nested(MOST_LEVELS))).toBe(false);
  expect(isTooDeep(nested(MOST_LEVELS + 1))).toBe(true);
  expect(isTooDeep({ a: {}, b: nested(MOST_LEVELS) })).toBe(true);
});

test("text that is no JSON parses to nothing, and null stays null", () => {
  expect(parseJson("{")).toBeUndefined();
  expect(parseJson("")).toBeUndefined();
  expect(parseJson("null")).toBeNull();
});

describe("sameJson", () => {
  test.each([
    [{ a: 1, b: [1, { c: null }] }, { b: [1, { c: null }], a: 1 }, true],
    [[1, 2], [2, 1], false],
    [{ a: 1 }, { a: 1, b: 1 }, false],
    [{ a: null }, { b: null }, false],
    [{ a: 1, constructor: 1 }, { a: 1, b: 1 }, false],
    [[], {}, false],
    [null, {}, false],
    ["1", 1, false],
  ] satisfies [Json, Json, boolean][])("%j and %j", (a, b, same) => {
    expect(sameJson(a, b)).toBe(same);
    expect(sameJson(b, a)).toBe(same);
  });

  test("every value is the same as its own copy", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const copy = parseJson(JSON.stringify(value));
        return copy !== undefined && sameJson(parseJson(JSON.stringify(value)), copy);
      }),
    );
  });
});
