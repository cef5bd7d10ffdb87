import { beforeEach, describe, expect, test } from "bun:test";
import { asStrings } from "../../src/lib/json.ts";
import { unusedFormId } from "../../src/sandbox/seed/forms.ts";
import { type StartedTenant, startTenant } from "../support/tenant.ts";
import { publishing, RENDERING, TOOL } from "./publishing.ts";

let tenant: StartedTenant;
beforeEach(async () => {
  tenant = await startTenant({ seed: "demo" });
});

const { writes, action } = publishing(() => tenant);

describe("a form that is named where it may be rendered or not", () => {
  const SECRET = "api.prompt.render(event.secrets.OTHER)";
  test.each([
    ["in a text, while another form is rendered", `console.log("${unusedFormId}"); ${SECRET};`],
    ["as a constant", `const FORM = "${unusedFormId}"; api.prompt.render(FORM);`],
    ["through call", `api.prompt.render.call(api.prompt, "${unusedFormId}");`],
    ["through bind", `api.prompt.render.bind(api.prompt, "${unusedFormId}")();`],
  ])("%s, stops the call, with the action and what to do about it", async (_, body) => {
    const id = await action("Perhaps", `exports.onExecutePostLogin = async (event, api) => { ${body} };`);
    for (const dry_run of [true, false]) {
      const { code, message, hint } = await tenant.error(TOOL, { id: unusedFormId, dry_run });
      expect(code).toBe("conflict");
      expect(message).toContain(`"Perhaps" (${id})`);
      expect(message).toContain(`api.prompt.render("${unusedFormId}")`);
      expect(hint).toContain("auth0_update_action");
      expect(hint).toContain("auth0_create_action");
    }
    expect(writes()).toEqual([]);
    await tenant.data("auth0_update_action", { id, code: RENDERING });
    expect(await tenant.data(TOOL, { id: unusedFormId })).toMatchObject({ action: { id, created: false } });
  });

  test("by the version that is deployed stops it as well", async () => {
    const id = await action("Perhaps", `const FORM = "${unusedFormId}";`);
    await tenant.data("auth0_deploy_action", { id });
    await tenant.data("auth0_update_action", { id, code: "exports.onExecutePostLogin = async () => {};" });
    tenant.requests.length = 0;
    expect((await tenant.error(TOOL, { id: unusedFormId }))["message"]).toContain(`"Perhaps" (${id})`);
    expect(writes()).toEqual([]);
  });

  test("beside an action that clearly renders it is told", async () => {
    const id = await action("Ask for terms", RENDERING);
    await action("Look", `exports.onContinuePostLogin = async (e) => e.prompt.id === "${unusedFormId}";`);
    const answer = await tenant.data(TOOL, { id: unusedFormId });
    expect(answer).toMatchObject({ action: { id, created: false } });
    expect(asStrings(answer["notices"]).join()).toMatch(/may render it as well: "Look"/);
  });

  test.each([
    ["a division behind ++", "i++ / 2;"],
    ["a pattern behind a condition", "if (a) /'/.test(b);"],
  ])("and clearly rendered behind %s is taken for what it is", async (_, before) => {
    const code = `exports.onExecutePostLogin = async (event, api) => { ${before} api.prompt.render("${unusedFormId}"); };`;
    const id = await action("Ask for terms", code);
    expect(await tenant.data(TOOL, { id: unusedFormId })).toMatchObject({ action: { id, created: false } });
  });
});
