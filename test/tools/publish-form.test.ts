import { beforeEach, describe, expect, test } from "bun:test";
import { asObject, asObjects, asString, asStrings, type JsonObject } from "../../src/lib/json.ts";
import { renderedFormId, unusedFormId } from "../../src/sandbox/seed/forms.ts";
import { type StartedTenant, startTenant } from "../support/tenant.ts";
import { watch } from "./interrupted.ts";
import { publishing, RENDERING, TOOL } from "./publishing.ts";

let tenant: StartedTenant;
beforeEach(async () => {
  tenant = await startTenant({ seed: "demo" });
});

const { writes, action, bound } = publishing(() => tenant);

describe("a form that no action renders", () => {
  test("gets an action that is deployed and bound behind what runs already", async () => {
    const before = bound();
    const answer = await tenant.data(TOOL, { id: unusedFormId });
    const created = asObject(answer["action"]);
    const id = asString(created?.["id"]) ?? "";
    expect(answer).toMatchObject({
      form_id: unusedFormId,
      trigger_id: "post-login",
      action: { name: `Render form ${unusedFormId} on post-login`, created: true },
      deployed: true,
      bound: true,
      changed: true,
    });
    expect(asStrings(answer["steps"])).toHaveLength(3);
    expect(writes()).toEqual([
      "POST /actions/actions",
      `POST /actions/actions/${id}/deploy`,
      "PATCH /actions/triggers/post-login/bindings",
    ]);
    expect(bound().slice(0, -1)).toEqual(before);
    expect(bound().at(-1)).toMatchObject({ actionId: id });
    expect(await tenant.data("auth0_get_action", { id })).toMatchObject({
      supported_triggers: [{ id: "post-login", version: "v3" }],
      runtime: "node22",
      all_changes_deployed: true,
    });
  });

  test("is told that the default trigger is used, and that the form is always shown", async () => {
    const notices = asStrings((await tenant.data(TOOL, { id: unusedFormId }))["notices"]).join("\n");
    expect(notices).toContain("trigger_id was not given: post-login is used");
    expect(notices).toContain("whenever post-login runs");
    const chosen = await tenant.data(TOOL, { id: renderedFormId, trigger_id: "post-login" });
    expect(chosen["notices"]).toBeUndefined();
  });

  test("is published once, also by two calls at the same time", async () => {
    const before = bound().length;
    const answers = await Promise.all([1, 2].map(() => tenant.data(TOOL, { id: unusedFormId })));
    expect(answers.map((answer) => answer["changed"])).toEqual([true, false]);
    expect(bound()).toHaveLength(before + 1);
  });

  test("and another at the same time are both bound", async () => {
    const { id } = await tenant.data("auth0_create_form", { name: "Second" });
    const before = bound().length;
    const ids = [unusedFormId, asString(id) ?? ""];
    const answers = await Promise.all(ids.map((form) => tenant.data(TOOL, { id: form })));
    const actions = answers.map((answer) => asString(asObject(answer["action"])?.["id"]) ?? "");
    expect(
      bound()
        .slice(before)
        .map(({ actionId }) => actionId),
    ).toEqual(actions);
  });

  test("is published once: a second call changes nothing", async () => {
    const first = await tenant.data(TOOL, { id: unusedFormId });
    const after = bound();
    tenant.requests.length = 0;
    const second = await tenant.data(TOOL, { id: unusedFormId });
    expect(writes()).toEqual([]);
    expect(bound()).toEqual(after);
    expect(second).toMatchObject({ deployed: true, bound: true, changed: false });
    expect(second["action"]).toEqual({ ...asObject(first["action"]), created: false });
  });

  test("can be published on another trigger that renders forms", async () => {
    const args = { id: unusedFormId, trigger_id: "password-reset-post-challenge" };
    await tenant.data(TOOL, { id: unusedFormId });
    await tenant.data(TOOL, args);
    expect(bound("password-reset-post-challenge")).toHaveLength(1);
    const made = tenant.requests.filter(({ path }) => path === "/actions/actions").at(-1)?.body;
    expect(made?.["code"]).toContain("exports.onExecutePostChallenge");
    expect(await tenant.data(TOOL, args)).toMatchObject({ changed: false });
  });

  test("on a trigger of which it is not known how it renders forms needs an action first", async () => {
    const args = { id: unusedFormId, trigger_id: "pre-user-registration" };
    const { code, message, hint } = await tenant.error(TOOL, args);
    expect(code).toBe("invalid_arguments");
    expect(message).toContain("post-login and password-reset-post-challenge only");
    expect(hint).toContain("auth0_create_action");
    expect(writes()).toEqual([]);
    await action(
      "Ask",
      `exports.onExecutePreUserRegistration = (e, a) => a.prompt.render("${unusedFormId}")`,
      args.trigger_id,
    );
    expect(await tenant.data(TOOL, args)).toMatchObject({
      action: { name: "Ask", created: false },
      bound: true,
    });
  });
});

describe("a form that an action renders", () => {
  test("and that is published in full changes nothing", async () => {
    const answer = await tenant.data(TOOL, { id: renderedFormId });
    expect(answer).toMatchObject({
      action: { name: "Complete profile after login", created: false },
      changed: false,
    });
    expect(writes()).toEqual([]);
  });

  test("is deployed and bound where only that is missing", async () => {
    const id = await action("Ask for terms", RENDERING);
    const before = bound();
    const answer = await tenant.data(TOOL, { id: unusedFormId });
    expect(answer).toMatchObject({ action: { id, name: "Ask for terms", created: false }, changed: true });
    expect(writes()).toEqual([
      `POST /actions/actions/${id}/deploy`,
      "PATCH /actions/triggers/post-login/bindings",
    ]);
    expect(bound().slice(0, -1)).toEqual(before);
    expect(bound().at(-1)).toMatchObject({ actionId: id, displayName: "Ask for terms" });
  });

  test("is deployed again when its draft has changed, and stays bound where it is", async () => {
    await tenant.data(TOOL, { id: unusedFormId });
    const [, made] = bound();
    const before = bound();
    await tenant.data("auth0_update_action", { id: made?.actionId ?? "", code: `${RENDERING} // changed` });
    tenant.requests.length = 0;
    expect(await tenant.data(TOOL, { id: unusedFormId })).toMatchObject({ changed: true });
    expect(writes()).toEqual([`POST /actions/actions/${made?.actionId}/deploy`]);
    expect(bound()).toEqual(before);
  });

  test("keeps all of a long list of bindings, in order and with their names", async () => {
    const { state } = tenant.sandbox;
    const [first] = state.bindings.get("post-login") ?? [];
    if (first === undefined) throw new Error("the demo tenant binds nothing");
    const many = Array.from({ length: 130 }, (_, number) => ({
      ...first,
      id: `binding-${number}`,
      displayName: `Step ${number}`,
    }));
    state.bindings.set("post-login", many);
    await tenant.data(TOOL, { id: unusedFormId });
    expect(bound().map(({ id }) => id)).toEqual([...many.map(({ id }) => id), bound().at(-1)?.id ?? ""]);
    expect(
      bound()
        .map(({ displayName }) => displayName)
        .slice(0, 130),
    ).toEqual(many.map(({ displayName }) => displayName));
  });

  /** The bindings as a tenant gives them that tells neither their number nor the size of its pages. */
  function untold(count: number, shown: (page: number, size: number) => readonly [number, number]) {
    return startTenant({
      seed: "demo",
      intercept({ method, path, query }) {
        if (method !== "GET" || !path.endsWith("/bindings")) return undefined;
        const [from, to] = shown(Number(query["page"]), Number(query["per_page"]));
        const numbers = Array.from({ length: count }, (_, number) => number).slice(from, to);
        return Response.json({
          bindings: numbers.map((number) => ({ id: `binding-${number}`, display_name: `Step ${number}` })),
        });
      },
    });
  }

  test.each([1, 7, 13, 20])(
    "keeps all of them where a tenant gives %d at most and tells no number",
    async (most) => {
      for (const count of [1, 20, 33]) {
        tenant = await untold(count, (page, size) => {
          const given = Math.min(size, most);
          return [page * given, (page + 1) * given];
        });
        const { requests } = await tenant.data(TOOL, { id: renderedFormId, dry_run: true });
        const sent = asObjects(asObject(asObjects(requests).at(-1)?.["body"])?.["bindings"]);
        expect(sent.map((item) => asObject(item["ref"])?.["value"]).slice(0, -1)).toEqual(
          Array.from({ length: count }, (_, number) => `binding-${number}`),
        );
      }
    },
  );

  test("is not bound where the same bindings come for every page", async () => {
    tenant = await untold(5, () => [0, 5]);
    expect((await tenant.error(TOOL, { id: renderedFormId }))["code"]).toBe("unexpected_answer");
    expect(writes()).toEqual([]);
    expect(tenant.requests.length).toBeLessThan(10);
  });

  test("is found among more actions than one page holds", async () => {
    for (let number = 0; number < 101; number++) await action(`Filler ${number}`, "");
    const id = await action("Last", RENDERING);
    expect(await tenant.data(TOOL, { id: unusedFormId })).toMatchObject({ action: { id, created: false } });
  });

  test("by more than one action is refused with their names", async () => {
    const first = await action("One", RENDERING);
    const second = await action("Two", RENDERING);
    const { code, message } = await tenant.error(TOOL, { id: unusedFormId });
    expect(code).toBe("conflict");
    expect(message).toContain(`"One" (${first})`);
    expect(message).toContain(`"Two" (${second})`);
    expect(writes()).toEqual([]);
  });

  test("as deployed, but no longer in the draft, is refused", async () => {
    const id = await action("Ask for terms", RENDERING);
    await tenant.data(TOOL, { id: unusedFormId });
    await tenant.data("auth0_update_action", { id, code: "exports.onExecutePostLogin = async () => {};" });
    tenant.requests.length = 0;
    const { code, message } = await tenant.error(TOOL, { id: unusedFormId });
    expect(code).toBe("conflict");
    expect(message).toContain("its draft does not");
    expect(writes()).toEqual([]);
  });

  test("under an id that is not in the code is named as not considered", async () => {
    await action("By secret", "exports.onExecutePostLogin = (e, api) => api.prompt.render(e.secrets.FORM);");
    const { notices } = await tenant.data(TOOL, { id: unusedFormId, dry_run: true });
    expect(asStrings(notices).join()).toMatch(/Not considered.*"By secret"/);
  });
});

describe("a dry run", () => {
  test("shows the whole plan and sends nothing that changes anything", async () => {
    const before = bound();
    const { requests } = await tenant.data(TOOL, { id: unusedFormId, dry_run: true });
    const [create, deploy, bind] = asObjects(requests);
    expect(create).toMatchObject({ method: "POST", path: "/api/v2/actions/actions" });
    expect(JSON.stringify(create)).toContain(unusedFormId);
    expect(deploy).toMatchObject({ method: "POST" });
    expect(String(deploy?.["path"])).toMatch(/^\/api\/v2\/actions\/actions\/.*\/deploy$/);
    expect(bind).toMatchObject({ method: "PATCH", path: "/api/v2/actions/triggers/post-login/bindings" });
    expect(asObjects(asObject(bind?.["body"])?.["bindings"]).map((item) => item["ref"])).toEqual([
      { type: "binding_id", value: before[0]?.id ?? "" },
      { type: "action_id", value: "<new 1>" },
    ]);
    expect(tenant.requests.every(({ method }) => method === "GET")).toBe(true);
    expect(bound()).toEqual(before);
  });

  test("of what is published shows that nothing would change", async () => {
    const answer = await tenant.data(TOOL, { id: renderedFormId, dry_run: true });
    expect(answer["requests"]).toEqual([]);
    expect(asStrings(answer["notices"])).toContain("Nothing would be changed.");
  });
});

describe("while it runs", () => {
  test("it reports its steps", async () => {
    const { progress } = await watch(tenant, TOOL, { id: unusedFormId });
    const steps = [
      "Looking for",
      "Creating",
      "Waiting for the build",
      "Deploying",
      "Waiting for the deployment",
      "Binding",
    ];
    const places = steps.map((step) => progress.findIndex((text) => text.startsWith(step)));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  const stops: [string, (sent: readonly string[], pausing: boolean) => boolean, RegExp][] = [
    ["before it creates", (sent) => sent.length === 1, /^GET \/forms\//],
    ["behind the creation", (sent) => sent.at(-1) === "POST /actions/actions", /^POST \/actions\/actions$/],
    ["while it waits for the build", (_, pausing) => pausing, /^GET \/actions\/actions\/[^/]+$/],
    ["behind the deployment", (sent) => sent.at(-1)?.endsWith("/deploy") === true, /\/deploy$/],
  ];
  test.each(stops)(
    "a call withdrawn %s sends nothing further, and can be repeated",
    async (_, withdrawAt, last) => {
      const stopped = await watch(tenant, TOOL, { id: unusedFormId }, withdrawAt);
      expect(stopped.outcome).toBe("cancelled");
      expect(stopped.sent.at(-1)).toMatch(last);
      expect(bound()).toHaveLength(1);
      const answer: JsonObject = await tenant.data(TOOL, { id: unusedFormId });
      expect(answer).toMatchObject({ deployed: true, bound: true });
      expect(tenant.sandbox.state.actions.size).toBe(4);
    },
  );
});
