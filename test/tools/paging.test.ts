import { describe, expect, test } from "bun:test";
import { asNumber, type JsonObject } from "../../src/lib/json.ts";
import { offsetList, pageFrom, readPage, resumeOffset } from "../../src/tools/paging.ts";
import { type StartedTenant, startTenant } from "../support/tenant.ts";
import { walk } from "./walk.ts";

const items = (count: number): JsonObject[] => Array.from({ length: count }, (_, id) => ({ id }));

describe("readPage", () => {
  test.each<[string, JsonObject | JsonObject[], object]>([
    ["a bare list", items(2), { total: undefined, start: undefined, limit: undefined }],
    [
      "an envelope",
      { start: 50, limit: 25, total: 60, things: items(2) },
      { total: 60, start: 50, limit: 25 },
    ],
    [
      "an envelope of actions",
      { per_page: 20, total: 2, things: items(2) },
      { total: 2, start: undefined, limit: 20 },
    ],
    [
      "numbers that are none",
      { start: -1, limit: 0, per_page: 1.5, things: items(2) },
      { start: undefined, limit: undefined },
    ],
  ])("reads %s", (_, body, expected) => {
    expect(readPage(body, "things")).toMatchObject({ items: items(2), ...expected });
  });
});

describe("offsetList goes on where a page really ends", () => {
  const next = (page: number, perPage: number, read: Partial<Parameters<typeof offsetList>[0]>) =>
    offsetList({ key: "things", items: items(0), page, perPage, ...read }).paging.next;

  test("behind a page that is smaller than was asked for", () => {
    expect(next(0, 50, { items: items(25), start: 0, limit: 25, total: 60 })).toEqual({
      page: 1,
      per_page: 25,
    });
    expect(next(1, 50, { items: items(25), start: 25, limit: 25, total: 60 })).toEqual({
      page: 2,
      per_page: 25,
    });
    expect(next(2, 25, { items: items(10), start: 50, limit: 25, total: 60 })).toBeNull();
  });

  test("also where only its length tells, or only its limit", () => {
    expect(next(0, 50, { items: items(25), total: 60 })).toEqual({ page: 1, per_page: 25 });
    expect(next(0, 50, { items: items(25), limit: 25 })).toEqual({ page: 1, per_page: 25 });
    expect(next(1, 50, { items: items(25), limit: 25 })).toEqual({ page: 2, per_page: 25 });
  });

  test("without what such a page shows again", () => {
    const { items: shown, paging } = offsetList({
      key: "things",
      ...{ items: items(50).slice(25), start: 25, limit: 25, total: 100 },
      ...{ page: 1, perPage: 30 },
    });
    expect(shown).toEqual(items(50).slice(30));
    expect(paging.next).toEqual({ page: 2, per_page: 25 });
  });

  test("with the usual size again behind small pages, and never more than that unasked", () => {
    expect(next(48, 1, { items: items(1), total: 200 })).toEqual({ page: 1, per_page: 49 });
    expect(next(52, 1, { items: items(1), total: 200 })).toEqual({ page: 53, per_page: 1 });
    expect(next(53, 1, { items: items(1), total: 200 })).toEqual({ page: 2, per_page: 27 });
    expect(next(99, 1, { items: items(1), total: 200 })).toEqual({ page: 2, per_page: 50 });
    expect(next(3, 5, { items: items(5), total: 900 })).toEqual({ page: 4, per_page: 5 });
    expect(next(1, 80, { items: items(80), total: 900 })).toEqual({ page: 2, per_page: 80 });
  });

  test("where fewer fit, with fewer than fit rather than with single items ever after", () => {
    const resume = (page: number, perPage: number, fitting: number) =>
      offsetList({ key: "things", items: items(perPage), page, perPage, total: 900 }).paging.resume(fitting);
    expect(resume(0, 50, 20)).toEqual({ kept: 20, next: { page: 1, per_page: 20 } });
    expect(resume(1, 50, 3)).toEqual({ kept: 2, next: { page: 2, per_page: 26 } });
    expect(resume(1, 50, 1)).toEqual({ kept: 1, next: { page: 3, per_page: 17 } });
  });

  test("and ends at an empty page, and at one that is not full", () => {
    expect(next(3, 50, { items: [], total: 60 })).toBeNull();
    expect(next(0, 50, { items: items(49) })).toBeNull();
  });
});

describe("a list of which only so much can be reached", () => {
  const bounds = { largest: 50, reachable: 1_000 };

  test.each([
    [50, { page: 1, per_page: 50 }],
    [990, { page: 99, per_page: 10 }],
    [997, { page: 997, per_page: 1 }],
    [999, { page: 999, per_page: 1 }],
    [1_000, null],
  ])("goes on behind %d results as far as that", (offset, page) => {
    expect(pageFrom(offset, bounds)).toEqual(page);
  });

  test("shows fewer where the next page could not hold as many", () => {
    expect(resumeOffset(950, 20, bounds)).toEqual({ kept: 18, next: { page: 44, per_page: 22 } });
    expect(resumeOffset(950, 50, bounds)).toEqual({ kept: 25, next: { page: 39, per_page: 25 } });
    expect(resumeOffset(999, 1, bounds)).toEqual({ kept: 1, next: {} });
  });
});

/** A tenant that gives at most so many items at once, whatever is asked for. */
async function stingyTenant(key: string, count: number, most: number): Promise<StartedTenant> {
  return startTenant({
    intercept({ query }) {
      const limit = Math.min(Number(query["per_page"]), most);
      const start = Number(query["page"]) * limit;
      const shown = items(count)
        .slice(start, start + limit)
        .map(({ id }) => ({ id: `${asNumber(id)}`, client_id: `${asNumber(id)}` }));
      return Response.json({ start, limit, total: count, [key]: shown });
    },
  });
}

test.each([
  ["auth0_list_applications", "applications", "clients"],
  ["auth0_list_resource_servers", "resource_servers", "resource_servers"],
  ["auth0_list_application_grants", "application_grants", "client_grants"],
  ["auth0_list_forms", "forms", "forms"],
  ["auth0_list_actions", "actions", "actions"],
])("%s gives every item once where the tenant's pages are smaller", async (tool, key, envelope) => {
  for (const most of [1, 7, 25]) {
    const tenant = await stingyTenant(envelope, 60, most);
    const { items: seen } = await walk(tenant, tool, key, { per_page: 50 });
    expect(seen.map((item) => item["id"] ?? item["client_id"])).toEqual(items(60).map(({ id }) => `${id}`));
  }
});

test("auth0_list_logs reads a wrapped page by its own limit", async () => {
  const tenant = await stingyTenant("logs", 60, 25);
  const { items: seen } = await walk(tenant, "auth0_list_logs", "logs", { per_page: 50, fields: ["id"] });
  expect(seen.map((item) => item["id"])).toEqual(items(60).map(({ id }) => `${id}`));
});
