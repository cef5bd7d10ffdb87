import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Json, JsonObject } from "../../src/lib/json.ts";
import { ANSWER_BUDGET, fit, fitRequests } from "../../src/policy/budget.ts";
import { CUT, size } from "../../src/policy/cut.ts";
import { ListAnswer, type ToolAnswer } from "../../src/tools/answers.ts";
import { selectFields } from "../../src/tools/item.ts";
import { checkpointList, offsetList } from "../../src/tools/paging.ts";
import { unmarked } from "../support/cut-text.ts";

const fitted = (answer: ToolAnswer) => fit(answer, "auth0_get_thing");

/** Items that say which they are, of the sizes given. */
function makeItems(sizes: readonly number[]): JsonObject[] {
  return sizes.map((bytes, index) => ({ number: index, text: "é".repeat(bytes / 2) }));
}

interface Page {
  readonly page: number;
  readonly per_page: number;
}

/** One answer of a tool that pages by number, as a model sees it. */
function offsetPage(items: readonly JsonObject[], { page, per_page }: Page, tellsTotal: boolean): JsonObject {
  const shown = items.slice(page * per_page, (page + 1) * per_page);
  const total = tellsTotal ? items.length : undefined;
  return fitted(offsetList({ key: "things", items: shown, page, perPage: per_page, total })).data;
}

/** The same for one that pages by checkpoint, where the checkpoint is the number of the last item seen. */
function checkpointPage(
  items: readonly JsonObject[],
  { from, take }: { from: string; take: number },
): JsonObject {
  const start = from === "" ? 0 : Number(from) + 1;
  const shown = items.slice(start, start + take);
  const next = start + take < items.length ? String(start + take - 1) : undefined;
  const checkpointAfter = (item: JsonObject) => String(item["number"]);
  return fitted(checkpointList({ key: "things", items: shown, take, next, checkpointAfter })).data;
}

/** Walks by `next` as a model does, merging it into the arguments, and returns the numbers of all items seen. */
function walk<T extends object>(first: T, call: (args: T) => JsonObject): Json[] {
  const seen: Json[] = [];
  let args = first;
  for (let calls = 0; calls < 2_000; calls++) {
    const data = call(args);
    expect(size(data)).toBeLessThanOrEqual(ANSWER_BUDGET);
    const things = data["things"];
    if (!Array.isArray(things)) throw new Error("no list");
    for (const thing of things) seen.push(Object(thing)["number"]);
    if (data["next"] === null) return seen;
    args = { ...args, ...Object(data["next"]) };
  }
  throw new Error("the walk does not end");
}

const itemSize = fc.oneof(
  { weight: 6, arbitrary: fc.nat(1_500) },
  { weight: 2, arbitrary: fc.nat(12_000) },
  { weight: 1, arbitrary: fc.integer({ min: 28_000, max: 120_000 }) },
);

const itemSizes = fc.array(itemSize, { maxLength: 130, size: "max" });

describe("walking by next gives every item exactly once", () => {
  test("page by page, whatever the sizes", () => {
    const cases = fc.record({
      sizes: itemSizes,
      per_page: fc.integer({ min: 1, max: 100 }),
      total: fc.boolean(),
    });
    fc.assert(
      fc.property(cases, ({ sizes, per_page, total }) => {
        const items = makeItems(sizes);
        const seen = walk<Page>({ page: 0, per_page }, (args) => offsetPage(items, args, total));
        expect(seen).toEqual(items.map(({ number }) => number ?? null));
      }),
      { numRuns: 150 },
    );
  }, 30_000);

  test.each([0, 1, 2, 30, 52, 59])("in a few calls, though item %d alone is large", (large) => {
    const items = makeItems(Array.from({ length: 60 }, (_, number) => (number === large ? 40_000 : 200)));
    let calls = 0;
    const seen = walk<Page>({ page: 0, per_page: 50 }, (args) => {
      calls++;
      return offsetPage(items, args, true);
    });
    expect(seen).toHaveLength(60);
    expect(calls).toBeLessThanOrEqual(8);
  });

  test("by checkpoint, whatever the sizes", () => {
    fc.assert(
      fc.property(itemSizes, fc.integer({ min: 1, max: 100 }), (sizes, take) => {
        const items = makeItems(sizes);
        const seen = walk({ from: "", take }, (args) => checkpointPage(items, args));
        expect(seen).toEqual(items.map(({ number }) => number ?? null));
      }),
      { numRuns: 150 },
    );
  }, 30_000);
});

describe("a list", () => {
  const list = (items: JsonObject[], next: JsonObject | null = null) =>
    new ListAnswer("things", items, {
      total: 7,
      next,
      resume: (most) => ({ kept: most, next: { page: most } }),
    });

  test("that fits is left alone", () => {
    expect(fitted(list([{ a: 1 }]))).toEqual({
      data: { things: [{ a: 1 }], total: 7, next: null },
      notices: [],
    });
  });

  test("that does not says so in three ways", () => {
    const { data, notices } = fitted(list(makeItems([12_000, 12_000, 12_000]), { page: 1 }));
    expect(data).toMatchObject({ total: 7, truncated: true, next: { page: 2 } });
    expect(data["things"]).toHaveLength(2);
    expect(notices).toEqual([
      "Only 2 of the 3 items asked for fit into one answer; next goes on behind them.",
    ]);
  });

  test("whose first item is too large shows that item cut, and goes on behind it", () => {
    const { data, notices } = fitted(list(makeItems([60_000, 10])));
    expect(data).toMatchObject({
      truncated: true,
      next: { page: 1 },
      things: [{ number: 0, truncated: true }],
    });
    expect(notices.join()).toContain("text is cut: ");
    expect(notices.join()).toContain('fields: ["text"], offset: ');
  });

  test("of one item that is too large ends where the list ends", () => {
    expect(fitted(list(makeItems([60_000]))).data).toMatchObject({ next: null, truncated: true });
    expect(fitted(list(makeItems([60_000]), { page: 9 })).data).toMatchObject({ next: { page: 9 } });
  });

  test("a long checkpoint is counted as well", () => {
    const from = "c".repeat(3_000);
    const items = makeItems(Array.from({ length: 40 }, () => 1_000));
    const long = new ListAnswer("things", items, {
      next: { from },
      resume: (kept) => ({ kept, next: { from } }),
    });
    expect(size(fitted(long).data)).toBeLessThanOrEqual(ANSWER_BUDGET - 4_096);
  });
});

describe("an object", () => {
  test("that fits is left alone", () => {
    expect(fitted({ id: "1", code: "x" })).toEqual({ data: { id: "1", code: "x" }, notices: [] });
  });

  test("keeps its small members, and reading on by offset gives the whole text", () => {
    const code = "const a = '😀é\n';\n".repeat(6_000);
    let read = "";
    for (let calls = 0; read.length < code.length; calls++) {
      const { data, notices } = fitted({ id: "1", code: code.slice(read.length) });
      expect(data["id"]).toBe("1");
      const part = unmarked(data["code"]);
      read += part;
      if (read.length < code.length) {
        expect(data["truncated"]).toBe(true);
        expect(notices.join()).toContain(`offset: ${part.length}`);
      }
      expect(calls).toBeLessThan(20);
    }
    expect(read).toBe(code);
  });

  test("that no tool shows in full is told to be cut, and not how to read on", () => {
    const { notices } = fit({ id: "1", code: "x".repeat(90_000) }, undefined);
    expect(notices).toEqual([expect.stringMatching(/^code is cut: \d+ of 90000 characters\. No tool here/)]);
  });

  test("with several large members shows the beginning of each", () => {
    const { data, notices } = fitted({
      id: "1",
      a: "x".repeat(90_000),
      b: Array.from({ length: 900 }, () => "y".repeat(100)),
      c: { d: "z".repeat(90_000) },
    });
    expect(data["id"]).toBe("1");
    expect(String(data["a"]).length).toBeGreaterThan(8_000);
    expect(Object(data["b"]).length).toBeGreaterThan(50);
    expect(JSON.stringify(data["c"])).toContain(CUT);
    expect(notices).toHaveLength(3);
    expect(notices.join()).toMatch(/c\.d is cut: \d+ of 90000 characters\..*fields: \["c\.d"\], offset: \d+/);
  });

  test("with very many large members names some of them", () => {
    const { notices } = fitted(
      Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`member_${index}`, "x".repeat(5_000)])),
    );
    expect(notices).toHaveLength(5);
    expect(notices[4]).toContain("and 46 more");
  });

  test("whatever it is, it fits and its notices are short", () => {
    const name = fc.oneof(
      fc.string({ maxLength: 8 }),
      fc.string({ minLength: 200, maxLength: 40_000, size: "max" }),
    );
    const text = fc
      .tuple(fc.nat(60_000), fc.constantFrom("a", "é", "😀", "\u0001", "\ud800"))
      .map(([count, unit]) => unit.repeat(count));
    const member = fc.oneof(
      text,
      fc.array(text, { maxLength: 3 }),
      fc.dictionary(name, text, { maxKeys: 3 }),
      fc.integer(),
      fc.constant(null),
    );
    const small = fc
      .integer({ min: 0, max: 4_000 })
      .map((count) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`m${at}`, at])));
    fc.assert(
      fc.property(fc.oneof(fc.dictionary(name, member, { maxKeys: 8, size: "max" }), small), (object) => {
        const { data, notices } = fitted(object);
        expect(size(data)).toBeLessThanOrEqual(ANSWER_BUDGET - 4_096);
        expect(size([...notices])).toBeLessThan(3_000);
        if (size(object) > ANSWER_BUDGET) expect(data["truncated"]).toBe(true);
      }),
      { numRuns: 60 },
    );
  }, 30_000);
});

/** A get tool that answers with this object, as a model sees it. */
function get(object: JsonObject, fields?: readonly string[], offset?: number) {
  const { data, notices } = fitted(selectFields(object, fields, offset));
  expect(size(data)).toBeLessThanOrEqual(ANSWER_BUDGET);
  return { data, told: notices.flatMap(readNotice) };
}

/** The call that a notice advises. */
function readNotice(notice: string): { fields: string[]; offset: number | undefined }[] {
  const [, name, offset] = /fields: \[("(?:[^"\\]|\\.)*")\](?:, offset: (\d+))?\.$/.exec(notice) ?? [];
  return name === undefined
    ? []
    : [{ fields: [JSON.parse(name)], offset: offset === undefined ? undefined : Number(offset) }];
}

/** Every text of a value by its place. */
function textsOf(value: Json, place = ""): [string, string][] {
  if (typeof value === "string") return [[place, value]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    textsOf(inner, place === "" ? name : `${place}.${name}`),
  );
}

describe("what is cut at some depth", () => {
  const version = { number: 3, code: "const a = 1;\n".repeat(7_000), dependencies: [] };

  test("is named as fields takes it, and read on from where it was cut", () => {
    const { data, told } = get({ id: "a", code: "x".repeat(50_000), deployed_version: version });
    const shown = String(Object(data["deployed_version"])["code"]);
    expect(shown).toEndWith(CUT);
    const [first] = told.filter(({ fields }) => fields[0] === "deployed_version.code");
    expect(first?.offset).toBe(shown.length - CUT.length);
    expect(version.code.startsWith(shown.slice(0, -CUT.length))).toBe(true);
  });

  test("reads on to its end by the calls that the notices advise", () => {
    const object = { id: "a", deployed_version: version };
    let [next] = get(object).told;
    let read = version.code.slice(0, next?.offset);
    for (let calls = 0; next !== undefined && calls < 20; calls++) {
      const { data, told } = get(object, next.fields, next.offset);
      const part = unmarked(Object(data["deployed_version"])["code"]);
      expect(Object.keys(Object(data["deployed_version"]))).toEqual(["code"]);
      read += part;
      [next] = told;
    }
    expect(read).toBe(version.code);
  });

  test("in a list keeps its position, also behind an offset", () => {
    const node = (id: string) => ({ id, config: { text: id.repeat(20_000) } });
    const form = { id: "f", nodes: ["a", "b", "c", "d"].map(node) };
    expect(get(form).told.map(({ fields }) => fields[0])).toEqual(["nodes"]);
    const { told } = get({ id: "f", nodes: form.nodes.map((one) => ({ ...one, more: one.config.text })) });
    expect(told.map(({ fields }) => fields[0])).toEqual(["nodes", "nodes.0.config.text", "nodes.0.more"]);
    const long = { nodes: [node("a"), { id: "b", config: { text: "y".repeat(90_000) } }] };
    expect(get(long, ["nodes"], 1).told).toEqual([
      { fields: ["nodes.1.config.text"], offset: expect.any(Number) },
    ]);
    const { data } = get(long, ["nodes.1.id", "nodes.0.id"]);
    expect(data).toEqual({ nodes: [{ id: "a" }, { id: "b" }] });
  });

  test("of several fields is cut in each of them", () => {
    const form = { nodes: [{ id: "a" }, { config: { text: "y".repeat(90_000) } }], css: "z".repeat(90_000) };
    const { data, told } = get(form, ["nodes.1.config", "css"]);
    expect(data["truncated"]).toBe(true);
    expect(told.map(({ fields }) => fields[0])).toEqual(["nodes.1.config.text", "css"]);
    expect(data["nodes"]).toMatchObject([null, { config: { text: expect.stringContaining(CUT) } }]);
  });

  test("whatever the object, every text in it can be read to its end", () => {
    const text = fc
      .tuple(fc.nat(50_000), fc.constantFrom("a", "é", "😀"))
      .map(([count, unit]) => unit.repeat(count));
    const name = fc.stringMatching(/^[a-z]{1,6}(\.[a-z]{1,3})?$/);
    const { node } = fc.letrec<{ node: Json }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        text,
        fc.array(tie("node"), { maxLength: 4 }),
        fc.dictionary(name, tie("node"), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(name, node, { maxKeys: 4 }), (object) => {
        const texts = textsOf(object);
        // Where two ways read the same, the one that is a member's own name wins.
        fc.pre(new Set(texts.map(([place]) => place)).size === texts.length);
        for (const [place, whole] of texts) {
          let read = "";
          for (let calls = 0; read.length < whole.length && calls < 40; calls++) {
            const { data } = get(object, [place], read.length);
            const [part] = textsOf(data).filter(([, value]) => value !== "");
            read += unmarked(part?.[1] ?? "");
          }
          expect({ place, read: read === whole }).toEqual({ place, read: true });
        }
      }),
      { numRuns: 60 },
    );
  }, 30_000);
});

describe("the requests of a dry run", () => {
  test("are all told, and only long values are cut", () => {
    const create = {
      method: "POST",
      path: "/api/v2/actions/actions",
      body: { name: "a", code: "x".repeat(90_000) },
    };
    const deploy = { method: "POST", path: "/api/v2/actions/actions/<new 1>/deploy" };
    const { data, notices } = fitRequests([create, deploy]);
    expect(size(data)).toBeLessThanOrEqual(ANSWER_BUDGET);
    expect(data).toMatchObject({
      dry_run: true,
      requests: [{ path: create.path, body: { name: "a" } }, deploy],
    });
    expect(notices).toEqual([
      "Long values are cut in this answer only: the requests would carry them whole.",
    ]);
  });

  test("that fit are told whole", () => {
    expect(fitRequests([{ method: "DELETE", path: "/api/v2/x" }])).toEqual({
      data: { dry_run: true, requests: [{ method: "DELETE", path: "/api/v2/x" }] },
      notices: [],
    });
    expect(fitRequests([])).toEqual({ data: { dry_run: true, requests: [] }, notices: [] });
  });
});
