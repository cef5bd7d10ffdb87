import { describe, expect, test } from "bun:test";
import { asObjects, asStrings } from "../../src/lib/json.ts";
import { startTenant } from "../support/tenant.ts";

describe("an answer", () => {
  const entry = { log_id: "1", type: "s", user_name: "ana@example.com" };
  const shapes: readonly (readonly [string, () => Response])[] = [
    ["an object without entries", () => Response.json({})],
    ["a text", () => Response.json("hello")],
    ["nothing", () => new Response(null, { status: 204 })],
    ["entries that are none", () => Response.json(["a"])],
    ["an envelope of something else", () => Response.json({ logs: {}, total: 1 })],
    ["an error in place of entries", () => Response.json({ message: "no" })],
  ];

  test.each(shapes)("that is %s is no empty success, in either mode", async (_, answer) => {
    const odd = await startTenant({ intercept: answer });
    for (const args of [{}, { from: "9" }]) {
      expect((await odd.error("auth0_list_logs", args))["code"]).toBe("unexpected_answer");
    }
  });

  test("in an envelope is read as what it is", async () => {
    const envelope = { logs: [entry], start: 0, limit: 50, length: 1, total: 1 };
    for (const body of [envelope, { logs: [entry] }, [entry]]) {
      const wrapped = await startTenant({ intercept: () => Response.json(body) });
      const { logs, next } = await wrapped.data("auth0_list_logs");
      expect(asObjects(logs)).toMatchObject([entry]);
      expect(next).toBeNull();
      expect(asObjects((await wrapped.data("auth0_list_logs", { from: "9" }))["logs"])).toMatchObject([
        entry,
      ]);
    }
  });

  test("says which of the fields asked for no entry has", async () => {
    const odd = await startTenant({ intercept: () => Response.json([entry]) });
    const { notices } = await odd.data("auth0_list_logs", { fields: ["user_nmae", "type_description"] });
    expect(asStrings(notices).join()).toContain("no item of this list has user_nmae:");
  });
});
