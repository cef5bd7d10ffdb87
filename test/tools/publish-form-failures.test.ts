import { beforeEach, describe, expect, test } from "bun:test";
import { unusedFormId } from "../../src/sandbox/seed/forms.ts";
import { type StartedTenant, startTenant, type TenantOptions } from "../support/tenant.ts";
import { publishing, RENDERING, TOOL } from "./publishing.ts";

let tenant: StartedTenant;
beforeEach(async () => {
  tenant = await startTenant({ seed: "demo" });
});

const { writes, action, bound } = publishing(() => tenant);

/** The same tenant, which answers some requests otherwise. */
async function disturbed(intercept: NonNullable<TenantOptions["intercept"]>): Promise<void> {
  tenant = await startTenant({ seed: "demo", intercept });
}

describe("a failure", () => {
  test("of an unknown form is the API's 404, with nothing changed", async () => {
    const error = await tenant.error(TOOL, { id: "ap_none" });
    expect(error).toMatchObject({ code: "not_found", status: 404, message: "Form not found" });
    expect(writes()).toEqual([]);
  });

  test("of a trigger that is bound by others comes before anything is changed", async () => {
    const trigger = "custom-email-provider";
    await action("Send", `a.prompt.render("${unusedFormId}")`, trigger);
    const { message } = await tenant.error(TOOL, { id: unusedFormId, trigger_id: trigger });
    expect(message).toContain("entity-bound trigger");
    expect(writes()).toEqual([]);
  });

  test("midway tells what is done and how to go on, and repeating the call goes on", async () => {
    const failures = [Response.json({ message: "The bindings are locked" }, { status: 400 })];
    await disturbed(({ method, path }) =>
      method === "PATCH" && path.endsWith("/bindings") ? failures.shift() : undefined,
    );
    const error = await tenant.error(TOOL, { id: unusedFormId });
    expect(error).toMatchObject({ code: "invalid_request", status: 400 });
    expect(error["message"]).toMatch(
      /^The bindings are locked\. Done so far: Created action .* Deployed its draft\.$/,
    );
    expect(error["hint"]).toContain("repeating the call goes on from there");
    const again = await tenant.data(TOOL, { id: unusedFormId });
    expect(again).toMatchObject({ action: { created: false }, bound: true, changed: true });
    expect(writes().filter((write) => write === "POST /actions/actions")).toHaveLength(1);
    expect(writes().filter((write) => write.endsWith("/deploy"))).toHaveLength(1);
  });

  test("of the build is told with its reasons", async () => {
    await action("Ask for terms", `${RENDERING} }`);
    const { code, message, hint } = await tenant.error(TOOL, { id: unusedFormId });
    expect(code).toBe("build_failed");
    expect(message).toContain("SyntaxError");
    expect(hint).toContain("auth0_update_action");
    expect(bound()).toHaveLength(1);
  });

  test("for lack of a scope of a later step comes before the first", async () => {
    const limited = await startTenant({ scopes: ["read:forms", "read:actions", "create:actions"] });
    const { code, message } = await limited.error(TOOL, { id: unusedFormId });
    expect(code).toBe("insufficient_scope");
    expect(message).toContain("update:actions");
    expect(limited.requests).toEqual([]);
  });

  test.each([
    { id: "" },
    { id: "x".repeat(31) },
    { id: "ap_1", trigger_id: "Post Login" },
    { id: "ap_1", action: "x" },
  ])("of the arguments %j comes before anything is sent", async (args) => {
    expect((await tenant.error(TOOL, args))["code"]).toBe("invalid_arguments");
    expect(tenant.requests).toEqual([]);
  });
});
