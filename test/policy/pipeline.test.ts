import { describe, expect, test } from "bun:test";
import { AppError, cancelledError } from "../../src/lib/errors.ts";
import type { Json } from "../../src/lib/json.ts";
import { path } from "../../src/management/path.ts";
import { CUT } from "../../src/policy/cut.ts";
import { WITHHELD } from "../../src/policy/withholding.ts";
import type { WriteContext } from "../../src/tools/define.ts";
import { SteppingClock } from "../lib/stepping-clock.ts";
import { clientOf } from "../management/harness.ts";
import { memoryTenant, testPipeline, testTool, tokensWith } from "./harness.ts";

const signal = new AbortController().signal;

describe("which calls run at all", () => {
  test("a name that no exposed tool has is not answered", async () => {
    const tools = [testTool({ name: "auth0_list" }), testTool({ name: "auth0_create", kind: "create" })];
    const { pipeline } = testPipeline(tools, { readOnly: true });
    for (const name of ["auth0_nothing", "auth0_create", "", "constructor", "__proto__"]) {
      expect(await pipeline.call(name, {}, { signal })).toBeUndefined();
    }
    expect(await pipeline.call("auth0_list", {}, { signal })).toEqual({
      ok: true,
      data: { done: true },
      text: '{"done":true}',
    });
  });

  test.each([
    [{ unknown: 1 }, "unknown argument: unknown"],
    [{ id: 5 }, "id: "],
    [{ settings: [] }, "settings: "],
  ])(
    "arguments that are not what the tool declares (%j) are refused before anything is sent",
    async (args, message) => {
      const { sent, send } = memoryTenant();
      const { error } = testPipeline(
        testTool({ kind: "create", run: ({ api }) => api.post(path`/clients`).then(() => ({})) }),
        { send },
      );
      const answer = await error(args);
      expect(answer).toMatchObject({ code: "invalid_arguments", message: expect.stringContaining(message) });
      expect(sent).toEqual([]);
    },
  );

  test("a call that is cancelled already is not begun", async () => {
    let ran = false;
    const tool = testTool({
      run: async () => {
        ran = true;
        return {};
      },
    });
    await expect(testPipeline(tool).call({}, AbortSignal.abort())).rejects.toMatchObject({
      code: "cancelled",
    });
    expect(ran).toBe(false);
  });
});

describe("scopes", () => {
  const create = testTool({
    kind: "create",
    scopes: ["read:clients", "create:clients"],
    run: async ({ api }) => Object(await api.post(path`/clients`, {})),
  });

  test("a lacking one is told before the first step", async () => {
    const { sent, send } = memoryTenant();
    const { error } = testPipeline(create, { send, tokens: tokensWith(["read:clients"]) });
    expect(await error()).toMatchObject({ code: "insufficient_scope", hint: "Grant create:clients." });
    expect(sent).toEqual([]);
  });

  test("a dry run needs none to write", async () => {
    const { data } = testPipeline(create, { tokens: tokensWith([]) });
    expect(await data({ dry_run: true })).toMatchObject({ dry_run: true, requests: [{ method: "POST" }] });
  });

  test("what the tenant refuses is advised with the tool's own scopes", async () => {
    const refuse = () => {
      throw new AppError({
        code: "insufficient_scope",
        status: 403,
        message: "Insufficient scope",
        scopes: ["update:client_keys", "create:clients"],
      });
    };
    const { error } = testPipeline(create, { send: memoryTenant(refuse).send });
    expect(await error()).toMatchObject({ status: 403, hint: "Grant create:clients." });
  });
});

describe("a reading tool", () => {
  const attempts: [string, (context: WriteContext) => Promise<unknown>][] = [
    ["POST", ({ api }) => api.post(path`/clients`, {})],
    ["PATCH", ({ api }) => api.patch(path`/clients/${"c"}`, {})],
    ["PUT", ({ api }) => api.put(path`/clients/${"c"}`, {})],
    ["DELETE", ({ api }) => api.delete(path`/clients/${"c"}`)],
  ];
  test.each(attempts)("cannot send %s, even if its code tries", async (_, attempt) => {
    const { sent, send } = memoryTenant();
    const { error } = testPipeline(testTool({ run: async (context) => Object(await attempt(context)) }), {
      send,
    });
    expect(await error()).toMatchObject({ code: "read_only" });
    expect(sent).toEqual([]);
  });

  test("reads, and does not take dry_run", async () => {
    const { sent, send } = memoryTenant(() => ({ name: "Shop" }));
    const { data, error } = testPipeline(
      testTool({ run: async ({ api }) => Object(await api.get(path`/clients/${"c"}`)) }),
      { send },
    );
    expect(await data()).toEqual({ name: "Shop" });
    expect(sent).toHaveLength(1);
    expect(await error({ dry_run: true })).toMatchObject({
      code: "invalid_arguments",
      message: "unknown argument: dry_run",
    });
  });
});

describe("dry_run", () => {
  const update = testTool({
    kind: "update",
    run: async ({ api, waitUntil }) => {
      await api.patch(path`/clients/${"c"}`, { name: "New" });
      await waitUntil({ poll: () => api.get(path`/clients/${"c"}`), done: () => false, what: "nothing" });
      return { really: true };
    },
  });

  test("sends reads only, does not wait, and answers what would be sent", async () => {
    const { sent, send } = memoryTenant(() => ({ name: "Old" }));
    const { data, clock } = testPipeline(update, { send });
    expect(await data({ dry_run: true })).toEqual({
      dry_run: true,
      requests: [
        {
          method: "PATCH",
          path: "/api/v2/clients/c",
          body: { name: "New" },
          changes: { name: { from: "Old", to: "New" } },
        },
      ],
      notices: ["Nothing was changed: these requests were not sent."],
    });
    expect(sent.map(({ method }) => method)).toEqual(["GET"]);
    expect(clock.sleeps).toEqual([]);
  });

  test("false is a plain call", async () => {
    const { sent, send } = memoryTenant();
    const plain = testTool({
      kind: "update",
      run: async ({ api }) => Object(await api.patch(path`/clients/${"c"}`, {})),
    });
    await testPipeline(plain, { send }).data({ dry_run: false });
    expect(sent.map(({ method }) => method)).toEqual(["PATCH"]);
  });

  test.each([["true"], [1], [null], [{}], [[true]]])(
    "%j is neither, and nothing is sent",
    async (dry_run) => {
      const { sent, send } = memoryTenant();
      expect(await testPipeline(update, { send }).error({ dry_run })).toMatchObject({
        code: "invalid_arguments",
        message: "dry_run: must be true or false.",
      });
      expect(sent).toEqual([]);
    },
  );
});

describe("placeholders", () => {
  test.each([
    [{ settings: { client_secret: WITHHELD } }, "settings: holds the placeholder of a withheld secret."],
    [
      { settings: { deep: [{ a: `x ${WITHHELD} y` }] } },
      "settings: holds the placeholder of a withheld secret.",
    ],
    [{ id: WITHHELD, dry_run: true }, "id: holds the placeholder of a withheld secret."],
    [{ settings: { html: `<p>half${CUT}` } }, "settings: holds the placeholder of a text that was cut."],
  ])("%j is never written back", async (args, message) => {
    const { sent, send } = memoryTenant();
    const { error } = testPipeline(
      testTool({ kind: "update", run: ({ api }) => api.patch(path`/x`, {}).then(() => ({})) }),
      { send },
    );
    expect(await error(args)).toMatchObject({ code: "invalid_arguments", message });
    expect(sent).toEqual([]);
  });
});

test("a member that JavaScript would lose is refused", async () => {
  const settings: Json = JSON.parse('{"a":[{"__proto__":"v"}],"text":"\\"__proto__\\":1"}');
  expect(await testPipeline(testTool()).error({ settings })).toEqual({
    code: "invalid_arguments",
    message: "settings: a member cannot be called __proto__.",
  });
  expect(await testPipeline(testTool()).data({ settings: { text: '"__proto__":1' } })).toEqual({
    done: true,
  });
});

describe("characters that are not shown", () => {
  const args = { settings: { name: "Pay\u202epal" } };
  const notices = [expect.stringContaining("characters that are not shown")];

  test("are told where they would be sent, and where they are", async () => {
    const writing = testTool({ kind: "create", run: ({ api }) => api.post(path`/x`, {}).then(() => ({})) });
    for (const dry_run of [true, false]) {
      expect((await testPipeline(writing).data({ ...args, dry_run }))["notices"]).toEqual(
        dry_run ? [...notices, expect.any(String)] : notices,
      );
    }
  });

  test("are not told of a call that sends nothing, nor are those of ordinary text", async () => {
    expect(await testPipeline(testTool()).data(args)).toEqual({ done: true });
    const plain = { settings: { name: "می\u200cخواهم 👩‍👩‍👧\n" } };
    expect(await testPipeline(testTool({ kind: "create" })).data(plain)).toEqual({ done: true });
  });
});

test("secrets of arguments that are refused are not remembered", async () => {
  const { error, redactor } = testPipeline(testTool());
  expect(await error({ password: "native" })).toMatchObject({ code: "invalid_arguments" });
  expect(redactor.text("native")).toBe("native");
});

test("arguments that no walk can get through are refused before anything looks into them", async () => {
  const settings: Json = JSON.parse(`${'{"a":['.repeat(5_000)}1${"]}".repeat(5_000)}`);
  const { error } = testPipeline(testTool());
  expect(await error({ settings })).toEqual({
    code: "invalid_arguments",
    message: "The arguments are nested in more than 200 levels.",
  });
});

describe("how a call ends", () => {
  const failing = (error: unknown) => testPipeline(testTool({ run: () => Promise.reject(error) }));

  test("a failure of the tenant is an answer", async () => {
    const { error } = failing(new AppError({ code: "not_found", message: "gone", status: 404 }));
    expect(await error()).toEqual({ code: "not_found", message: "gone", status: 404 });
  });

  test("a defect is an answer without its text, which the log keeps", async () => {
    const { error, logged } = failing(new TypeError("secret path /home/me"));
    expect(await error()).toMatchObject({ code: "internal_error" });
    expect(JSON.stringify(await error())).not.toContain("/home");
    expect(logged.join("\n")).toContain("secret path /home/me");
  });

  test("a result that is no JSON is a defect, and not half an answer", async () => {
    const circular: Record<string, unknown> = {};
    circular["self"] = circular;
    expect(await testPipeline(testTool({ run: async () => Object(circular) })).error()).toMatchObject({
      code: "internal_error",
    });
  });

  test.each([
    ["a timeout", new AppError({ code: "timeout", message: "x" })],
    ["a cancellation", cancelledError()],
    ["a defect", new Error("x")],
  ])("a cancelled call ends as such, even if it threw %s", async (_, error) => {
    const controller = new AbortController();
    const tool = testTool({
      run: async () => {
        controller.abort();
        throw error;
      },
    });
    await expect(testPipeline(tool).call({}, controller.signal)).rejects.toMatchObject({
      code: "cancelled",
    });
  });

  test("a call that is cancelled sends nothing more", async () => {
    const controller = new AbortController();
    const { sent, send } = memoryTenant();
    const tool = testTool({
      kind: "create",
      run: async ({ api }) => {
        await api.post(path`/first`, {});
        controller.abort();
        await api.post(path`/second`, {});
        return {};
      },
    });
    await expect(testPipeline(tool, { send }).call({}, controller.signal)).rejects.toMatchObject({
      code: "cancelled",
    });
    expect(sent.map((request) => String(request.path))).toEqual(["/first"]);
  });

  test("neither arguments nor answers are logged", async () => {
    const { call, logged } = testPipeline(testTool({ run: async () => ({ answer: "canary-answer" }) }));
    await call({ id: "canary-id", settings: { a: "canary-setting" } });
    await call({ wrong: "canary-wrong" });
    expect(logged).toEqual([
      'call {"tool":"auth0_test","ok":true}',
      'call {"tool":"auth0_test","ok":false,"code":"invalid_arguments"}',
    ]);
  });
});

describe("progress", () => {
  test("is told without secrets, hidden characters and length", async () => {
    const tool = testTool({
      run: async ({ progress }) => {
        progress(`\u202eworking with canary-secret ${"x".repeat(500)}`);
        return {};
      },
    });
    const { pipeline, redactor } = testPipeline(tool);
    redactor.register("canary-secret");
    const steps: string[] = [];
    await pipeline.call("auth0_test", {}, { signal, progress: (step) => steps.push(step) });
    expect(steps).toHaveLength(1);
    expect(steps[0]).toStartWith(`working with ${WITHHELD} xxx`);
    expect(steps[0]?.length).toBe(200);
  });

  test("all waits of a call together end in time for its client", async () => {
    const tool = testTool({
      kind: "deploy",
      run: async ({ waitUntil }) => {
        let polls = 0;
        await waitUntil({ poll: async () => ++polls, done: (count) => count === 20, what: "the build" });
        return waitUntil({ poll: async () => ({}), done: () => false, what: "the deployment" });
      },
    });
    const { error, clock } = testPipeline(tool);
    const began = clock.now();
    expect(await error({})).toMatchObject({
      code: "timeout",
      message: expect.stringContaining("deployment"),
    });
    expect(clock.now() - began).toBeGreaterThan(40_000);
    expect(clock.now() - began).toBeLessThanOrEqual(45_000);
  });

  test("all requests of a call share the time for being repeated", async () => {
    const clock = new SteppingClock();
    let sent = 0;
    // Every request is refused once, with nine seconds to wait.
    const transport = async () =>
      ++sent % 2 === 1
        ? new Response("{}", { status: 429, headers: { "retry-after": "9" } })
        : Response.json({ page: sent });
    const walk = testTool({
      run: async ({ api }) => {
        for (let page = 0; page < 12; page++) await api.get(path`/clients/${String(page)}`);
        return {};
      },
    });
    const { error } = testPipeline(walk, { send: clientOf({ fetch: transport, clock }) });
    expect(await error({})).toMatchObject({ code: "rate_limited", retry_after: 9 });
    expect(clock.sleeps).toHaveLength(2);
  });

  test("waiting reports it, and stops when the call is cancelled", async () => {
    const controller = new AbortController();
    const tool = testTool({
      kind: "deploy",
      run: async ({ waitUntil }) =>
        waitUntil({ poll: async () => ({}), done: () => false, what: "the build" }),
    });
    const { pipeline } = testPipeline(tool);
    const call = pipeline.call(
      "auth0_test",
      {},
      { signal: controller.signal, progress: () => controller.abort() },
    );
    await expect(call).rejects.toMatchObject({ code: "cancelled" });
  });
});
