import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { asObject, asObjects, asString, type JsonObject } from "../../src/lib/json.ts";
import { ApiFault } from "../../src/sandbox/fault.ts";
import { listAnswer, project } from "../../src/sandbox/paging.ts";

const day = 24 * 60 * 60 * 1000;
const now = Date.parse("2026-05-04T10:00:00.000Z");
const list = { key: "things", id: "id", now };
const items = (count: number): JsonObject[] =>
  Array.from({ length: count }, (_, index) => ({ id: `i${index}` }));
const ids = (value: unknown) => asObjects(value).map((item) => asString(item["id"]) ?? "");

describe("by offset", () => {
  test("asked for nothing: a bare array of at most 50", () => {
    expect(ids(listAnswer(items(60), list, {}))).toEqual(ids(items(50)));
  });

  test("with totals: `start` counts items, not pages", () => {
    expect(listAnswer(items(7), list, { include_totals: true, page: 1, per_page: 3 })).toEqual({
      start: 3,
      limit: 3,
      total: 7,
      things: [{ id: "i3" }, { id: "i4" }, { id: "i5" }],
    });
    const past = asObject(listAnswer(items(7), list, { include_totals: true, page: 9, per_page: 3 }));
    expect(past).toEqual({ start: 27, limit: 3, total: 7, things: [] });
  });

  test("include_totals=false is a bare array", () => {
    expect(listAnswer(items(2), list, { include_totals: false, page: 0 })).toEqual([
      { id: "i0" },
      { id: "i1" },
    ]);
  });
});

describe("by checkpoint", () => {
  const walk = (all: readonly JsonObject[], take: number): { found: string[]; pages: number } => {
    const found: string[] = [];
    let from: string | undefined;
    for (let pages = 1; ; pages += 1) {
      const page = asObject(listAnswer(all, list, { take, ...(from === undefined ? {} : { from }) })) ?? {};
      found.push(...ids(page["things"]));
      from = asString(page["next"]);
      if (from === undefined) return { found, pages };
    }
  };

  test("gives every item exactly once, and no `next` on the last page", () => {
    const property = fc.property(
      fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 40 }),
      fc.integer({ min: 1, max: 12 }),
      (names, take) => {
        const { found, pages } = walk(
          names.map((id) => ({ id })),
          take,
        );
        expect([...found].sort()).toEqual([...names].sort());
        expect(pages).toBe(Math.max(1, Math.ceil(names.length / take)));
      },
    );
    fc.assert(property);
  });

  test("wins over offset parameters and never shows a total", () => {
    const page =
      asObject(listAnswer(items(3), list, { take: 1, page: 2, per_page: 1, include_totals: true })) ?? {};
    expect(Object.keys(page)).toEqual(["things", "next"]);
    expect(ids(page["things"])).toEqual(["i0"]);
  });

  test("a deletion between two pages loses nothing else", () => {
    const all = items(4);
    const { next = null } = asObject(listAnswer(all, list, { take: 2 })) ?? {};
    const rest = listAnswer(
      all.filter((item) => item["id"] !== "i1"),
      list,
      { take: 2, from: next },
    );
    expect(rest).toEqual({ things: [{ id: "i2" }, { id: "i3" }] });
  });

  test("one of another list, one that is made up, and one older than a day are refused", () => {
    const { next = null } = asObject(listAnswer(items(4), list, { take: 2 })) ?? {};
    const later = { ...list, now: now + day + 1 };
    expect(() => listAnswer(items(4), later, { from: next })).toThrow(ApiFault);
    expect(() => listAnswer(items(4), { ...list, key: "others" }, { from: next })).toThrow(ApiFault);
    expect(() => listAnswer(items(4), list, { from: "made-up" })).toThrow(ApiFault);
    expect(
      ids(asObject(listAnswer(items(4), { ...list, now: now + day }, { from: next }))?.["things"]),
    ).toEqual(["i2", "i3"]);
  });
});

test("fields are chosen or left out", () => {
  const item = { id: "1", name: "n", secret: "s" };
  expect(project(item, {})).toEqual(item);
  expect(project(item, { fields: "" })).toEqual(item);
  expect(project(item, { fields: "name,unknown" })).toEqual({ name: "n" });
  expect(project(item, { fields: "secret", include_fields: false })).toEqual({ id: "1", name: "n" });
});
