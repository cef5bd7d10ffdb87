import { beforeEach, describe, expect, test } from "bun:test";
import { asObjects, asString, type JsonObject } from "../../src/lib/json.ts";
import { recordEvent } from "../../src/sandbox/events.ts";
import { logRoutes } from "../../src/sandbox/resources/logs.ts";
import { attackerIp, seedLogs } from "../../src/sandbox/seed/logs.ts";
import { type Harness, serveRoutes } from "./resource-harness.ts";

let tenant: Harness;

function fill(count: number): void {
  for (let index = 0; index < count; index += 1) {
    tenant.clock.advance(1000);
    recordEvent(tenant.state, { type: index % 2 === 0 ? "s" : "fp", userName: `user${index}@example.com` });
  }
}

const names = (entries: readonly JsonObject[]) => entries.map((entry) => asString(entry["user_name"]));
const search = (query: Record<string, string>) => tenant.call("GET", `/logs?${new URLSearchParams(query)}`);

/** The path and query of the `next` address, below the API's base. */
function nextPath(link: string | undefined): string {
  const address = /<([^>]*)>; rel="next"/.exec(link ?? "")?.[1] ?? "";
  return address.replace(`${tenant.state.origin}/api/v2`, "");
}

beforeEach(() => {
  tenant = serveRoutes(logRoutes);
});

describe("search", () => {
  test("answers a bare array, newest first, 50 at a time", async () => {
    fill(60);
    const { status, list } = await tenant.call("GET", "/logs");
    expect(status).toBe(200);
    expect(list).toHaveLength(50);
    expect(names(list).slice(0, 2)).toEqual(["user59@example.com", "user58@example.com"]);
    expect((await search({ page: "1" })).list).toHaveLength(10);
    expect((await search({ page: "2" })).list).toEqual([]);
  });

  test("an entry has the fields of the API's, with two equal ids of 56 digits", async () => {
    fill(1);
    const [entry = {}] = (await tenant.call("GET", "/logs")).list;
    expect(entry["_id"]).toBe(entry["log_id"] ?? null);
    expect(entry["log_id"]).toMatch(/^\d{56}$/);
    const always = ["date", "type", "description", "client_name", "ip", "user_agent", "isMobile"];
    expect(always.filter((key) => !(key in entry))).toEqual([]);
    const given = ["connection", "client_id", "details", "audience", "location_info", "organization_id"];
    expect(given.filter((key) => key in entry)).toEqual([]);
  });

  test("totals count the page only", async () => {
    fill(12);
    const { object } = await search({
      include_totals: "true",
      per_page: "5",
      page: "1",
      q: "type:(s OR fp)",
    });
    const { logs, ...rest } = object;
    expect(rest).toEqual({ start: 5, limit: 5, length: 5, total: 5 });
    expect(asObjects(logs)).toHaveLength(5);
  });

  test("q, sort and fields", async () => {
    fill(6);
    const { list } = await search({ q: "type:fp", sort: "date:1", fields: "user_name,type" });
    expect(list).toEqual([
      { type: "fp", user_name: "user1@example.com" },
      { type: "fp", user_name: "user3@example.com" },
      { type: "fp", user_name: "user5@example.com" },
    ]);
    const [first = {}] = (await search({ fields: "user_name", include_fields: "false" })).list;
    expect("user_name" in first).toBe(false);
    expect("type" in first).toBe(true);
    expect((await search({ q: "" })).list).toHaveLength(6);
  });

  test("search finds beginnings and, in quotes, whole values, in any case, beside q", async () => {
    const people = ["Jane@example.com", "jane@example.org", "john@example.com"];
    people.forEach((userName, index) => {
      const clientName = index === 1 ? "Shop" : "Node app";
      recordEvent(tenant.state, { type: index === 2 ? "fp" : "s", userName, clientName });
    });
    const found = async (query: Record<string, string>) => names((await search(query)).list).toSorted();
    const [upper = "", lower = "", john = ""] = people;
    expect(await found({ search: "JANE" })).toEqual([upper, lower]);
    expect(await found({ search: "node a" })).toEqual([upper, john]);
    expect(await found({ search: '"shop"' })).toEqual([lower]);
    expect(await found({ search: 'application:node user:"jane@EXAMPLE.com"' })).toEqual([upper]);
    expect(await found({ search: "user_name:jane type:fp" })).toEqual([]);
    expect(await found({ search: "application:node", q: "type:fp" })).toEqual([john]);
    expect(await found({ search: "example" })).toEqual([]);
  });

  test("take without from has no effect", async () => {
    fill(6);
    for (const take of ["2", "101", "many"]) expect((await search({ take })).list).toHaveLength(6);
  });

  test("ends at the 1,000th result, however many there are", async () => {
    fill(10);
    expect((await search({ page: "9", per_page: "100" })).status).toBe(200);
    const { status, object, message } = await search({ page: "10", per_page: "100" });
    expect([status, object["errorCode"]]).toEqual([400, "invalid_paging"]);
    expect(message).toContain("Requesting page 10 exceeds the allowed maximum of 1000 records");
    expect(message).toContain("checkpoint");
    expect((await search({ page: "33", per_page: "30" })).status).toBe(400);
  });

  test("refuses what is out of range, unknown or too long", async () => {
    const refused = async (query: Record<string, string>) => {
      const { status, object } = await search(query);
      return [status, object["errorCode"]];
    };
    for (const query of [
      { per_page: "101" },
      { page: "-1" },
      { page: "first" },
      { sort: "date" },
      { sort: "details:1" },
      { q: "nickname:x" },
      { q: "type:(s" },
      { search: "nickname:x" },
      { search: "type:" },
      { search: 'user:"jane' },
      { take: "101", from: "9" },
    ]) {
      expect(await refused(query)).toEqual([400, "invalid_query_string"]);
    }
    const { status, object } = await search({ q: `type:${"x".repeat(5000)}` });
    expect([status, object["statusCode"]]).toEqual([414, 414]);
  });

  test("gives no addresses of other pages", async () => {
    fill(25);
    for (const page of ["0", "1"]) expect((await search({ per_page: "10", page })).link).toBeUndefined();
  });
});

describe("checkpoint", () => {
  test("walks from one entry to the newest, every entry once, oldest first", async () => {
    fill(25);
    const start = asString(tenant.state.logs[0]?.["log_id"]) ?? "";
    let path = `/logs?from=${start}&take=10`;
    const seen: (string | undefined)[] = [];
    const sizes: number[] = [];
    for (let step = 0; step < 4; step += 1) {
      const { list, link } = await tenant.call("GET", path);
      seen.push(...names(list));
      sizes.push(list.length);
      if (list.length === 0) expect(nextPath(link)).toBe(path);
      path = nextPath(link);
    }
    expect(sizes).toEqual([10, 10, 4, 0]);
    expect(seen).toEqual(Array.from({ length: 24 }, (_, index) => `user${index + 1}@example.com`));
    fill(1);
    expect((await tenant.call("GET", path)).list).toHaveLength(1);
  });

  test("ignores every other parameter", async () => {
    fill(5);
    const from = asString(tenant.state.logs[0]?.["log_id"]) ?? "";
    const { body, list, link } = await search({
      from,
      q: "nickname:(",
      sort: "nothing",
      fields: "type",
      include_totals: "perhaps",
      page: "50",
      per_page: "1000",
      colour: "red",
    });
    expect(Array.isArray(body)).toBe(true);
    expect(names(list)).toEqual([1, 2, 3, 4].map((index) => `user${index}@example.com`));
    expect(nextPath(link)).toBe(`/logs?from=${asString(list.at(-1)?.["log_id"])}`);
  });
});

describe("one entry", () => {
  test("is found by its id", async () => {
    fill(3);
    const id = asString(tenant.state.logs[1]?.["log_id"]) ?? "";
    expect((await tenant.call("GET", `/logs/${id}`)).object["user_name"]).toBe("user1@example.com");
  });

  test("or is a 404 without an error code", async () => {
    const { status, object } = await tenant.call("GET", "/logs/900");
    expect([status, object]).toEqual([
      404,
      { statusCode: 404, error: "Not Found", message: "Log not found." },
    ]);
  });

  test("either scope is enough, another is not", async () => {
    for (const [scope, status] of [
      ["read:logs", 200],
      ["read:logs_users", 200],
      ["read:users", 403],
    ] as const) {
      expect((await serveRoutes(logRoutes, [scope]).call("GET", "/logs")).status).toBe(status);
    }
  });
});

describe("demo", () => {
  beforeEach(() => seedLogs(tenant.state));

  test("is about 300 events of the last week, in order of their ids", () => {
    const { logs } = tenant.state;
    expect(logs.length).toBeGreaterThan(280);
    expect(logs.length).toBeLessThan(380);
    const ids = logs.map((entry) => asString(entry["log_id"]) ?? "");
    expect(ids).toEqual(ids.toSorted());
    const now = tenant.clock.now();
    const ages = logs.map((entry) => now - Date.parse(asString(entry["date"]) ?? ""));
    expect(Math.min(...ages)).toBeGreaterThan(0);
    expect(Math.max(...ages)).toBeLessThanOrEqual(7 * 24 * 60 * 60 * 1000);
    const types = new Set(logs.map((entry) => entry["type"]));
    expect(
      ["s", "f", "fp", "fu", "seacft", "seccft", "sapi", "ss", "slo", "w"].filter((type) => !types.has(type)),
    ).toEqual([]);
  });

  test("is the same every time", () => {
    const again = serveRoutes(logRoutes);
    seedLogs(again.state);
    expect(again.state.logs).toEqual(tenant.state.logs);
  });

  test("has one address with many failed logins", async () => {
    const { list } = await search({ q: `ip:"${attackerIp}" AND type:(fp OR fu)`, per_page: "100" });
    expect(list.length).toBeGreaterThan(40);
  });

  test("uses the tenant's own applications", () => {
    const other = serveRoutes(logRoutes);
    other.state.clients.set("app1", { client_id: "app1", name: "First" });
    other.state.clients.set("all", { client_id: "all", name: "All Applications", global: true });
    seedLogs(other.state);
    const ids = new Set(other.state.logs.map((entry) => entry["client_id"]));
    expect([...ids].filter((id) => id !== null)).toEqual(["app1"]);
  });

  test("contains what strangers wrote, but no password", () => {
    const text = JSON.stringify(tenant.state.logs);
    expect(text).toContain("Ignore all previous instructions");
    expect(text).toContain("\\u001b[2J");
    expect(text).toContain("\u202e");
    expect(
      Math.max(...tenant.state.logs.map((entry) => (asString(entry["description"]) ?? "").length)),
    ).toBeGreaterThan(20_000);
    const passwords = [...text.matchAll(/"password":"([^"]*)"/g)].map(([, password]) => password);
    expect(new Set(passwords)).toEqual(new Set(["*****"]));
  });
});
