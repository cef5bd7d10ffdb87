import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Json, JsonObject } from "../../src/lib/json.ts";
import { path } from "../../src/management/path.ts";
import { ANSWER_BUDGET } from "../../src/policy/budget.ts";
import { size } from "../../src/policy/cut.ts";
import { WITHHELD } from "../../src/policy/withholding.ts";
import { ListAnswer } from "../../src/tools/answers.ts";
import { selectFields } from "../../src/tools/item.ts";
import { unmarked } from "../support/cut-text.ts";
import { memoryTenant, testPipeline, testTool } from "./harness.ts";

const CANARY = "canary-secret-9182";

const answering = (answer: JsonObject | ListAnswer, untrusted: readonly string[] = []) =>
  testPipeline(testTool({ untrusted, run: async () => answer }));

const list = (items: readonly JsonObject[]) =>
  new ListAnswer("things", items, { next: null, resume: (kept) => ({ kept, next: { from: String(kept) } }) });

describe("secrets", () => {
  test("are withheld in objects and lists, and the person is told which", async () => {
    expect(await answering({ client_id: "c", client_secret: CANARY, note: `was ${CANARY}` }).data()).toEqual({
      client_id: "c",
      client_secret: WITHHELD,
      note: `was ${WITHHELD}`,
      notices: ["Secret values were withheld: client_secret, note."],
    });
    expect(await answering(list([{ signing_secret: CANARY }, { text: CANARY }])).data()).toMatchObject({
      things: [{ signing_secret: WITHHELD }, { text: WITHHELD }],
    });
  });

  test("a secret is gone before a text is cut, so no half of it stays at the edge", async () => {
    for (let before = 28_500; before < 28_760; before += 7) {
      const { data, redactor } = answering({ code: `${"x".repeat(before)}${CANARY}${"y".repeat(9_000)}` });
      redactor.register(CANARY);
      expect(JSON.stringify(await data())).not.toContain("canary");
    }
  });

  test("the same for what a dry run would send, old values included", async () => {
    const { send } = memoryTenant(() => ({
      signing_secret: `old-${CANARY}`,
      secrets: [{ name: "A", value: "old12" }],
    }));
    const tool = testTool({
      kind: "update",
      run: async ({ api }) =>
        Object(await api.patch(path`/x`, { signing_secret: CANARY, secrets: [{ name: "B", value: "v1" }] })),
    });
    const { data } = testPipeline(tool, { send });
    expect(await data({ dry_run: true })).toMatchObject({
      requests: [
        {
          body: { signing_secret: WITHHELD, secrets: [{ name: "B", value: WITHHELD }] },
          changes: {
            signing_secret: { from: WITHHELD, to: WITHHELD },
            secrets: { from: [{ name: "A", value: WITHHELD }], to: [{ name: "B", value: WITHHELD }] },
          },
        },
      ],
    });
  });

  test("what a tool says passes the same way", async () => {
    const { data, redactor } = testPipeline(
      testTool({
        run: async ({ notice }) => {
          notice(`\u202eset to ${CANARY}`);
          return {};
        },
      }),
    );
    redactor.register(CANARY);
    expect(await data()).toEqual({ notices: [`set to ${WITHHELD}`] });
  });

  test("an argument that is a secret is known in the tenant's error", async () => {
    const tool = testTool({ kind: "create", run: () => Promise.reject(Object.assign(new Error(CANARY))) });
    const { call, logged } = testPipeline(tool);
    const outcome = await call({ settings: { client_secret: CANARY } });
    expect(JSON.stringify(outcome)).not.toContain(CANARY);
    expect(logged.join("\n")).not.toContain(CANARY);
  });
});

describe("reading on in a member", () => {
  const pem = `-----BEGIN PRIVATE KEY-----\n${"MIIE".repeat(400)}\n-----END PRIVATE KEY-----`;
  const code = `const a = "${CANARY}";\n${"x".repeat(30_000)}${CANARY}${"y".repeat(30_000)}${pem} end`;

  const from = (offset: number) => {
    const { data, redactor } = testPipeline(
      testTool({
        name: "auth0_get_code",
        run: async () => selectFields({ id: "1", code }, ["code"], offset),
      }),
    );
    redactor.register(CANARY);
    return data();
  };

  test("gives the whole text piece by piece, each secret withheld as a whole", async () => {
    let read = "";
    for (let calls = 0; calls < 10; calls++) {
      const data = await from(read.length);
      read += unmarked(data["code"]);
      if (data["truncated"] !== true) break;
      expect(JSON.stringify(data["notices"])).toContain(`offset: ${read.length}.`);
    }
    const rest = `${"x".repeat(30_000)}${WITHHELD}${"y".repeat(30_000)}`;
    expect(read).toBe(`const a = "${WITHHELD}";\n${rest}${WITHHELD} end`);
  });

  test("no position shows a part of a secret", async () => {
    for (let offset = 0; offset < 40; offset++)
      expect((await from(offset))["code"]).not.toContain("secret-9182");
    for (let offset = 60_000; offset < 61_800; offset += 50) {
      expect((await from(offset))["code"]).not.toContain("MIIE");
    }
  });
});

describe("untrusted text", () => {
  test("is named where the answer has it, and stripped of what steers", async () => {
    const { data } = answering(list([{ user_agent: "a\u202eb", ip: "1.1.1.1" }]), ["user_agent", "details"]);
    expect(await data()).toEqual({
      things: [{ user_agent: "ab", ip: "1.1.1.1" }],
      next: null,
      untrusted_fields: ["user_agent"],
    });
  });

  test("a text that only looks like a member is none", async () => {
    const { data } = answering({ text: '"details": 1, \\"details\\":' }, ["details"]);
    expect(await data()).not.toHaveProperty("untrusted_fields");
  });
});

describe("notices", () => {
  test("each stands once, in order", async () => {
    const tool = testTool({
      run: async ({ notice }) => {
        for (const text of ["b", "a", "b"]) notice(text);
        return {};
      },
    });
    expect(await testPipeline(tool).data()).toEqual({ notices: ["b", "a"] });
  });

  test("a great many of them are told as far as they fit", async () => {
    const tool = testTool({
      run: async ({ notice }) => {
        for (let count = 0; count < 2_000; count++)
          notice(`This is notice number ${count} and says something.`);
        return { code: "x".repeat(100_000) };
      },
    });
    const data = await testPipeline(tool).data();
    expect(size(data)).toBeLessThanOrEqual(ANSWER_BUDGET);
    expect(JSON.stringify(data["notices"])).toMatch(/"\d+ notices more do not fit\."\]$/);
  });

  test("many withheld names are not all told", async () => {
    const secrets = Object.fromEntries(
      Array.from({ length: 100 }, (_, index) => [`${"long_name_".repeat(20)}${index}_token`, CANARY]),
    );
    const data = await answering(secrets).data();
    expect(JSON.stringify(data["notices"])).toContain("and 88 more");
    expect(size(data)).toBeLessThanOrEqual(ANSWER_BUDGET);
  });
});

describe("the budget", () => {
  const text = fc
    .tuple(fc.nat(3_000), fc.constantFrom("a", "é", "😀", "\u0001", '"', "\ud800"))
    .map(([count, unit]) => unit.repeat(count));
  const key = fc.oneof(
    fc.string({ maxLength: 10 }),
    fc.constantFrom("client_secret", "description", "a_token", "notices", "next"),
  );
  const { node } = fc.letrec<{ node: Json }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 3 },
      text,
      fc.integer(),
      fc.constant(null),
      fc.array(tie("node")),
      fc.dictionary(key, tie("node")),
    ),
  }));
  const item = fc.dictionary(key, node, { maxKeys: 6, size: "max" });

  test("no answer is longer, whatever the tool returned", async () => {
    const answer = fc.oneof(item, fc.array(item, { maxLength: 60, size: "max" }).map(list));
    await fc.assert(
      fc.asyncProperty(answer, async (value) => {
        const outcome = await answering(value, ["description"]).call();
        expect(outcome.ok).toBe(true);
        expect(size(outcome.data)).toBeLessThanOrEqual(ANSWER_BUDGET);
        expect(JSON.stringify(outcome)).not.toMatch(/[\u0000-\u001f]/);
      }),
      { numRuns: 150 },
    );
  }, 30_000);

  test("what cannot be made to fit is an error and no long answer", async () => {
    const endless = new ListAnswer("things", [{ a: 1 }, { a: "x".repeat(40_000) }], {
      next: null,
      resume: () => ({ kept: 1, next: { from: "c".repeat(40_000) } }),
    });
    expect(await answering(endless).error()).toMatchObject({ code: "answer_too_large" });
  });
});
