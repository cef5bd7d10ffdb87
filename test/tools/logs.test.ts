import { beforeEach, describe, expect, test } from "bun:test";
import { asObjects, asString, asStrings, type JsonObject } from "../../src/lib/json.ts";
import { ANSWER_BUDGET } from "../../src/policy/budget.ts";
import { recordEvent, type TenantEvent } from "../../src/sandbox/events.ts";
import { type StartedTenant, startTenant } from "../support/tenant.ts";
import { walk } from "./walk.ts";

let tenant: StartedTenant;
beforeEach(async () => {
  tenant = await startTenant();
});

/** An event of a type, that many seconds after the start; its log_id. */
function logged(type: string, second: number, event: Partial<TenantEvent> = {}): string {
  const date = Date.parse("2026-05-01T00:00:00.000Z") + second * 1000;
  return String(recordEvent(tenant.sandbox.state, { type, ...event, date })["log_id"]);
}

/** That many events, newest first, as a search lists them. */
function loggedMany(count: number, event: Partial<TenantEvent> = {}): string[] {
  return Array.from({ length: count }, (_, second) => logged("s", second, event)).reverse();
}

function idsOf(items: readonly JsonObject[]): string[] {
  return items.map((item) => asString(item["log_id"]) ?? "");
}

/** The query that a call with these arguments sends. */
async function sentQuery(args: JsonObject): Promise<string | undefined> {
  await tenant.data("auth0_list_logs", args);
  return tenant.requests.at(-1)?.query["q"];
}

describe("an entry", () => {
  test("shows its summary with the meaning of its type, and leaves out what is empty", async () => {
    const id = logged("fp", 0, {
      description: "Wrong email or password.",
      connection: "Users",
      userId: "auth0|1",
      userName: "ana@example.com",
      ip: "192.0.2.1",
    });
    const { logs, untrusted_fields } = await tenant.data("auth0_list_logs");
    expect(logs).toEqual([
      {
        log_id: id,
        date: "2026-05-01T00:00:00.000Z",
        type: "fp",
        type_description: "Login failed: wrong password",
        description: "Wrong email or password.",
        connection: "Users",
        user_id: "auth0|1",
        user_name: "ana@example.com",
        ip: "192.0.2.1",
      },
    ]);
    expect(untrusted_fields).toEqual(["description", "user_name", "connection"]);
  });

  test("shows the fields asked for, as far as it has them, beside its id and type", async () => {
    const id = logged("made_up", 0, { details: { a: 1 } });
    const { logs } = await tenant.data("auth0_list_logs", { fields: ["details", "connection", "isMobile"] });
    expect(logs).toEqual([
      {
        log_id: id,
        type: "made_up",
        type_description: "Unknown event type",
        details: { a: 1 },
        isMobile: false,
      },
    ]);
  });

  test("of every type in the demo tenant is explained", async () => {
    const shop = await startTenant({ seed: "demo" });
    const { items } = await walk(shop, "auth0_list_logs", "logs", { per_page: 100 });
    expect(items.length).toBeGreaterThan(250);
    expect(items.filter((item) => item["type_description"] === "Unknown event type")).toEqual([]);
  });
});

describe("a search", () => {
  test("asks for the newest first, 50 a page, and keeps an order that is given", async () => {
    await tenant.data("auth0_list_logs");
    expect(tenant.requests.at(-1)?.query).toEqual({ page: "0", per_page: "50", sort: "date:-1" });
    await tenant.data("auth0_list_logs", { sort: "user_name:1" });
    expect(tenant.requests.at(-1)?.query["sort"]).toBe("user_name:1");
  });

  test.each([
    [{ q: "type:s OR type:f" }, "(type:s OR type:f)"],
    [{ types: ["fp", "fu"] }, '(type:"fp" OR type:"fu")'],
    [{ user_id: "auth0|1", q: "type:s" }, '(type:s) AND user_id:"auth0|1"'],
    [{ ip: "2001:db8::1" }, 'ip:"2001:db8::1"'],
    [{ client_id: 'a"b\\c', connection: "My (own)" }, 'client_id:"a\\"b\\\\c" AND connection:"My (own)"'],
    [{ since: "2026-05-01" }, "date:[2026-05-01T00:00:00.000Z TO *]"],
    [{ until: "2026-05-01" }, "date:[* TO 2026-05-01T23:59:59.999Z]"],
    [
      { since: "2026-05-01T10:00:00", until: "2026-05-01T13:00:00.5+02:00" },
      "date:[2026-05-01T10:00:00.000Z TO 2026-05-01T11:00:00.500Z]",
    ],
  ])("%j asks %s", async (args, expected) => {
    expect(await sentQuery(args)).toBe(expected);
  });

  test("finds only what meets every condition", async () => {
    const wanted = logged("fp", 60, { ip: "192.0.2.1", userId: 'auth0|o"brien\\' });
    logged("fp", 60, { ip: "192.0.2.2", userId: 'auth0|o"brien\\' });
    logged("s", 60, { ip: "192.0.2.1", userId: 'auth0|o"brien\\' });
    logged("fp", 86_400, { ip: "192.0.2.1", userId: 'auth0|o"brien\\' });
    const { logs } = await tenant.data("auth0_list_logs", {
      q: "type:fp OR type:s",
      types: ["fp", "fu"],
      ip: "192.0.2.1",
      user_id: 'auth0|o"brien\\',
      since: "2026-05-01",
      until: "2026-05-01",
    });
    expect(idsOf(asObjects(logs))).toEqual([wanted]);
  });

  test.each([
    [{ q: "type:s)" }, "q: has a parenthesis"],
    [{ q: "a) OR (b" }, "q: has a parenthesis"],
    [{ q: '"open' }, "q: has a parenthesis"],
    [{ q: "a\\" }, "q: has a parenthesis"],
    [{ q: "" }, "q"],
    [{ types: [] }, "types"],
    [{ types: ["fp OR s"] }, "types[0]"],
    [{ since: "yesterday" }, "since: must be a date"],
    [{ since: "2026-02-30" }, "since: must be a date"],
    [{ until: "2026-05-01T25:00:00Z" }, "until: must be a date"],
    [{ since: "2026-05-02", until: "2026-05-01" }, "until: lies before since"],
    [{ sort: "date" }, "sort: must be :1 or :-1"],
    [{ sort: "details:1" }, "sort: must be :1 or :-1"],
    [{ per_page: 0 }, "per_page"],
    [{ per_page: 101 }, "per_page"],
    [{ page: -1 }, "page"],
    [{ page: 10, per_page: 100 }, "page: page 10 of 100 a page ends beyond the 1000"],
    [{ page: 16, per_page: 60 }, "page: page 16 of 60 a page ends beyond the 1000"],
    [{ take: 10 }, "take: has no effect without from"],
    [{ from: "1", take: 0 }, "take"],
    [{ from: "1", take: 101 }, "take"],
    [{ from: "" }, "from"],
    [{ from: "1", q: "type:s", page: 0 }, "from: cannot be used with q, page"],
    [{ from: "1", types: ["s"] }, "from: cannot be used with types"],
    [{ from: "1", sort: "date:-1", since: "2026-05-01" }, "from: cannot be used with since, sort"],
    [{ search: "x" }, "unknown argument: search"],
  ])("refuses %j before anything is sent", async (args, message) => {
    const error = await tenant.error("auth0_list_logs", args);
    expect(error["code"]).toBe("invalid_arguments");
    expect(error["message"]).toContain(message);
    expect(tenant.requests).toEqual([]);
  });

  test("takes parentheses and quotes that are whole, or escaped", async () => {
    expect(await sentQuery({ q: 'description:"a (b" AND (type:s OR user_name:x\\))' })).toStartWith("(desc");
  });

  test("passes on what the API has against a query", async () => {
    const error = await tenant.error("auth0_list_logs", { q: "nosuchfield:1" });
    expect(error).toMatchObject({ code: "invalid_request", status: 400 });
  });

  test("needs read:logs, and says so", async () => {
    const limited = await startTenant({ scopes: ["read:clients"] });
    const error = await limited.error("auth0_list_logs");
    expect(error).toMatchObject({ code: "insufficient_scope", status: 403 });
    expect(error["hint"]).toContain("read:logs");
  });
});

describe("a walk through a search", () => {
  test.each([1, 3, 7, 30, 33, 50, 60, 64, 99, 100])(
    "at %d a page gives each of the first 1,000 results once, then names checkpoint mode",
    async (per_page) => {
      const newest = loggedMany(1_040);
      const page = Math.max(0, Math.floor(700 / per_page));
      const { items, answers } = await walk(tenant, "auth0_list_logs", "logs", {
        page,
        per_page,
        fields: ["log_id"],
      });
      expect(idsOf(items)).toEqual(newest.slice(page * per_page, 1_000));
      const notices = answers.map((answer) => asStrings(answer["notices"]).join());
      expect(notices.pop()).toMatch(/result 1000.*from = a log_id.*take/);
      expect(notices.filter((notice) => notice.includes("1000"))).toEqual([]);
      expect(tenant.requests.filter(({ query }) => reach(query) > 1_000)).toEqual([]);
    },
  );

  test.each([0, 1, 49, 50, 51, 100])(
    "of %d results ends where they end, without a word of a limit",
    async (count) => {
      const newest = loggedMany(count);
      const { items, answers } = await walk(tenant, "auth0_list_logs", "logs", { per_page: 50 });
      expect(idsOf(items)).toEqual(newest);
      expect(answers.flatMap((answer) => asStrings(answer["notices"]))).toEqual([]);
    },
  );

  test("gives every entry once although the budget cuts its pages, up to the limit", async () => {
    const description = "x".repeat(700);
    const newest = loggedMany(1_010, { description });
    const { items, answers } = await walk(tenant, "auth0_list_logs", "logs", { per_page: 100 });
    expect(idsOf(items)).toEqual(newest.slice(0, 1_000));
    expect(answers[0]?.["truncated"]).toBe(true);
    expect(answers.every((answer) => JSON.stringify(answer).length <= ANSWER_BUDGET)).toBe(true);
    expect(tenant.requests.filter(({ query }) => reach(query) > 1_000)).toEqual([]);
  });

  test("keeps its filters", async () => {
    const wanted = loggedMany(5, { ip: "192.0.2.7" });
    loggedMany(5, { ip: "192.0.2.8" });
    const { items } = await walk(tenant, "auth0_list_logs", "logs", { per_page: 2, ip: "192.0.2.7" });
    expect(idsOf(items)).toEqual(wanted);
  });

  /** The last result that a request asks for, counted from 1. */
  function reach(query: Readonly<Record<string, string>>): number {
    return (Number(query["page"]) + 1) * Number(query["per_page"]);
  }
});

describe("a walk from a checkpoint", () => {
  test.each([1, 4, 50, 100])(
    "by %d gives everything behind it once, oldest first, and ends",
    async (take) => {
      const oldest = loggedMany(30).reverse();
      const { items, answers } = await walk(tenant, "auth0_list_logs", "logs", {
        from: oldest[0] ?? "",
        take,
      });
      expect(idsOf(items)).toEqual(oldest.slice(1));
      expect(answers.at(-1)).toMatchObject({ logs: [], next: null });
      expect(asStrings(answers.at(-1)?.["notices"]).join()).toContain("Nothing is newer");
      expect(Object.keys(tenant.requests[0]?.query ?? {}).sort()).toEqual(["from", "take"]);
    },
  );

  test("has no ceiling, and takes 50 where nothing is said", async () => {
    const oldest = loggedMany(1_200).reverse();
    const { items, answers } = await walk(tenant, "auth0_list_logs", "logs", {
      from: oldest[0] ?? "",
      take: 100,
    });
    expect(items).toHaveLength(1_199);
    expect(answers[0]?.["next"]).toEqual({ from: oldest[100] ?? "", take: 100 });
    const { logs } = await tenant.data("auth0_list_logs", { from: oldest[0] ?? "" });
    expect(logs).toHaveLength(50);
  });

  test("gives every entry once although the budget cuts its pages", async () => {
    const oldest = loggedMany(150, { description: "y".repeat(900) }).reverse();
    const args = { from: oldest[0] ?? "", take: 100 };
    const { items, answers } = await walk(tenant, "auth0_list_logs", "logs", args);
    expect(idsOf(items)).toEqual(oldest.slice(1));
    expect(answers[0]?.["truncated"]).toBe(true);
  });

  test("goes on behind the last entry when the answer has no link", async () => {
    const entries = ["10", "11"].map((log_id) => ({ log_id, type: "s", date: "2026-05-01T00:00:00.000Z" }));
    const linkless = await startTenant({ intercept: () => Response.json(entries) });
    expect((await linkless.data("auth0_list_logs", { from: "9" }))["next"]).toEqual({ from: "11", take: 50 });
  });

  test("never follows an address: of the link only the checkpoint is used", async () => {
    const link = '<http://elsewhere.example/api/v2/logs?from=12&take=1>; rel="next"';
    const entries = [{ log_id: "11", type: "s" }];
    const linked = await startTenant({ intercept: () => Response.json(entries, { headers: { link } }) });
    expect((await linked.data("auth0_list_logs", { from: "9", take: 1 }))["next"]).toEqual({
      from: "12",
      take: 1,
    });
  });
});

describe("auth0_get_log", () => {
  test("gives the whole event, with the meaning of its type beside the code", async () => {
    const id = logged("seccft", 0, { details: { a: [1, 2] } });
    const answer = await tenant.data("auth0_get_log", { id });
    expect(answer).toMatchObject({
      log_id: id,
      type: "seccft",
      type_description: "Client credentials exchanged for an access token",
      details: { a: [1, 2] },
    });
    expect(answer["untrusted_fields"]).toContain("details");
    expect(await tenant.data("auth0_get_log", { id, fields: ["type"] })).toEqual({ type: "seccft" });
  });

  test("of an unknown event is the API's 404, and an id is one segment of the path", async () => {
    expect(await tenant.error("auth0_get_log", { id: "../clients" })).toMatchObject({
      code: "not_found",
      status: 404,
    });
    expect(tenant.requests.at(-1)?.path).toBe("/logs/..%2Fclients");
    expect((await tenant.error("auth0_get_log", { id: "" }))["code"]).toBe("invalid_arguments");
  });
});
