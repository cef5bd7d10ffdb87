import { expect, test } from "bun:test";
import { type FinishedCall, observed } from "../../src/policy/observed.ts";
import { testPipeline, testTool } from "./harness.ts";

/** A pipeline over two tools, watched under a clock that moves by seven at each look. */
function watched() {
  const calls: FinishedCall[] = [];
  let time = 0;
  const failing = testTool({
    name: "auth0_fails",
    run: async () => {
      throw new Error("defect");
    },
  });
  const { pipeline } = testPipeline([testTool(), failing]);
  const now = () => {
    time += 7;
    return time;
  };
  return { calls, pipeline: observed(pipeline, (call) => calls.push(call), now) };
}

const signal = new AbortController().signal;

test("a call that succeeds and one that fails are told once each, without what was asked and answered", async () => {
  const { calls, pipeline } = watched();
  const outcome = await pipeline.call("auth0_test", { id: "canary" }, { signal, client: "Zed" });
  expect(outcome).toMatchObject({ ok: true });
  expect(await pipeline.call("auth0_fails", {}, { signal })).toMatchObject({ ok: false });
  expect(calls).toEqual([
    { tool: "auth0_test", client: "Zed", success: true, milliseconds: 7 },
    { tool: "auth0_fails", client: undefined, success: false, milliseconds: 7 },
  ]);
});

test("a name that no tool has is not told", async () => {
  const { calls, pipeline } = watched();
  expect(await pipeline.call("auth0_canary", {}, { signal })).toBeUndefined();
  expect(calls).toEqual([]);
});

test("a cancelled call is told as one that did not succeed, and stays cancelled", async () => {
  const { calls, pipeline } = watched();
  const withdrawn = pipeline.call("auth0_test", {}, { signal: AbortSignal.abort() });
  await expect(withdrawn).rejects.toMatchObject({ code: "cancelled" });
  expect(calls).toEqual([{ tool: "auth0_test", client: undefined, success: false, milliseconds: 7 }]);
});
